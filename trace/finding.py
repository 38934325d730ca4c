"""Find records: by actor, action, subject, period, number or hash; newest first, from one number to the next."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta
from typing import Self
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet, Value
from django.db.models.functions import StrIndex, Substr

from ledger.models import Leaf, Log, Record

PAGE = 50
HEX = re.compile(r"[0-9a-f]{4,64}")
LARGEST = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody wants to see; empty means anything. `since` and `until` are dates of the organisation."""

    q: str = ""
    actor: str = ""
    event: str = ""
    kind: str = ""
    since: str = ""
    until: str = ""

    @classmethod
    def of(cls, data: Mapping[str, str]) -> Self:
        """Read the query string."""
        return cls(**{field.name: data.get(field.name, "").strip()[:120] for field in fields(cls)})

    @property
    def query(self) -> str:
        """The query string again, without what is empty."""
        return urlencode({field.name: getattr(self, field.name) for field in fields(self) if getattr(self, field.name)})


@dataclass(frozen=True, slots=True)
class Found:
    """One page of leaves and the numbers at which the next ones begin (0 for none)."""

    leaves: list[Leaf]
    count: int
    newer: int
    older: int


def find(log: Log, asked: Asked, *, before: int = 0, after: int = 0, zone: str) -> Found:
    """Return the page below the number `before`, or above `after`, or the newest; three queries."""
    matching = _matching(log, asked, zone)
    rows = matching.select_related("record").prefetch_related("record__annexes")
    if after:
        page = list(rows.filter(number__gt=after).order_by("number")[: PAGE + 1])
        more, leaves = len(page) > PAGE, page[:PAGE][::-1]
        return _found(matching, leaves, newer=more, older=True)
    if before:
        rows = rows.filter(number__lt=before)
    page = list(rows.order_by("-number")[: PAGE + 1])
    return _found(matching, page[:PAGE], newer=bool(before), older=len(page) > PAGE)


def _found(matching: QuerySet[Leaf], leaves: list[Leaf], *, newer: bool, older: bool) -> Found:
    first, last = (leaves[0].number, leaves[-1].number) if leaves else (0, 0)
    return Found(leaves, matching.count(), first if newer else 0, last if older else 0)


def _matching(log: Log, asked: Asked, zone: str) -> QuerySet[Leaf]:
    rows = Leaf.objects.filter(log=log)
    exact = {"record__pseudonym": asked.actor, "record__event": asked.event}
    rows = rows.filter(**{name: value for name, value in exact.items() if value})
    if asked.kind:
        rows = rows.filter(record__subject__startswith=f"{asked.kind}:")
    if since := _midnight(asked.since, zone):
        rows = rows.filter(record__occurred_at__gte=since)
    if until := _midnight(asked.until, zone):
        rows = rows.filter(record__occurred_at__lt=until + timedelta(days=1))
    return rows.filter(_search(asked.q)) if asked.q else rows


def _midnight(day: str, zone: str) -> datetime | None:
    try:
        return datetime.combine(date.fromisoformat(day), time(), ZoneInfo(zone))
    except ValueError:
        return None


def _search(q: str) -> Q:
    """A number as people write it (#12 481), the beginning of a leaf hash, or part of a reference."""
    wanted = Q(record__subject__icontains=q)
    digits = re.sub(r"[#\s,.\u202f]", "", q)
    if digits.isdecimal() and int(digits) <= LARGEST:
        wanted |= Q(number=int(digits))
    if HEX.fullmatch(q.lower()):
        wanted |= Q(leaf_hash__startswith=q.lower())
    return wanted


def actors() -> list[str]:
    """Return the pseudonyms that stand in the chain."""
    return list(Record.objects.order_by("pseudonym").values_list("pseudonym", flat=True).distinct())


def kinds() -> list[str]:
    """Return the kinds of subject that stand in the chain."""
    kind = Substr("subject", 1, StrIndex("subject", Value(":")) - 1)
    return list(Record.objects.annotate(kind=kind).order_by("kind").values_list("kind", flat=True).distinct())


def events() -> list[str]:
    """Return the events that stand in the chain."""
    return list(Record.objects.order_by("event").values_list("event", flat=True).distinct())
