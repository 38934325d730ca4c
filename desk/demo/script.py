"""The story as data, moved in time so that it ends today."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from ruamel.yaml import YAML

from accounts import clock

Data = dict[str, Any]
MARK = re.compile(r"\{(?:(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?|ia:([A-Z0-9-]+))\}")


def read(name: str) -> Any:
    """Return one of the files of the story."""
    text = (settings.FIXTURES / "demo" / f"{name}.yaml").read_text(encoding="utf-8")
    return YAML(typ="safe").load(text)


@dataclass(frozen=True, slots=True)
class Calendar:
    """Moves every date by the days between the story's today and the real one."""

    offset: timedelta
    zone: ZoneInfo

    @classmethod
    def ending_today(cls, story_today: date, time_zone: str) -> "Calendar":
        """Let the story's last day be today where the organisation is."""
        return cls(clock.today(time_zone) - story_today, ZoneInfo(time_zone))

    def day(self, told: date | None) -> date | None:
        """Return the real date of a date of the story, if one is told."""
        return told and self.moved(told)

    def moved(self, told: date) -> date:
        """Return the real date of a date of the story."""
        return told + self.offset

    def instant(self, told: str) -> datetime:
        """Return the instant of a local time of the story, such as `2026-06-17 16:20`."""
        return (datetime.fromisoformat(told) + self.offset).replace(tzinfo=self.zone)

    def text(self, told: str, code_of: Callable[[str], str]) -> str:
        """Print the marks of a text: days, months, years, and the codes of assessments by their system."""

        def print_mark(found: re.Match[str]) -> str:
            year, month, day, system = found.groups()
            if system:
                return code_of(system)
            moved = date(int(year), int(month or 1), int(day or 15)) + self.offset
            if day:
                return f"{moved.day} {moved:%B %Y}"
            return f"{moved:%B %Y}" if month else str(moved.year)

        return MARK.sub(print_mark, told)
