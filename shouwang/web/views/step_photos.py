"""Pictures of a step: added on the page of the lead or case, opened one by one, each opening in the log."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from shouwang.casework.models import Event
from shouwang.foundation.errors import UserError
from shouwang.households import step_photos
from shouwang.households.models import StepPhoto
from shouwang.organisation import roles

from ..access import account_of, needs, scope_of, seen_or_404
from ..middleware import writing


@require_POST
@needs(roles.SEE_LEADS, roles.SEE_CASES)
def add(request: HttpRequest, event_id: int) -> HttpResponse:
    """Takes one JPEG; place, device and time are taken out of it before it is kept."""
    event = Event.objects.select_related("lead", "case").filter(pk=event_id).first()
    proceeding = (event.case or event.lead) if event is not None else None
    if event is None or proceeding is None or not scope_of(request).contains(proceeding.region_code):
        raise Http404
    upload = request.FILES.get("photo")
    try:
        if upload is None:
            raise UserError("没有收到照片", next_step="请选一张照片。")
        if (upload.size or 0) > settings.APP_PHOTO_BYTES:
            limit = settings.APP_PHOTO_BYTES // 1024
            raise UserError("照片太大", next_step=f"一张不超过 {limit:,} KB，请缩小后再传。")
        step_photos.attach(event=event, content=upload.read(), by=account_of(request), now=timezone.now())
        messages.success(request, "照片已加密保存，拍摄地点和设备等信息已去掉。")
    except UserError as error:
        messages.error(request, str(error))
    return redirect("case" if event.case_id else "lead", proceeding.number)


@require_GET
@needs(roles.SEE_LEADS, roles.SEE_CASES)
def photo(request: HttpRequest, photo_id: str) -> HttpResponse:
    """The picture itself; kept by no browser."""
    rows = StepPhoto.objects.select_related("event__lead", "event__case")
    try:
        number = uuid.UUID(photo_id)
    except ValueError:
        raise Http404 from None
    shown = seen_or_404(rows, scope_of(request), pk=number)
    with writing():
        content = step_photos.opened(photo=shown, by=account_of(request))
    answer = HttpResponse(content, content_type="image/jpeg")
    answer["Content-Disposition"] = f'inline; filename="{shown.kind}-{shown.pk.hex[:8]}.jpg"'
    answer["Cache-Control"] = "no-store"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
