"""Settings: the only place that reads the environment. Every setting has a safe default.

WUHAO_SECRET_KEY      needed unless WUHAO_DEMO=1
WUHAO_DATABASE_URL    sqlite:///PATH (default) or postgres://user:password@host:port/name
WUHAO_CITY            the city's folder; WUHAO_VAR the folder for what the house writes
WUHAO_TODAY           the day the house lives on (2022-06-28 in the demo); empty: the calendar's
WUHAO_HOSTS           host names served, separated by commas
"""

import os
from datetime import date
from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from wuhao.config.places import CITY, DEMO_MARK, VAR

_mark = VAR / DEMO_MARK
_demo_day = _mark.read_text(encoding="ascii") if _mark.exists() else ""
WUHAO_DEMO = os.environ.get("WUHAO_DEMO", "1" if _demo_day else "") == "1"
WUHAO_CITY = CITY
WUHAO_VAR = VAR


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise ImproperlyConfigured(
            f"WUHAO_TODAY 应写成 2022-06-28 这样的日期，现在是“{text}”。"
        ) from error


WUHAO_TODAY = _day(os.environ.get("WUHAO_TODAY", _demo_day))

DEBUG = False
SECRET_KEY = os.environ.get("WUHAO_SECRET_KEY", "")
if not SECRET_KEY:
    # A key of the process's own: sessions end with it. `wuhao serve` refuses to start so.
    SECRET_KEY = "only-for-this-process-" + os.urandom(24).hex()
ALLOWED_HOSTS = os.environ.get("WUHAO_HOSTS", "127.0.0.1,localhost,testserver").split(",")


def _database(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": parts.path[1:],
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
            },
        }
    if parts.scheme in ("postgres", "postgresql"):
        query = dict(pair.split("=", 1) for pair in parts.query.split("&") if pair)
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": parts.path.lstrip("/"),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": unquote(query.get("host", parts.hostname or "")),
            "PORT": str(parts.port or query.get("port", "")),
        }
    raise ImproperlyConfigured(
        f"WUHAO_DATABASE_URL 以 {parts.scheme}:// 开头；请用 sqlite:/// 或 postgres://。"
    )


DATABASES = {
    "default": _database(os.environ.get("WUHAO_DATABASE_URL", f"sqlite:///{WUHAO_VAR}/db.sqlite3"))
}

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "wuhao.core",
    "wuhao.intake",
    "wuhao.runs",
    "wuhao.documents",
    "wuhao.registers",
    "wuhao.evaluation",
    "wuhao.reports",
    "wuhao.web",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "wuhao.web.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "wuhao.web.middleware.ViewerMiddleware",
    "wuhao.web.middleware.ContentSecurityPolicyMiddleware",
]
ROOT_URLCONF = "wuhao.config.urls"
WSGI_APPLICATION = "wuhao.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "wuhao.web.context.shell",
            ]
        },
    }
]

AUTH_USER_MODEL = "core.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "web:login"
LOGIN_REDIRECT_URL = "web:desk"
LOGOUT_REDIRECT_URL = "web:login"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"

STATIC_URL = "static/"
STATIC_ROOT = WUHAO_VAR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
DATA_UPLOAD_MAX_MEMORY_SIZE = 20 * 1024 * 1024
# A collection is filled in in the page with up to 500 rows of some columns.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

# Behind TLS set WUHAO_TLS=1: cookies only over it, and browsers told so.
_tls = os.environ.get("WUHAO_TLS", "") == "1"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = _tls
SECURE_HSTS_SECONDS = 31_536_000 if _tls else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = _tls
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
