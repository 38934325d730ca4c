"""The library as a page: one frozen row an item, found, sorted and paged in the same number of queries at any size."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Self

from django.core.paginator import Page, Paginator
from django.db.models import F, Q, QuerySet
from django.http import QueryDict
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from aims.days import day_of
from aims.models import Aims
from controls.models import Requirement, RequirementKind
from evidence.finding import holding
from evidence.models import Evidence, EvidenceKind, EvidenceLink, File
from evidence.queries import Freshness, freshness, items
from evidence.state import MARKS, EvidenceState, due_from, state_of

PAGE_SIZE = 50
CHIPS = 3
SORTS = {"code": ("id",), "title": ("title", "id"), "kind": ("kind", "id"), "version": ("latest_number", "id")}
TABS = ("all", "due", "overdue", "awaited", "withdrawn")


@dataclass(frozen=True, slots=True)
class Search:
    """What the address asks for; anything it does not know falls back to the default."""

    tab: str = "all"
    kind: str = ""
    control: str = ""
    text: str = ""
    sort: str = "renew"
    is_descending: bool = False

    @classmethod
    def of(cls, asked: QueryDict) -> Self:
        """Read the address."""
        sort = asked.get("sort", "")
        return cls(
            tab=asked.get("tab", "") if asked.get("tab") in TABS else "all",
            kind=asked.get("kind", "") if asked.get("kind") in EvidenceKind else "",
            control=asked.get("control", "")[:20],
            text=asked.get("q", "").replace("\x00", "").strip()[:100],
            sort=sort.removeprefix("-") if sort.removeprefix("-") in SORTS else "renew",
            is_descending=sort.startswith("-"),
        )

    def query(self, **other: str) -> str:
        """Return the address's parameters, with some of them replaced; defaults are left out."""
        sort = f"-{self.sort}" if self.is_descending else self.sort
        said = {"tab": self.tab, "kind": self.kind, "control": self.control, "q": self.text, "sort": sort} | other
        params = QueryDict(mutable=True)
        params.update({key: value for key, value in said.items() if value not in ("", "all", "renew")})
        return params.urlencode()


@dataclass(frozen=True, slots=True)
class Mark:
    """A state as shape, colour and words."""

    glyph: str
    tone: str
    words: str


@dataclass(frozen=True, slots=True)
class Chip:
    """A control that an item serves."""

    code: str
    address: str


@dataclass(frozen=True, slots=True)
class Row:
    """One item of the list, with finished strings."""

    code: str
    title: str
    address: str
    kind: str
    form: str
    chips: tuple[Chip, ...]
    more: int
    version: str
    sha256: str
    mark: Mark

    @property
    def fresh(self) -> str:
        """How the note is coloured."""
        return {"warn": "due", "bad": "overdue"}.get(self.mark.tone, "current")


@dataclass(frozen=True, slots=True)
class Tab:
    """A saved view with its count."""

    label: str
    query: str
    count: int
    tone: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Column:
    """A heading that sorts; `sorted` is what `aria-sort` says."""

    label: str
    query: str
    sorted: str


def found(search: Search, today: date, at: datetime | None = None) -> QuerySet[Evidence]:
    """Return the items that the address asks for, in its order; items without a date to renew by come last."""
    rows: QuerySet[Evidence] = items(at).filter(_in_tab(search.tab, today)).select_related("owner")
    if search.kind:
        rows = rows.filter(kind=search.kind)
    if search.control:
        serving = EvidenceLink.objects.live(at).filter(requirement__code=search.control)
        rows = rows.filter(id__in=serving.values("evidence_id"))
    if search.text:
        rows = rows.filter(_mentions(search.text, at))
    if search.sort != "renew":
        return rows.order_by(*(f"-{name}" if search.is_descending else name for name in SORTS[search.sort]))
    renew = F("renew_by").desc(nulls_last=True) if search.is_descending else F("renew_by").asc(nulls_last=True)
    return rows.order_by(renew, "id")


def _in_tab(tab: str, today: date) -> Q:
    given = Q(withdrawn_at__isnull=True, latest_number__isnull=False)
    return {
        "all": Q(withdrawn_at__isnull=True),
        "due": given & Q(renew_by__gte=today, renew_by__lte=due_from(today)),
        "overdue": given & Q(renew_by__lt=today),
        "awaited": Q(withdrawn_at__isnull=True, latest_number__isnull=True),
        "withdrawn": Q(withdrawn_at__isnull=False),
    }[tab]


def _mentions(text: str, at: datetime | None) -> Q:
    given = Q() if at is None else Q(evidence_version__given_at__lte=at)
    held = holding(text).values("sha256")
    files = File.objects.filter(given, Q(name__icontains=text) | Q(sha256__istartswith=text) | Q(sha256__in=held))
    said = Q(title__icontains=text) | Q(code__icontains=text) | Q(owner__name__icontains=text)
    return said | Q(id__in=files.values("evidence_version__evidence_id"))


def page_of(
    search: Search, aims: Aims, today: date, number: str = "1", at: datetime | None = None
) -> tuple[Page[Any], list[Row]]:
    """Return a page and its rows: four queries."""
    page = Paginator(found(search, today, at), PAGE_SIZE).get_page(number)
    return page, rows_of(page.object_list, aims, today, at)


def rows_of(shown: Iterable[Any], aims: Aims, today: date, at: datetime | None = None) -> list[Row]:
    """Return items as rows; two more queries, for links and files."""
    shown = list(shown)
    chips = chips_of([item.pk for item in shown], Addresses(aims, at), at)
    hashes = _hashes([item.latest_id for item in shown if item.latest_id])
    address = reverse("evidence:detail", args=[aims.slug, "CODE"])
    return [
        Row(
            code=item.code,
            title=item.title,
            address=address.replace("CODE", item.code),
            kind=item.get_kind_display(),
            form=item.get_form_display(),
            chips=tuple(chips[item.pk][:CHIPS]),
            more=max(0, len(chips[item.pk]) - CHIPS),
            version=str(item.latest_number or ""),
            sha256=hashes.get(item.latest_id, ""),
            mark=mark_of(item, today),
        )
        for item in shown
    ]


def mark_of(item: Any, today: date) -> Mark:
    """Return the state of an annotated item in the words of the list."""
    if item.withdrawn_at:
        return Mark("na", "none", _("withdrawn"))
    if item.latest_number is None:
        return Mark("none", "none", _("still to be given"))
    state = state_of(item.renew_by, today)
    return Mark(*MARKS[state], _fresh_note(state, item.renew_by, today))


def _fresh_note(state: EvidenceState, renew_by: date | None, today: date) -> str:
    if renew_by is None:
        return _("no date to renew by")
    days = (renew_by - today).days
    if state == EvidenceState.CURRENT:
        return f"{renew_by.day} {renew_by:%b %Y}"
    if state == EvidenceState.OVERDUE:
        return _("overdue %(n)s d") % {"n": -days}
    return _("in %(n)s d") % {"n": days} if days else _("today")


class Addresses:
    """Where a requirement is looked at, as of the same day: its row of the statement, or the evidence for it."""

    def __init__(self, aims: Aims, at: datetime | None = None) -> None:
        self._list = reverse("evidence:list", args=[aims.slug])
        self._then = f"as_of={day_of(at, aims.time_zone)}" if at else ""
        try:
            self._entry = reverse("soa:entry", args=[aims.slug, "CODE"])
        except NoReverseMatch:
            self._entry = ""

    def of(self, code: str, kind: str) -> str:
        """Return the address for a requirement."""
        if self._entry and kind != RequirementKind.CLAUSE:
            return self._entry.replace("CODE", code) + (f"?{self._then}" if self._then else "")
        return f"{self._list}?control={code}" + (f"&{self._then}" if self._then else "")


def chips_of(shown: list[int], addresses: Addresses, at: datetime | None = None) -> dict[int, list[Chip]]:
    """Return what each item serves, in the order of the standard; one query."""
    chips: dict[int, list[Chip]] = defaultdict(list)
    links = EvidenceLink.objects.held(at).filter(evidence__in=shown)
    rows = links.order_by("requirement__position", "requirement__code")
    for item, code, kind in rows.values_list("evidence", "requirement__code", "requirement__kind"):
        chip = Chip(code, addresses.of(code, kind))
        if chip not in chips[item]:
            chips[item].append(chip)
    return chips


def _hashes(versions: list[int]) -> dict[int, str]:
    files = File.objects.filter(evidence_version__in=versions).order_by("-pk")
    return dict(files.values_list("evidence_version", "sha256"))


def tabs_of(search: Search, today: date, at: datetime | None = None) -> list[Tab]:
    """Return the saved views; one query."""
    counts: Freshness = freshness(today, at)
    labels = (
        ("all", _("All"), counts.total, ""),
        ("due", _("Renewal due"), counts.due, ""),
        ("overdue", _("Renewal overdue"), counts.overdue, "bad" if counts.overdue else ""),
        ("awaited", _("Still to be given"), counts.awaited, ""),
        ("withdrawn", _("Withdrawn"), counts.withdrawn, ""),
    )
    return [Tab(label, search.query(tab=tab), n, tone, search.tab == tab) for tab, label, n, tone in labels]


def columns_of(search: Search) -> list[Column]:
    """Return the headings of the list; one without a query does not sort."""
    labels = (
        ("title", _("Evidence")),
        ("kind", _("Kind, type")),
        ("", _("Controls")),
        ("version", _("Version")),
        ("", _("SHA-256")),
        ("renew", _("Renew by")),
    )
    return [_column(search, name, label) for name, label in labels]


def _column(search: Search, name: str, label: str) -> Column:
    if not name:
        return Column(label, "", "")
    is_sorted = search.sort == name
    turned = f"-{name}" if is_sorted and not search.is_descending else name
    direction = ("descending" if search.is_descending else "ascending") if is_sorted else ""
    return Column(label, search.query(sort=turned), direction)


def linked_controls(at: datetime | None = None) -> list[tuple[str, str]]:
    """Return the requirements that any item serves, or served, to filter by; one query."""
    linked = EvidenceLink.objects.held(at).values("requirement_id")
    rows = Requirement.objects.filter(pk__in=linked).in_order()
    return [(row.code, f"{row.code} {row.title}") for row in rows]


def caption(page: Page[Any]) -> str:
    """Say how much of the list is shown."""
    count = page.paginator.count
    return ngettext("Evidence, %(n)s item", "Evidence, %(n)s items", count) % {"n": count}
