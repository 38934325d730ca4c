"""The first things an auditor would flag, worst first, each with whom to ask and the form that mends it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import ngettext

from soa.checks import Flag, Weight, grouped
from soa.pages import flag_address
from soa.queries.rows import Row, Sheet

SHOWN = 6


@dataclass(frozen=True, slots=True)
class Flagged:
    """One line: the words, the control's title or how many are like it, the owner, and where to mend it."""

    text: str
    note: str
    owner: str
    address: str
    blocks: bool


@dataclass(frozen=True, slots=True)
class Flags:
    """The first lines, how many flags there are in all, and how many of them block an approval."""

    lines: tuple[Flagged, ...]
    total: int
    blocking: int


def flags_shown(sheet: Sheet, flags: Sequence[Flag]) -> Flags:
    """Return one line a flag while they are few, else one line a check; no query."""
    base = reverse("soa:workbench", args=[sheet.aims.slug])
    rows = {row.code: row for row in sheet.rows}
    groups = [(flag,) for flag in flags] if len(flags) <= SHOWN else _by_check(flags)
    lines = [_line(group, rows.get(group[0].code), base) for group in groups[:SHOWN]]
    return Flags(tuple(lines), len(flags), sum(flag.blocks for flag in flags))


def _by_check(flags: Sequence[Flag]) -> list[Sequence[Flag]]:
    return [group.flags for weight in (Weight.BLOCK, Weight.WARN) for group in grouped(flags, weight)]


def _line(group: Sequence[Flag], row: Row | None, base: str) -> Flagged:
    first, others = group[0], len(group) - 1
    note = row.requirement.title if row else ""
    if others:
        note = ngettext("and %(n)d more like it", "and %(n)d more like it", others) % {"n": others}
    owner = row.entry.owner.display_name if row and row.entry.owner and not others else ""
    return Flagged(first.message, note, owner, flag_address(base, first), first.blocks)
