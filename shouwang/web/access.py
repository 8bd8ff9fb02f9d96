"""Who may open a page, and which rows it is about: one permission per view, one region predicate for everything."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase

from shouwang.organisation.models import Account
from shouwang.organisation.scope import Scope

Rows = TypeVar("Rows", bound=Model)
View = Callable[..., HttpResponseBase]


def needs(*permissions: str) -> Callable[[View], View]:
    """Lets an account in that has one of the permissions; anybody else gets the page that says so (403)."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *arguments: Any, **names: Any) -> HttpResponseBase:
            if not any(map(account_of(request).may, permissions)):
                raise PermissionDenied
            return view(request, *arguments, **names)

        return guarded

    return decorate


def account_of(request: HttpRequest) -> Account:
    """Whoever is signed in; the sign-in middleware lets nobody else through."""
    assert isinstance(request.user, Account)
    return request.user


def scope_of(request: HttpRequest) -> Scope:
    """What the account of this request may see."""
    return Scope.of(request.user)


def seen_or_404(rows: QuerySet[Rows], scope: Scope, field: str = "region_code", **lookup: Any) -> Rows:
    """The one row that fits and lies in the scope. A row of elsewhere is not there at all (404), never forbidden (403)."""
    found = scope.filter(rows, field).filter(**lookup).first()
    if found is None:
        raise Http404
    return found
