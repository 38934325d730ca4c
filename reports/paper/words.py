"""How the report writes dates, numbers, names and states; unknown codes are printed as they are."""

from datetime import date, datetime
from typing import Any

from django.db.models import TextChoices
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from aims.vocabulary import AiRole, Band, ObligationKind
from assessments.models import Decision, Option, PartyKind
from soa.models import Effectiveness, Implementation, Performer, Reason
from systems.models import Stage

DAY = 10
DASH = "\u2013"
EVIDENCE_STATES = ("current", "due", "overdue", "none", "not_expected")


def day(value: str | date | None) -> str:
    """Write a date as tables do: 18 Jun 2026."""
    found = _date(value)
    return f"{found.day} {found:%b %Y}" if found else ""


def long_day(value: str | date | None) -> str:
    """Write a date as prose does: 18 June 2026."""
    found = _date(value)
    return f"{found.day} {found:%B %Y}" if found else ""


def instant(value: datetime) -> str:
    """Write an instant (UTC) to the minute: 14 March 2026, 10:20."""
    return f"{long_day(value)}, {value:%H:%M}"


def record(number: int | None) -> str:
    """Write a record number with thin spaces, or a dash while it waits for its seal."""
    return f"#{grouped(number)}" if number else DASH


def grouped(number: int) -> str:
    """Group thousands by thin spaces."""
    return f"{number:,}".replace(",", "\u202f")


def name(value: Any) -> str:
    """Return a person's name, whether the body holds a text or a mapping."""
    return str(value.get("name", "")) if isinstance(value, dict) else str(value or "")


def halves(digest: str) -> tuple[str, str]:
    """Split a SHA-256 in two lines of 32 characters."""
    return digest[:32], digest[32:]


def fingerprint(digest: str) -> SafeString:
    """Write a certificate's SHA-256 in groups of four and two lines, for people to compare by eye."""
    return format_html("<code>{}<br>{}</code>", *(in_fours(half) for half in halves(digest)))


def in_fours(digits: str) -> str:
    """Group hex digits by four."""
    return " ".join(digits[at : at + 4].upper() for at in range(0, len(digits), 4))


def tail(ref: str) -> str:
    """Return what stands behind the colon of a reference."""
    return ref.partition(":")[2] or ref


def listed(items: list[str], most: int = 12) -> str:
    """Join by commas, and say how many more there are."""
    more = len(items) - most
    text = ", ".join(items[:most])
    return _("%(list)s and %(count)s more") % {"list": text, "count": more} if more > 0 else text


def codes(items: list[str], most: int = 14) -> SafeString:
    """Join references by commas, each kept on one line, and say how many more there are."""
    kept = format_html_join(", ", '<span class="date">{}</span>', ((item,) for item in items[:most]))
    more = len(items) - most
    return format_html(_("{} and {} more"), kept, more) if more > 0 else kept


def excerpt(text: str, most: int) -> str:
    """Cut at a word, with an ellipsis."""
    flat = " ".join(text.split())
    return flat if len(flat) <= most else flat[:most].rsplit(" ", 1)[0].rstrip(",;:. ") + "…"


def role(code: str) -> str:
    """Return an AI role's words."""
    return _label(AiRole, code)


def stage(code: str) -> str:
    """Return a life-cycle stage's words."""
    return _label(Stage, code)


def reason(code: str) -> str:
    """Return a reason code's words."""
    return _label(Reason, code)


def implementation(code: str) -> str:
    """Return an implementation state's words."""
    return _label(Implementation, code)


def effect(code: str) -> str:
    """Return an effectiveness's words."""
    return _label(Effectiveness, code)


def performer(code: str) -> str:
    """Return who performs a control."""
    return _label(Performer, code)


def obligation(code: str) -> str:
    """Return a kind of obligation in words."""
    return _label(ObligationKind, code)


def band(code: str) -> str:
    """Return a band's words."""
    return _label(Band, code)


def decision(code: str) -> str:
    """Return an assessment decision's words."""
    return _label(Decision, code)


def option(code: str) -> str:
    """Return a treatment option's words."""
    return _label(Option, code)


def level(code: str) -> str:
    """Return the level that an impact was judged at."""
    return _label(PartyKind, code)


def evidence_state(code: str) -> str:
    """Return one of EVIDENCE_STATES, whatever exactly the code is."""
    code = code.lower()
    if "expected" in code:
        return "not_expected"
    if "overdue" in code:
        return "overdue"
    if "due" in code:
        return "due"
    return "current" if code in ("current", "fresh") else "none"


def _label(choices: type[TextChoices], code: str) -> str:
    return str(choices(code).label) if code in choices.values else code


def _date(value: str | date | None) -> date | None:
    return date.fromisoformat(value[:DAY]) if isinstance(value, str) and value else value or None  # type: ignore[return-value]
