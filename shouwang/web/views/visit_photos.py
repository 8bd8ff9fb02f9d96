"""Pictures of a visit, opened one by one from the household's page, each opening in the log."""

from __future__ import annotations

import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from shouwang.households.models import Photo
from shouwang.households.visits import photos
from shouwang.organisation import roles

from ..access import account_of, needs, scope_of, seen_or_404
from ..middleware import writing


@require_GET
@needs(roles.SEE_HOUSEHOLDS)
def photo(request: HttpRequest, photo_id: str) -> HttpResponse:
    """The picture itself; kept by no browser."""
    try:
        number = uuid.UUID(photo_id)
    except ValueError:
        raise Http404 from None
    rows = Photo.objects.select_related("visit__household").filter(visit__undone_at=None)
    shown = seen_or_404(rows, scope_of(request), pk=number)
    with writing():
        content = photos.shown(photo=shown, by=account_of(request))
    answer = HttpResponse(content, content_type="image/jpeg")
    answer["Content-Disposition"] = f'inline; filename="visit-{shown.pk.hex[:8]}.jpg"'
    answer["Cache-Control"] = "no-store"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
