"""The shell of the offline app: its one page and its service worker. Holds no data, so nobody has to be signed in for it."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.templatetags.static import static
from django.views.decorators.http import require_safe

PAGE = "/app/"
_KEPT = {".js", ".css", ".svg", ".png", ".webmanifest"}
# The app works without any of these; a browser that is told so cannot be talked into them.
_NEVER = "geolocation=(), camera=(), microphone=()"


@login_not_required
@require_safe
def shell(request: HttpRequest) -> HttpResponse:
    """The page of the app; asked for anew each time there is a network, kept by the service worker for when there is none."""
    response = HttpResponse((settings.APP_FOLDER / "index.html").read_bytes())
    response["Cache-Control"] = "no-cache"
    response["Permissions-Policy"] = _NEVER
    return response


@login_not_required
@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker, with the list of what it keeps and a version that changes with any of it."""
    response = HttpResponse(worker_source(settings.APP_FOLDER), content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    response["Service-Worker-Allowed"] = PAGE
    return response


@cache
def worker_source(folder: Path) -> str:
    """``sw.js`` of the folder with SHELL = {version, files} before it."""
    paths = sorted(path for path in folder.rglob("*") if path.suffix in _KEPT and path.name != "sw.js")
    digest = hashlib.sha256((folder / "index.html").read_bytes())
    for path in paths:
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    files = [PAGE, *(static(f"app/{path.relative_to(folder).as_posix()}") for path in paths)]
    header = json.dumps({"version": digest.hexdigest()[:12], "files": files}, indent=1)
    return f"const SHELL = {header};\n\n{(folder / 'sw.js').read_text()}"
