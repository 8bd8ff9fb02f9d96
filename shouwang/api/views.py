"""What the offline app asks for and sends; see docs/reference/rooms.md, “api”."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt, ensure_csrf_cookie

from shouwang import policy
from shouwang.foundation.errors import UserError
from shouwang.households.models import Device
from shouwang.households.visits import devices, phone_sessions, pictures, receiving
from shouwang.households.visits import packet as packets
from shouwang.households.visits.reading import identifier
from shouwang.jobs import clock

from . import signing_in
from .answers import WIPE, answer, content
from .signing_in import account_of, device_of


@ensure_csrf_cookie
@answer(method="GET")
def state(request: HttpRequest) -> dict[str, Any]:
    """Whether the phone may keep what it carries. Answers without a session too: an account that was closed has none."""
    code = identifier(request.GET.get("device"), "device")
    device = Device.objects.select_related("account").filter(code=code).first()
    if devices.must_empty(device):
        return WIPE
    now, is_kept = timezone.now(), signing_in.is_of(request, device)
    if is_kept and device is not None:
        is_kept = signing_in.prolong(request, device)
    return {
        "wipe": False,
        "signed_in": request.user.is_authenticated or signing_in.is_of(request, device),
        "by_password": request.user.is_authenticated,
        "is_kept": is_kept,
        "is_registered": device is not None,
        "expires_at": packets.expires_at(now).isoformat(),
        "day": clock.today().isoformat(),
        "server_time": now.isoformat(),
    }


@answer(method="POST")
def device(request: HttpRequest) -> dict[str, Any]:
    """Binds a phone to the account that has signed in with its password; from here on the phone is signed in by itself."""
    sent = content(request)
    label = sent.get("label")
    now = timezone.now()
    known = devices.register(
        code=identifier(sent.get("device"), "device"),
        label=label if isinstance(label, str) else "",
        by=account_of(request, is_by_password=True),
        now=now,
    )
    signing_in.keep_signed_in(request, known)
    return {
        "wipe": False,
        "signed_in": True,
        "is_kept": True,
        "is_registered": True,
        "expires_at": packets.expires_at(now).isoformat(),
    }


@answer(method="POST")
def leave(request: HttpRequest) -> dict[str, Any]:
    """Whoever holds the phone gives it up: neither session nor token opens anything from here on."""
    code = identifier(content(request).get("device"), "device")
    known = Device.objects.select_related("account").filter(code=code).first()
    if known is not None and (signing_in.is_of(request, known) or request.user == known.account):
        phone_sessions.end(device=known)
    signing_in.forget(request)
    logout(request)
    return {"done": True}


@csrf_exempt
@answer(method="POST")
def wiped(request: HttpRequest) -> dict[str, Any]:
    """The phone says that it has emptied itself. It carries no session any more; only a phone that had to is believed."""
    code = identifier(content(request).get("device"), "device")
    known = Device.objects.select_related("account").filter(code=code).first()
    if known is not None:
        devices.emptied(device=known, now=timezone.now())
        signing_in.forget(request)
    return {"done": True}


@ensure_csrf_cookie
@answer(method="GET")
def packet(request: HttpRequest) -> dict[str, Any]:
    """The village's packet; nothing of any other village, whatever is asked for."""
    by = account_of(request)
    known = device_of(request, identifier(request.GET.get("device"), "device"), is_to_fetch=True)
    signing_in.prolong(request, known)
    return packets.packet(device=known, by=by, now=timezone.now(), today=clock.today(), policies=policy.load())


@answer(method="POST")
def outbox(request: HttpRequest) -> dict[str, Any]:
    """Takes records in, each for itself; answers in their order."""
    by = account_of(request)
    sent = content(request)
    known = device_of(request, identifier(sent.get("device"), "device"))
    records = sent.get("records")
    if not isinstance(records, list):
        raise UserError("没有“records”", next_step="请更新手机上的程序。")
    if len(records) > receiving.MOST:
        raise UserError(f"一次最多 {receiving.MOST} 条，现有 {len(records)} 条", next_step="请分几次传。")
    now = timezone.now()
    results = receiving.take(records=records, by=by, device=known, now=now, today=clock.today(), policies=policy.load())
    return {"results": [one.plain() for one in results], "server_time": now.isoformat(), "wipe": False}


@answer(method="POST")
def photo(request: HttpRequest) -> dict[str, Any]:
    """A picture of a visit or step; whatever is not the picture is taken out before it is kept."""
    by = account_of(request)
    known = device_of(request, identifier(request.POST.get("device"), "device"))
    upload = request.FILES.get("photo")
    if upload is None:
        raise UserError("没有收到照片")
    if (upload.size or 0) > settings.APP_PHOTO_BYTES:
        raise UserError("照片太大", next_step="手机会自动缩小，请重拍一张。")
    result = pictures.keep(
        number=identifier(request.POST.get("id"), "id"),
        record=identifier(request.POST.get("record"), "record"),
        content=upload.read(),
        region_code=known.region_code,
        by=by,
        now=timezone.now(),
    )
    return {"id": request.POST.get("id"), "result": result}
