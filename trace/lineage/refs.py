"""Small things that providers share: codes with a version behind them, controls as rows, days in words."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from soa.models import Entry

CONTROLS = ("entry", "requirement")


def day(value: date | datetime | None) -> str:
    """Write a date as tables do."""
    return f"{value.day} {value:%b %Y}" if value else ""


def parts(codes: Iterable[str]) -> tuple[set[str], set[str]]:
    """Split codes such as IA-2026-08@1.3 into what stands before and behind the sign."""
    split = [code.partition("@") for code in codes]
    return {code for code, _at, _part in split}, {part for _code, _at, part in split if part}


def numbers(texts: Iterable[str]) -> set[int]:
    """Read the numbers among texts that a database column can hold."""
    return {int(text) for text in texts if text.isascii() and text.isdecimal() and len(text) < 10}


def with_rows(links: QuerySet[Any]) -> QuerySet[Any]:
    """Say of links to requirements whether the statement has a row for each: those are told as entries."""
    rows: QuerySet[Any] = links.annotate(is_row=Exists(Entry.objects.filter(requirement=OuterRef("requirement"))))
    return rows


def control(code: str, is_row: bool) -> str:  # noqa: FBT001  (a column of a query)
    """Return the reference of a requirement: its row in the statement, else the clause or control itself."""
    return f"entry:{code}" if is_row else f"requirement:{code}"


def controls_in(codes: Mapping[str, Collection[str]]) -> list[str]:
    """Return the ids of requirements among what is asked, as rows or as themselves."""
    return [code for kind in CONTROLS for code in codes.get(kind, ())]
