"""Settings of the test run: a workspace of its own, fast password hashes, SQLite or the PostgreSQL of the run."""

import os
import tempfile
from pathlib import Path

os.environ.setdefault("SHOUWANG_HOME", str(Path(tempfile.mkdtemp(prefix="shouwang-test-")) / "workspace"))
os.environ.setdefault("SHOUWANG_SECRET_KEY", "only-for-tests")
# A browser's driver keeps an event loop in the thread of the tests; what runs there is not asynchronous for that.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

from shouwang.config.settings import *  # noqa: F403
from shouwang.config.settings import DATABASES

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["TEST"] = {"NAME": str(Path(os.environ["SHOUWANG_HOME"]).parent / "test.sqlite3")}
# Each test client builds the middleware anew; static files are looked for when one is asked for, not before.
WHITENOISE_AUTOREFRESH = True
