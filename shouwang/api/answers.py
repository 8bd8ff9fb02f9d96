"""How the machine interface answers: JSON, sentences for people, and to a phone that was revoked one word and nothing else."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.views.csrf import csrf_failure as csrf_page
from django.views.decorators.cache import never_cache

from shouwang.foundation.errors import ConflictError, NotPermittedError, UserError
from shouwang.households.visits.devices import RevokedError

from . import signing_in
from .signing_in import SignedOutError

WIPE = {"wipe": True}
_LARGEST = 4 * 1024 * 1024


def answer(*, method: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """A view that returns plain values; what a person can mend comes back as a sentence with its status.

    Whoever needs to know who asks says so by ``signing_in.account_of`` or ``signing_in.device_of``.
    """

    def decorate(view: Callable[..., Any]) -> Callable[..., Any]:
        @login_not_required
        @never_cache
        @wraps(view)
        def answering(request: HttpRequest, *arguments: Any, **names: Any) -> HttpResponse:
            if request.method != method:
                return failed("没有这个入口", status=405)
            try:
                said = JsonResponse(view(request, *arguments, **names), json_dumps_params={"ensure_ascii": False})
                return signing_in.put(request, said)
            except SignedOutError as error:
                return told(error, 401)
            except RevokedError:
                return JsonResponse(WIPE)
            except NotPermittedError as error:
                return told(error, 403)
            except ConflictError as error:
                return told(error, 409)
            except UserError as error:
                return told(error, 400)

        return answering

    return decorate


def content(request: HttpRequest) -> dict[str, Any]:
    """The JSON object that was sent. Raises UserError."""
    if len(request.body) > _LARGEST:
        raise UserError("一次传得太多", next_step="请分几次传。")
    try:
        found = json.loads(request.body)
    except (ValueError, RecursionError):
        raise UserError("收到的内容不是 JSON", next_step="请更新手机上的程序。") from None
    if not isinstance(found, dict):
        raise UserError("收到的内容不是一组键值", next_step="请更新手机上的程序。")
    return found


def told(error: UserError, status: int) -> HttpResponse:
    return failed(error.message, error.next_step, place=error.place, status=status)


def failed(message: str, next_step: str = "", *, place: str = "", status: int) -> HttpResponse:
    said = {"error": {"message": message, "place": place, "next_step": next_step}}
    return JsonResponse(said, status=status, json_dumps_params={"ensure_ascii": False})


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponseBase:
    """A page for pages, a sentence for the app."""
    if request.path.startswith("/api/"):
        return failed("安全校验没有通过", "请重新打开程序再传，记录都还在。", status=403)
    return csrf_page(request, reason)
