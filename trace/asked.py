"""What somebody wants to see of the chain, as the query string says it, and the periods that people name."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, time, timedelta
from typing import Self
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.db import models
from django.utils.translation import gettext_lazy as _

LONGEST = 120
TIME = ("period", "since", "until")


class Period(models.TextChoices):
    """The periods that are one click away; they move with the calendar, so that a kept address stays true."""

    TODAY = "today", _("Today")
    WEEK = "week", _("This week")
    MONTH = "month", _("This month")

    def begins(self, today: date) -> date:
        """Return its first day; weeks begin on Monday."""
        if self == Period.WEEK:
            return today - timedelta(days=today.weekday())
        return today.replace(day=1) if self == Period.MONTH else today


@dataclass(frozen=True, slots=True)
class Asked:
    """The filters; empty means anything. `since` and `until` are dates of the organisation, and a period wins."""

    q: str = ""
    actor: str = ""
    event: str = ""
    kind: str = ""
    subject: str = ""
    role: str = ""
    membership: str = ""
    period: str = ""
    since: str = ""
    until: str = ""
    fold: str = ""

    @classmethod
    def of(cls, data: Mapping[str, str]) -> Self:
        """Read the query string; what is no period or no date asks for nothing."""
        asked = cls(**{field.name: data.get(field.name, "").strip()[:LONGEST] for field in fields(cls)})
        if asked.period in Period.values:
            return replace(asked, since="", until="")
        return replace(asked, period="", since=_dated(asked.since), until=_dated(asked.until))

    @property
    def query(self) -> str:
        """The query string again, without what is empty."""
        return urlencode(self._filled())

    @property
    def is_open(self) -> bool:
        """Whether nothing narrows the list."""
        return not self._filled().keys() - {"fold"}

    @property
    def folds(self) -> bool:
        """Whether runs of edits are shown as one line."""
        return self.fold != "no"

    def without(self, name: str) -> Self:
        """Return the same, with one filter cleared; `time` clears the period and both dates."""
        names = TIME if name == "time" else (name,)
        return replace(self, **{field.name: "" for field in fields(self) if field.name in names})

    def bounds(self, zone: str, today: date) -> tuple[datetime | None, datetime | None]:
        """Return the first instant asked for and the first one after, where the organisation is."""
        if self.period:
            return _midnight(Period(self.period).begins(today), zone), None
        since = _midnight(date.fromisoformat(self.since), zone) if self.since else None
        return since, _midnight_after(date.fromisoformat(self.until), zone) if self.until else None

    def _filled(self) -> dict[str, str]:
        return {field.name: value for field in fields(self) if (value := getattr(self, field.name))}


def _dated(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return ""


def _midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(zone))


def _midnight_after(day: date, zone: str) -> datetime | None:
    return None if day == date.max else _midnight(day + timedelta(days=1), zone)
