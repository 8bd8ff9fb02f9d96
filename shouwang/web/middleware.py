"""What holds for every request: reading writes nothing, and what a person can mend is said in a sentence."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import connections
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from shouwang.foundation.errors import NotPermittedError, UserError
from shouwang.regions import queries as regions

_WRITES = re.compile(r"\s*(INSERT|UPDATE|DELETE|REPLACE|MERGE|COPY|CREATE|DROP|ALTER|TRUNCATE)\b", re.IGNORECASE)
_READING = {"GET", "HEAD", "OPTIONS"}
_is_allowed: ContextVar[bool] = ContextVar("writing_is_allowed", default=False)


class WroteWhileReadingError(Exception):
    """A page that should only read tried to change the database."""


@contextmanager
def writing() -> Iterator[None]:
    """For the lines of the log that a reading request owes: exports."""
    token = _is_allowed.set(True)
    try:
        yield
    finally:
        _is_allowed.reset(token)


class ReadingWritesNothing:
    """A GET that would change the database is a fault of the program and stops there."""

    def __init__(self, respond: Callable[[HttpRequest], HttpResponse]) -> None:
        self._respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in _READING:
            return self._respond(request)
        with ExitStack() as stack:
            for connection in connections.all(initialized_only=False):
                stack.enter_context(connection.execute_wrapper(_refuse_writes))
            stack.enter_context(regions.one_moment())
            return self._respond(request)


def _refuse_writes(execute: Callable, sql: str, parameters: Any, many: bool, context: dict[str, Any]) -> Any:
    if not _is_allowed.get() and _WRITES.match(sql):
        raise WroteWhileReadingError(sql.split("(")[0][:80])
    return execute(sql, parameters, many, context)


class Sentences:
    """A UserError that no form caught becomes a page with its sentence; what lies outside the scope is not there."""

    def __init__(self, respond: Callable[[HttpRequest], HttpResponse]) -> None:
        self._respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self._respond(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, NotPermittedError):
            return render(request, "404.html", status=404)
        if isinstance(error, UserError):
            return render(request, "web/refused.html", {"error": error}, status=400)
        return None
