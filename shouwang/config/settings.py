"""Django's settings. Everything a county sets itself comes from the environment; see docs/reference/settings.md."""

import os
import secrets
from pathlib import Path

import dj_database_url
from csp.constants import NONCE, NONE, SELF

from shouwang.foundation import workspace

BASE_DIR = Path(__file__).resolve().parents[1]


def _secret_key() -> str:
    """The session key: from the environment, else from the workspace, where the first start creates it."""
    if key := os.environ.get("SHOUWANG_SECRET_KEY"):
        return key
    path = workspace.secret_key_file()
    if not path.exists():
        if not workspace.home().exists():
            return secrets.token_urlsafe(50)  # no workspace yet: nobody can be signed in
        workspace.private_file(path, secrets.token_urlsafe(50).encode())
    return path.read_text()


SECRET_KEY = _secret_key()
DEBUG = False
ALLOWED_HOSTS = os.environ.get("SHOUWANG_HOSTS", "*").split(",")
HTTPS = os.environ.get("SHOUWANG_HTTPS", "") == "1"
CSRF_TRUSTED_ORIGINS = [origin for origin in os.environ.get("SHOUWANG_ORIGINS", "").split(",") if origin]

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_htmx",
    "bootstrap",
    "axes",
    "csp",
    "shouwang.regions",
    "shouwang.organisation",
    "shouwang.intake",
    "shouwang.registry",
    "shouwang.feeds",
    "shouwang.screening",
    "shouwang.casework",
    "shouwang.reporting",
    "shouwang.households",
    "shouwang.door",
    "shouwang.jobs",
    "shouwang.web",
    "shouwang.config.start.Start",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "shouwang.web.session_limits.SessionLimits",
    "shouwang.web.middleware.ReadingWritesNothing",
    "shouwang.web.middleware.Sentences",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "shouwang.config.urls"
WSGI_APPLICATION = "shouwang.config.wsgi.application"
FORM_RENDERER = "shouwang.web.form_renderer.PlainWidgets"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
            ],
        },
    },
]

if os.environ.get("DATABASE_URL"):
    DATABASES = {"default": dj_database_url.parse(os.environ["DATABASE_URL"], conn_max_age=0)}
    DATABASES["default"].setdefault("OPTIONS", {})["pool"] = {"min_size": 1, "max_size": 8}
else:
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str(workspace.database_file()),
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-65536; "
                "PRAGMA mmap_size=268435456; PRAGMA temp_store=MEMORY;",
            },
        }
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "organisation.Account"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("login", "name")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
CSRF_FAILURE_VIEW = "shouwang.api.answers.csrf_failure"
LOGIN_URL = "sign_in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "sign_in"
# A township office shares one address: lock the pair of account and address, never the whole office.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_FORM_FIELD = "username"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_CALLABLE = "shouwang.web.views.session.locked"
# The page says until when; further tries do not move that moment.
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_ENABLE_ACCESS_FAILURE_LOG = False
AXES_VERBOSE = False

SESSION_COOKIE_AGE = 8 * 3600
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = False
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "style-src-attr": ["'unsafe-inline'"],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True
FORMAT_MODULE_PATH = ["shouwang.config.formats"]
USE_THOUSAND_SEPARATOR = False

STATIC_URL = "static/"
STATIC_ROOT = workspace.home() / "static"
# The offline app: its files as they are, under /static/app/; its page and service worker under /app/ (web.views.app).
APP_FOLDER = BASE_DIR.parent / "cadre_app"
STATICFILES_DIRS = [("app", APP_FOLDER)]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
WHITENOISE_MAX_AGE = 3600
WHITENOISE_MIMETYPES = {".webmanifest": "application/manifest+json"}

DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]
FILE_UPLOAD_TEMP_DIR = None


def _number(name: str, usual: int) -> int:
    return int(os.environ.get(f"SHOUWANG_{name}", usual))


# The farmer's door: (how often, in how many seconds); see docs/reference/settings.md. A whole village may share one address.
DOOR_LIMITS = {
    "reports_per_address": (_number("DOOR_REPORTS_PER_ADDRESS", 30), 3600),
    "reports_per_village": (_number("DOOR_REPORTS_PER_VILLAGE", 120), 3600),
    "reports_per_phone": (_number("DOOR_REPORTS_PER_PHONE", 5), 86400),
    "reports_in_all": (_number("DOOR_REPORTS_IN_ALL", 3000), 3600),
    "questions_per_address": (_number("DOOR_QUESTIONS_PER_ADDRESS", 60), 3600),
    "questions_per_receipt": (_number("DOOR_QUESTIONS_PER_RECEIPT", 10), 3600),
    # whoever found somebody's receipt and tries the ends of telephone numbers needs half a year for half of them
    "questions_per_receipt_a_day": (_number("DOOR_QUESTIONS_PER_RECEIPT_A_DAY", 30), 86400),
    "questions_in_all": (_number("DOOR_QUESTIONS_IN_ALL", 20000), 3600),
}
DOOR_FORM_SECONDS = _number("DOOR_FORM_SECONDS", 3)  # nobody answers five questions faster
DOOR_FORM_HOURS = _number("DOOR_FORM_HOURS", 24)
# What the codes on the walls lead to; empty: as the office sees it.
DOOR_ADDRESS = os.environ.get("SHOUWANG_DOOR_ADDRESS", "")
# The village's app: how long a phone keeps a packet without being heard of, how much longer it may hand in what was written
# down without signing in anew, and how large a picture may be.
APP_PACKET_DAYS = _number("APP_PACKET_DAYS", 10)
APP_GRACE_DAYS = _number("APP_GRACE_DAYS", 20)
# A phone's own signing in goes to these addresses alone (api.signing_in).
PHONE_COOKIE_NAME, PHONE_COOKIE_PATH = "shouwang_phone", "/api/app/"
APP_PHOTO_BYTES = _number("APP_PHOTO_BYTES", 1024 * 1024)
PROXIES = _number("PROXIES", 0)  # how many of our own servers stand before this one and name the visitor's address

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}
