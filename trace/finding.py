"""Find records: by actor, authority, action, subject, time, number or hash; newest first, from number to number.

Up to ten thousand matches are looked up by the records' own indexes and put in order; more than that are met so often
that walking the log from its end finds a page of them at once. Either way a page of a long log costs little.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet, Value
from django.db.models.functions import StrIndex, Substr

from accounts import clock
from ledger.models import Leaf, Log, Record
from trace.asked import Asked

PAGE = 50
MOST_COUNTED = 10_000
HEX = re.compile(r"[0-9a-f]{4,64}")
LARGEST = 2**63 - 1
PARTED_BY = "@/.-:"


@dataclass(frozen=True, slots=True)
class Found:
    """One page of leaves, how many match, and the numbers at which the next pages begin (0 for none).

    `above` is the record that ends the page of newer ones, 0 where there is none.
    """

    leaves: list[Leaf]
    count: int
    newer: int
    older: int
    above: int

    @property
    def is_counted(self) -> bool:
        """Whether the count is exact; beyond ten thousand nobody counts on."""
        return self.count <= MOST_COUNTED


def find(log: Log, asked: Asked, *, before: int = 0, after: int = 0, zone: str) -> Found:
    """Return the page below the number `before`, or above `after`, or the newest; six queries at most."""
    rows = Leaf.objects.filter(log=log)
    if asked.is_open:
        return _page(rows, log.size, before, after)
    matching = _matching(asked, zone)
    few = list(Record.objects.filter(matching).values_list("pk", flat=True)[: MOST_COUNTED + 1])
    if len(few) <= MOST_COUNTED:
        numbers = sorted(rows.filter(record__in=few).values_list("number", flat=True))
        return _page(rows.filter(number__in=_near(numbers, before, after)), len(numbers), before, after)
    return _page(rows.filter(record__in=Record.objects.filter(matching)), len(few), before, after)


def _near(numbers: Sequence[int], before: int, after: int) -> Sequence[int]:
    """The numbers, of all that match, among which a page and the one after it begin."""
    if after:
        return [number for number in numbers if number > after][: PAGE + 1]
    return [number for number in numbers if not before or number < before][-PAGE - 1 :]


def _page(rows: QuerySet[Leaf], count: int, before: int, after: int) -> Found:
    rows = rows.select_related("record").prefetch_related("record__annexes")
    if after:
        page = list(rows.filter(number__gt=after).order_by("number")[: PAGE + 1])
        above, leaves = page[PAGE].number if len(page) > PAGE else 0, page[:PAGE][::-1]
        return _found(count, leaves, above=above, newer=bool(above), older=True)
    rows = rows.filter(number__lt=before) if before else rows
    page = list(rows.order_by("-number")[: PAGE + 1])
    return _found(count, page[:PAGE], above=before, newer=bool(before), older=len(page) > PAGE)


def _found(count: int, leaves: list[Leaf], *, above: int, newer: bool, older: bool) -> Found:
    first, last = (leaves[0].number, leaves[-1].number) if leaves else (0, 0)
    return Found(leaves, count, first if newer else 0, last if older else 0, above)


def _matching(asked: Asked, zone: str) -> Q:
    exact = {"pseudonym": asked.actor, "event": asked.event, "role": asked.role}
    wanted = Q(**{name: value for name, value in exact.items() if value})
    if asked.membership:
        wanted &= Q(membership_id=_number(asked.membership))
    if asked.kind:
        wanted &= Q(subject__startswith=f"{asked.kind}:")
    if asked.subject:
        wanted &= _about(asked.subject)
    since, until = asked.bounds(zone, clock.today(zone))
    if since:
        wanted &= Q(occurred_at__gte=since)
    if until:
        wanted &= Q(occurred_at__lt=until)
    return wanted & _search(asked.q) if asked.q else wanted


def _number(text: str) -> int:
    """A number that the database can hold, 0 for anything else: nothing has it."""
    return int(text) if text.isdecimal() and int(text) <= LARGEST else 0


def _about(subject: str) -> Q:
    """A reference, whole or by its code, or its beginning up to a full part: A.6 is A.6.2.4 too, but not A.60.

    An asterisk at the end takes any beginning.
    """
    said, is_typed = subject.rstrip("*"), ":" in subject
    begins, whole = ("istartswith", "iexact") if is_typed else ("icontains", "iendswith")
    said = said if is_typed else f":{said}"
    if subject[-1] in f"*{PARTED_BY}":
        return Q(**{f"subject__{begins}": said})
    parts = (Q(**{f"subject__{begins}": said + end}) for end in PARTED_BY)
    return reduce(or_, parts, Q(**{f"subject__{whole}": said}))


def _search(q: str) -> Q:
    """A number as people write it (#12 481), the beginning of a leaf hash, or part of a reference."""
    leaf, digits = Q(), re.sub(r"[#\s,.\u202f]", "", q)
    if digits.isdecimal() and int(digits) <= LARGEST:
        leaf |= Q(number=int(digits))
    if HEX.fullmatch(q.lower()):
        leaf |= Q(leaf_hash__startswith=q.lower())
    wanted = Q(subject__icontains=q)
    if leaf:
        wanted |= Q(pk__in=list(Leaf.objects.filter(leaf).values_list("record", flat=True)[:MOST_COUNTED]))
    return wanted


def actors() -> list[str]:
    """Return the pseudonyms that stand in the chain."""
    return _standing("pseudonym")


def events() -> list[str]:
    """Return the events that stand in the chain."""
    return _standing("event")


def roles() -> list[str]:
    """Return the roles that acts were done under, `service` and `ai` among them."""
    return [role for role in _standing("role") if role]


def kinds() -> list[str]:
    """Return the kinds of subject that stand in the chain."""
    kind = Substr("subject", 1, StrIndex("subject", Value(":")) - 1)
    return list(Record.objects.annotate(kind=kind).order_by("kind").values_list("kind", flat=True).distinct())


def _standing(column: str) -> list[str]:
    return list(Record.objects.order_by(column).values_list(column, flat=True).distinct())
