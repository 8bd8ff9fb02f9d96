"""Whether somebody may change accounts, units or staff of a place; asked by every action, whatever page or command calls it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shouwang.foundation.errors import NotPermittedError

from .scope import Scope

if TYPE_CHECKING:
    from .models import Account


def require(by: Account | None, permission: str, *region_codes: str) -> None:
    """Raises NotPermittedError unless ``by`` holds the permission and sees all of every place.

    ``None`` is the command line on the server itself: whoever works there holds the database anyway.
    """
    if by is None:
        return
    if not by.may(permission):
        raise NotPermittedError("您的角色不能做这件事", next_step="请联系县级管理员。")
    scope = Scope.of(by)
    for code in region_codes:
        if not code or not scope.contains(code):
            raise NotPermittedError("您的账号看不到这个区域", next_step="请选择本辖区内的区域。")
