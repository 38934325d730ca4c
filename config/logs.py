"""What is written to the log: one line, or one JSON object, for each event, and no personal data in either."""

import ipaddress
import json
import logging
import re
import traceback
from datetime import UTC, datetime
from typing import Any

FORMATS = ("line", "json")
LINE = "{asctime} {levelname} {name} {message}"
ABOUT = ("request_id", "route", "method", "status", "ms", "user", "job", "kind")
EMAIL = re.compile(r"[^\s<>\"'(),:;=\[\]]+@[\w-]+(?:\.[\w-]+)+")
IPV4 = r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w.])"
IPV6 = r"(?<![\w:])[0-9a-fA-F]{0,4}(?::[0-9a-fA-F]{0,4}){2,7}(?![\w:])"
NUMBERS = re.compile(f"{IPV4}|{IPV6}")


def scrubbed(text: str) -> str:
    """Return a text without e-mail addresses and without addresses of other machines than this one."""
    return NUMBERS.sub(_unless_ours, EMAIL.sub("[e-mail]", text))


def _unless_ours(found: re.Match[str]) -> str:
    try:
        return found[0] if ipaddress.ip_address(found[0]).is_loopback else "[address]"
    except ValueError:
        return found[0]


class WithoutPaths(logging.Filter):
    """Django says which path it answered with an error, and paths may hold a secret: an invitation is one."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record through, with the name of the route in the place of the path."""
        if record.name.startswith("django.request") and hasattr(record, "request"):
            match = getattr(record.request, "resolver_match", None)
            record.msg = f"{getattr(record, 'status_code', '')} {match.view_name if match else 'no such page'}"
            record.args = ()
            record.request_id = getattr(record.request, "id", "")
        return True


class Line(logging.Formatter):
    """A line for people, such as those who run `make run`."""

    def __init__(self) -> None:
        super().__init__(LINE, style="{")

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, scrubbed, with its traceback below it."""
        return scrubbed(super().format(record))


class Json(logging.Formatter):
    """One JSON object on one line, for machines that collect logs."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the object; what is not known of an event is left out."""
        told: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": scrubbed(record.getMessage()),
        }
        told |= {name: record.__dict__[name] for name in ABOUT if record.__dict__.get(name) not in (None, "")}
        if record.exc_info and record.exc_info[0] is not None:
            told["error"] = record.exc_info[0].__name__
            told["trace"] = scrubbed("".join(traceback.format_exception(*record.exc_info)))
        return json.dumps(told, ensure_ascii=False, default=str)


def logging_config(form: str, level: str) -> dict[str, Any]:
    """Return Django's LOGGING, raising ValueError for a form that is none.

    Requests are logged one by one in JSON only, where a machine reads them.
    """
    if form not in FORMATS:
        raise ValueError(f"LOG_FORMAT is one of {', '.join(FORMATS)}, not {form!r}.")
    calm = "INFO" if level == "DEBUG" else level  # Django's DEBUG prints queries and whole pages' contexts
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"without_paths": {"()": "config.logs.WithoutPaths"}},
        "formatters": {"line": {"()": "config.logs.Line"}, "json": {"()": "config.logs.Json"}},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": form, "filters": ["without_paths"]}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            "django": {"handlers": [], "level": calm, "propagate": True},
            "django.server": {"handlers": [], "level": calm, "propagate": True},
            "assay.request": {"level": "INFO" if form == "json" else level},
            "gunicorn.error": {"level": level},
        },
    }
