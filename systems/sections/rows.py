"""Rows added, taken away and moved in a form that is not saved yet: each button of a row sends the whole form."""

from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from systems.sections.forms import MOST_ROWS, PREFIX


@dataclass(frozen=True, slots=True)
class Asked:
    """What a button asks: add, remove, up or down, in which table, at which row."""

    act: str
    table: str
    number: int


def asked_in(data: QueryDict) -> Asked | None:
    """Return what a button of a row asks for, or None where the form is meant to be saved."""
    act, _colon, rest = data.get("do", "").partition(":")
    table, _colon, number = rest.partition(":")
    if act not in ("add", "remove", "up", "down"):
        return None
    return Asked(act, table, int(number) if number.isascii() and number.isdigit() and len(number) < 4 else 0)


def rearranged(data: QueryDict, asked: Asked) -> tuple[QueryDict, int]:
    """Return the data with the rows in their new order, and the row to go on with."""
    prefix = f"{PREFIX}-{asked.table}"
    text = data.get(f"{prefix}-rows", "")
    count = min(int(text), MOST_ROWS) if text.isascii() and text.isdigit() and len(text) < 4 else 0
    order: list[int | None] = list(range(count))
    place = asked.number
    if asked.act == "add" and count < MOST_ROWS:
        order.append(None)
        place = count
    elif asked.act == "remove" and place < count:
        order.pop(place)
        place = min(place, len(order) - 1)
    elif asked.act in ("up", "down"):
        other = place + (1 if asked.act == "down" else -1)
        if 0 <= other < count and place < count:
            order[place], order[other] = order[other], order[place]
            place = other
    return _numbered(data, prefix, order), place


def _numbered(data: QueryDict, prefix: str, order: list[int | None]) -> QueryDict:
    rows: dict[str, list[tuple[str, list[Any]]]] = {}
    found = QueryDict(mutable=True)
    for name, values in data.lists():
        number, _dash, field = name.removeprefix(f"{prefix}-").partition("-")
        if name.startswith(f"{prefix}-") and number.isdigit() and field:
            rows.setdefault(number, []).append((field, values))
        elif name != f"{prefix}-rows":
            found.setlist(name, values)
    for new, old in enumerate(order):
        for field, values in rows.get(str(old), []):
            found.setlist(f"{prefix}-{new}-{field}", values)
    found[f"{prefix}-rows"] = str(len(order))
    return found
