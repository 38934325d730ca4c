"""Every setting of Assay, read once; `docs/settings.md` explains each name."""

from datetime import timedelta
from pathlib import Path

import environ
from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _

from config.logs import logging_config
from config.secrets import optional_secret, secret
from config.stores import bucket_of, folder_of

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

ASSAY_DATA = Path(env.str("ASSAY_DATA", default=str(BASE_DIR / ".data"))).resolve()
ASSAY_DATA.mkdir(parents=True, exist_ok=True, mode=0o700)
DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = secret("SECRET_KEY", ASSAY_DATA / "secrets")
LEDGER_KEY = secret("LEDGER_KEY", ASSAY_DATA / "secrets")
SIGNING_SECRET = secret("SIGNING_SECRET", ASSAY_DATA / "secrets")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
SITE_URL = env.str("SITE_URL", default=f"http://127.0.0.1:{env.str('PORT', default='8000')}")
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "axes",
    "csp",
    "django_filters",
    "django_htmx",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "rest_framework",
    "simple_history",
    "template_partials",
    "accounts",
    "ledger",
    "jobs",
    "duties",
    "aims",
    "signon",
    "controls",
    "policies",
    "systems",
    "operations",
    "incidents",
    "changes",
    "assessments",
    "evidence",
    "soa",
    "audits",
    "trace",
    "reports",
    "backup",
    "upkeep",
    "desk",
]

MIDDLEWARE = [
    "accounts.middleware.RequestIdMiddleware",
    "upkeep.middleware.Watched",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "axes.middleware.AxesMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "accounts.middleware.SessionLimitsMiddleware",
    "signon.middleware.SignonMiddleware",
    "accounts.middleware.SecondFactorMiddleware",
    "accounts.middleware.StepUpMiddleware",
    "aims.middleware.AimsMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "aims.past.context",
                "desk.context.frame",
            ],
            "builtins": ["desk.templatetags.assay", "template_partials.templatetags.partials"],
        },
    }
]

# Data
DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{ASSAY_DATA / 'assay.sqlite3'}")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA recursive_triggers=ON;",
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    if sealer := env("DATABASE_SEALER_URL", default=""):
        DATABASES["sealer"] = env.db_url_config(sealer) | {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
OWNER_URL = env.str("DATABASE_OWNER_URL", default="")
DATABASE_OWNER = env.db_url_config(OWNER_URL) if OWNER_URL else {}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SIMPLE_HISTORY_DATE_INDEX = "composite"
SIMPLE_HISTORY_REVERT_DISABLED = True

# People
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "accounts.passwords.UncommonValidator"},
]
PASSWORD_RESET_TIMEOUT = 60 * 60
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
SESSION_COOKIE_AGE = 8 * 60 * 60
SESSION_IDLE_SECONDS = env.int("SESSION_IDLE_SECONDS", default=30 * 60)
SESSION_EXPIRE_AT_BROWSER_CLOSE = False
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SITE_URL.startswith("https://")
CSRF_COOKIE_SAMESITE = "Lax"
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=SESSION_COOKIE_SECURE)
SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz|metrics)$"]
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=31_536_000 if SESSION_COOKIE_SECURE else 0)
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]  # the domain around us is not ours to bind to https
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# Second factors, confirming, guessing, sessions: docs/signing-in.md
MFA_REQUIRED = env.bool("MFA_REQUIRED", default=False)
MFA_ADAPTER = "accounts.factors.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Assay"
MFA_TOTP_TOLERANCE = 0  # the marker against replay lasts one period: a wider window would let a code in twice
MFA_FORMS = {
    "authenticate": "accounts.factor_forms.CodeForm",
    "reauthenticate": "accounts.factor_forms.ConfirmByCodeForm",
    "activate_totp": "accounts.factor_forms.AppForm",
    "add_webauthn": "accounts.factor_forms.PasskeyForm",
    "edit_webauthn": "accounts.factor_forms.RenamePasskeyForm",
}
STEP_UP_SECONDS = 15 * 60
ACCOUNT_REAUTHENTICATION_TIMEOUT = STEP_UP_SECONDS
AXES_HANDLER = "accounts.guessing.SparingHandler"
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = timedelta(minutes=30)
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_USERNAME_CALLABLE = "accounts.guessing.pseudonym_of_address"
AXES_CLIENT_IP_CALLABLE = "accounts.guessing.pseudonym_of_client"
AXES_CLIENT_STR_CALLABLE = "accounts.guessing.nobody"
AXES_LOCKOUT_CALLABLE = "accounts.guessing.same_answer"
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ACCESS_FAILURE_LOG = False
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

# Single sign-on: docs/single-sign-on.md
SSO_ALLOW_PRIVATE = env.bool("SSO_ALLOW_PRIVATE", default=False)

# Words and time
LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = any(LOCALE_PATHS[0].glob("*/LC_MESSAGES/*.mo"))  # without a catalogue words are not looked up
TIME_ZONE = "UTC"
USE_TZ = True

# Files
STATIC_URL = "static/"
STATIC_ROOT = ASSAY_DATA / "static"
STATIC_ROOT.mkdir(exist_ok=True)
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
EVIDENCE_STORE = env.str("EVIDENCE_STORE", default="")
EVIDENCE_ROOT = folder_of(EVIDENCE_STORE, ASSAY_DATA / "files")
EVIDENCE_BUCKET = bucket_of(EVIDENCE_STORE)
ANCHOR_ROOT = ASSAY_DATA / "anchors"
EVIDENCE_MAX_BYTES = env.int("EVIDENCE_MAX_BYTES", default=50 * 1024 * 1024)
EVIDENCE_MAX_FILES = env.int("EVIDENCE_MAX_FILES", default=20)
EVIDENCE_MAX_EXPANDED_BYTES = env.int("EVIDENCE_MAX_EXPANDED_BYTES", default=500 * 1024 * 1024)
EVIDENCE_MAX_RATIO = env.int("EVIDENCE_MAX_RATIO", default=200)
EVIDENCE_MAX_PIXELS = env.int("EVIDENCE_MAX_PIXELS", default=100_000_000)
EVIDENCE_TEXT_SECONDS = env.int("EVIDENCE_TEXT_SECONDS", default=20)
EVIDENCE_TEXT_MEMORY = env.int("EVIDENCE_TEXT_MEMORY", default=768 * 1024**2)
CLAMD_URL = env.str("CLAMD_URL", default="")
CLAMD_SECONDS = env.int("CLAMD_SECONDS", default=60)
EVIDENCE_DUE_DAYS = env.int("EVIDENCE_DUE_DAYS", default=30)
REPORT_MAX_SECONDS = env.int("REPORT_MAX_SECONDS", default=120)
REPORT_MAX_MEMORY = env.int("REPORT_MAX_MEMORY", default=2 * 1024**3)
TIMESTAMP_URL = env.str("TIMESTAMP_URL", default="")
TIMESTAMP_CA = env.str("TIMESTAMP_CA", default="")
ANCHOR_BUCKET = env.str("ANCHOR_BUCKET", default="")
ANCHOR_ENDPOINT = env.str("ANCHOR_ENDPOINT", default="")
ANCHOR_REGION = env.str("ANCHOR_REGION", default="")
ANCHOR_RETAIN_DAYS = env.int("ANCHOR_RETAIN_DAYS", default=3650)
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
FILE_UPLOAD_TEMP_DIR = ASSAY_DATA / "uploads"
FILE_UPLOAD_TEMP_DIR.mkdir(parents=True, exist_ok=True)
FIXTURES = BASE_DIR / "fixtures"

# What runs later
REDIS_URL = env.str("REDIS_URL", default="")
JOB_LEASE_SECONDS = env.int("JOB_LEASE_SECONDS", default=120)
CELERY_BROKER_URL = REDIS_URL or "memory://"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_TIME_LIMIT = 900
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = (
    {
        "visibility_timeout": 3600,
        "unacked_restore_interval": 5,
        "unacked_restore_throttle": 1,
        "socket_connect_timeout": 2,
        "max_retries": 1,
        "interval_start": 0,
        "interval_step": 0,
    }
    if REDIS_URL
    else {}
)
CACHES = {
    "default": (
        {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
        if REDIS_URL
        else {
            "BACKEND": "django.core.cache.backends.db.DatabaseCache",
            "LOCATION": "accounts_cacheentry",
            "OPTIONS": {"MAX_ENTRIES": 100_000},
        }
    )
}

# Mail
vars().update(env.email("EMAIL_URL", default="consolemail://"))
EMAIL_TIMEOUT = env.int("EMAIL_TIMEOUT", default=20)
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Assay <assay@localhost>")

# Machines
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["accounts.api.TokenAuthentication", "accounts.api.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["accounts.api.JSONParser"],
    "DEFAULT_METADATA_CLASS": None,
    "DEFAULT_SCHEMA_CLASS": "aims.openapi.DoorSchema",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "accounts.api.CursorPagination",
    "PAGE_SIZE": 50,
    "EXCEPTION_HANDLER": "accounts.api.problem",
    "URL_FORMAT_OVERRIDE": None,
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Assay",
    "DESCRIPTION": "Prepare, defend and prove an ISO/IEC 42001 Statement of Applicability.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    "SCHEMA_PATH_PREFIX": "/api/v1/a/{aims}",
    "ENUM_NAME_OVERRIDES": {
        "Role": "accounts.roles.Role",
        "TokenKind": "accounts.models.TokenKind",
        "JobState": "jobs.models.JobState",
        "ObligationKind": "aims.vocabulary.ObligationKind",
        "Band": "aims.vocabulary.Band",
        "AssessmentState": "assessments.models.AssessmentState",
        "Decision": "assessments.models.Decision",
        "PartyKind": "assessments.models.PartyKind",
        "MeasureKind": "assessments.models.MeasureKind",
        "AssessmentDepth": "assessments.models.Depth",
        "AssessmentSection": "assessments.models.Section",
        "TriggerKind": "assessments.triggers.kinds.TriggerKind",
        "TriggerEffect": "assessments.triggers.models.Said",
        "TreatmentOutcome": "assessments.models.Outcome",
        "TreatmentPlanState": "assessments.models.PlanState",
        "AssessmentPublication": "assessments.models.Publication",
        "MilestoneKind": "audits.models.MilestoneKind",
        "Edition": "reports.models.Edition",
        "ReportKind": "reports.models.ReportKind",
        "CertificateKind": "reports.models.CertificateKind",
        "AiRole": "aims.vocabulary.AiRole",
        "Stage": "systems.models.Stage",
        "Severity": "policies.models.Severity",
        "ChangeKind": "changes.material.CHOICES",
        "Occasion": "systems.judging.models.Occasion",
        "OutcomeState": "systems.judging.models.OutcomeState",
        "SignalKind": "operations.models.Kind",
        "SignalDirection": "operations.models.Direction",
        "SignalFeed": "operations.models.Feed",
        "ReadingSpan": "operations.models.Span",
        "CrossingSide": "operations.models.Side",
        "ThresholdSense": "operations.models.Sense",
        "EvaluationSource": "operations.models.Source",
        "IncidentState": "incidents.words.State",
        "IncidentKind": "incidents.words.Kind",
        "Happened": "incidents.words.Happened",
        "ContainmentMeans": "incidents.words.Means",
        "NotificationState": "incidents.words.Standing",
        "DrillOutcome": "incidents.words.Outcome",
        "EvidenceKind": "evidence.models.EvidenceKind",
        "EvidenceForm": "evidence.models.EvidenceForm",
        "EvidenceState": "evidence.state.EvidenceState",
        "ItemState": "evidence.answers.ItemState",
        "Verdict": "evidence.models.Verdict",
        "LinkSource": "evidence.models.LinkSource",
        "Applicability": "soa.models.Applicability",
        "Implementation": "soa.models.Implementation",
        "Performer": "soa.models.Performer",
        "Effectiveness": "soa.models.Effectiveness",
        "Reason": "soa.models.Reason",
        "VersionState": "soa.models.VersionState",
        "LineageState": "trace.answers.STATES",
    },
}

# What is told to those who run it
LOG_FORMAT = env.str("LOG_FORMAT", default="line")
LOGGING = logging_config(LOG_FORMAT, env.str("LOG_LEVEL", default="WARNING"))
METRICS_TOKEN = optional_secret("METRICS_TOKEN")
