"""Django settings, from the environment and the data folder alone."""

import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from keepwell.access import decisions
from keepwell.config import instance, tuning

tuning.settle()

KEEPWELL_DATA = instance.data_folder()
KEEPWELL_LAKE = os.environ.get("KEEPWELL_LAKE", "")
KEEPWELL_ENGINE = os.environ.get("KEEPWELL_ENGINE", "polars")
KEEPWELL_SPARK_MASTER = os.environ.get("KEEPWELL_SPARK_MASTER", "local[*]")
DEBUG = False
# Events are refused, in words and for a while, when less room than this is left or more of them wait for the lake.
KEEPWELL_LEAST_FREE_MB = int(os.environ.get("KEEPWELL_LEAST_FREE_MB", "256"))
KEEPWELL_MOST_WAITING = int(os.environ.get("KEEPWELL_MOST_WAITING", "5000000"))
# Pages and tracking calls at once; and beside them how many pages may be told of changes as they happen.
KEEPWELL_THREADS = int(os.environ.get("KEEPWELL_THREADS", "16"))
KEEPWELL_LIVE_STREAMS = int(os.environ.get("KEEPWELL_LIVE_STREAMS", "48"))
SECRET_KEY = instance.secret_key(KEEPWELL_DATA)
ALLOWED_HOSTS = os.environ.get("KEEPWELL_HOSTS", "localhost,127.0.0.1,[::1],testserver").split(",")
CSRF_TRUSTED_ORIGINS = [o for o in os.environ.get("KEEPWELL_ORIGINS", "").split(",") if o]
BEHIND_TLS = os.environ.get("KEEPWELL_TLS", "") == "1"

INSTALLED_APPS = [
    "keepwell.faces.components",
    "keepwell.faces.web",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "django_htmx",
    "template_partials",
    "procrastinate.contrib.django",
    "keepwell.access",
    "keepwell.ledger",
    "keepwell.intake",
    "keepwell.metrics",
    "keepwell.segments",
    "keepwell.health",
    "keepwell.signals",
    "keepwell.plays",
    "keepwell.outcomes",
    "keepwell.coverage",
    "keepwell.cockpit",
    "keepwell.search",
    "keepwell.pipeline",
    "keepwell.faces.jobs",
    "keepwell.config.plugins.PluginsConfig",
]

MIDDLEWARE = [
    "keepwell.faces.web.middleware.PagePolicy",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "keepwell.faces.web.entrance.Entrance",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "keepwell.faces.web.locale.Locale",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "keepwell.faces.web.middleware.Toasts",
    "keepwell.faces.web.middleware.Refusals",
]

ROOT_URLCONF = "keepwell.config.urls"
WSGI_APPLICATION = "keepwell.config.wsgi.application"
APPEND_SLASH = True

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            "loaders": [
                (
                    "template_partials.loader.Loader",
                    [("django.template.loaders.cached.Loader", ["keepwell.faces.web.translating.Loader"])],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "keepwell.faces.web.shell.shell",
            ],
            "builtins": ["django.templatetags.static", "keepwell.faces.components.templatetags.components"],
        },
    }
]


def _database(url: str) -> dict[str, object]:
    """Django's form of a PostgreSQL address; a socket folder stands in the query as `host`."""
    parts = urlsplit(url)
    if parts.scheme not in ("postgresql", "postgres"):
        raise SystemExit(f'DATABASE_URL must begin with "postgresql://", not "{parts.scheme}://".')
    query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": query,
    }


DATABASES = {"default": _database(os.environ.get("DATABASE_URL") or instance.recorded_url(KEEPWELL_DATA))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TEST_NON_SERIALIZED_APPS = ["procrastinate.contrib.django"]

AUTH_USER_MODEL = "access.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "keepwell.faces.web.sign_in.ClosedAdapter"
ACCOUNT_LOGOUT_ON_GET = False
# Behind a proxy the sign-in limits count the address that this many trusted proxies report.
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("KEEPWELL_PROXIES", "0"))
ACCOUNT_SESSION_REMEMBER = True

LANGUAGE_CODE = "en"
LANGUAGES = [(code, title) for code, title in decisions.LANGUAGES.items() if code]
LOCALE_PATHS = [Path(__file__).parents[1] / "locale"]
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATIC_ROOT = KEEPWELL_DATA / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BEHIND_TLS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_TLS else None
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_TEMP_DIR = None


def _smtp(url: str) -> dict[str, Any]:
    """A mail server's address as Django's backend takes it; empty where none is named."""
    if not url:
        return {}
    parts = urlsplit(url)
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise SystemExit(f'KEEPWELL_SMTP must look like "smtp://user:password@host:587", not "{url}".')
    starttls = parse_qs(parts.query).get("starttls", ["0"])[-1] == "1"
    return {
        "host": parts.hostname,
        "port": parts.port or (465 if parts.scheme == "smtps" else 587 if starttls else 25),
        "username": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
        "use_tls": starttls,
        "use_ssl": parts.scheme == "smtps",
    }


# Mail: smtp://user:password@host:587?starttls=1, or smtps://…; and where people reach these pages.
KEEPWELL_SMTP = _smtp(os.environ.get("KEEPWELL_SMTP", ""))
KEEPWELL_MAIL_FROM = os.environ.get("KEEPWELL_MAIL_FROM", "Keepwell <keepwell@localhost>")
KEEPWELL_URL = os.environ.get("KEEPWELL_URL", "http://127.0.0.1:8000").rstrip("/")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": os.environ.get("KEEPWELL_LOG", "WARNING")},
    "loggers": {"procrastinate": {"level": "WARNING"}, "django.request": {"level": "ERROR"}},
}

DEMO_SIGN_IN = (Path(KEEPWELL_DATA) / "demo.json").exists()
