"""One item as a page or panel shows it: what was given, what it serves and who read it."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.actor import Actor
from aims.models import Aims
from evidence.examining.standing import Known, known_of
from evidence.integrity.standing import standing_faults
from evidence.library import Addresses, Mark, mark_of
from evidence.matching.standing import SuggestionLine, open_suggestions
from evidence.models import Evidence, EvidenceLink, EvidenceVersion, File, Read
from evidence.permissions import (
    may_ask_review,
    may_edit,
    may_give,
    may_judge_suggestion,
    may_rescan,
    may_unlink,
    may_withdraw,
)
from evidence.review.standing import ReviewLine, reviews_of
from evidence.state import EvidenceState, state_of
from evidence.store import Stored, megabytes
from systems.queries import of_system

READS = 20


@dataclass(frozen=True, slots=True)
class FileLine:
    """A stored file, its size in words and where it is read; `fault` says what the newest check found wrong with it.

    A quarantined file has no address.
    """

    name: str
    size: str
    sha256: str
    media_type: str
    address: str
    fault: str = ""
    known: Known = field(default_factory=Known)


@dataclass(frozen=True, slots=True)
class LinkLine:
    """A requirement that the item serves; `end_address` is empty for those who may not withdraw the link."""

    code: str
    title: str
    address: str
    system: str
    note: str
    end_address: str


@dataclass(frozen=True, slots=True)
class VersionLine:
    """A version: what changed, who gave it and when, the dates it names and its content."""

    number: int
    note: str
    given_by: str
    given_at: datetime
    covers: str
    made_on: date | None
    renew_by: date | None
    link: str
    text: str
    result: tuple[tuple[str, str], ...]
    files: tuple[FileLine, ...]


@dataclass(frozen=True, slots=True)
class ReadLine:
    """Who read which file, and when in the organisation's time zone."""

    who: str
    at: datetime
    what: str


@dataclass(frozen=True, slots=True)
class Panel:
    """Everything about an item; the latest version comes first, and is absent while the item is awaited."""

    code: str
    title: str
    kind: str
    form: str
    mark: Mark
    state_words: str
    owner: Any
    withdrawn_at: datetime | None
    withdrawn_reason: str
    links: tuple[LinkLine, ...]
    versions: tuple[VersionLine, ...]
    reads: tuple[ReadLine, ...]
    may_give: bool
    may_edit: bool
    may_withdraw: bool
    may_rescan: bool
    reviews: tuple[ReviewLine, ...] = ()
    may_ask_review: bool = False
    suggestions: tuple[SuggestionLine, ...] = ()

    @property
    def quarantined(self) -> tuple[str, ...]:
        """Which of its files a scanner found something in, in words."""
        return tuple(
            _("%(name)s, version %(n)s. %(words)s") % {"name": file.name, "n": version.number, "words": file.known.scan}
            for version in self.versions
            for file in version.files
            if file.known.found
        )

    @property
    def latest(self) -> VersionLine | None:
        """The newest version."""
        return self.versions[0] if self.versions else None

    @property
    def wrong(self) -> tuple[str, ...]:
        """Which of its stored files are not as they were given, in words."""
        return tuple(
            _("%(name)s, version %(n)s: %(fault)s") % {"name": file.name, "n": version.number, "fault": file.fault}
            for version in self.versions
            for file in version.files
            if file.fault
        )

    @property
    def is_withdrawn(self) -> bool:
        """Whether somebody withdrew the item."""
        return self.withdrawn_at is not None


def panel_of(item: Any, *, aims: Aims, actor: Actor, today: date, at: datetime | None = None) -> Panel:
    """Return an item (of `evidence.queries.items`, with its owner) for this reader: nine queries.

    With `at`, what was given, linked and read by then.
    """
    zone = ZoneInfo(aims.time_zone)
    holds = item.withdrawn_at is None
    return Panel(
        code=item.code,
        title=item.title,
        kind=item.get_kind_display(),
        form=item.get_form_display(),
        mark=mark_of(item, today),
        state_words=_state_words(item, today),
        owner=item.owner,
        withdrawn_at=item.withdrawn_at,
        withdrawn_reason=item.withdrawn_reason,
        links=_links(item, aims, actor, at),
        versions=_versions(item, aims, zone, at),
        reads=() if actor.is_seat else _reads(item, zone, at),
        may_give=holds and may_give(actor, item),
        may_edit=holds and may_edit(actor, item),
        may_withdraw=holds and may_withdraw(actor, item),
        reviews=() if actor.is_seat else reviews_of(item, aims, actor, at),
        may_ask_review=holds and at is None and item.latest_number is not None and may_ask_review(actor, item),
        may_rescan=bool(settings.CLAMD_URL) and item.latest_number is not None and may_rescan(actor),
        suggestions=tuple(open_suggestions(item.pk)) if _may_judge(item, actor, at) else (),
    )


def _may_judge(item: Any, actor: Actor, at: datetime | None) -> bool:
    """Suggestions are shown to those who can decide about them, today."""
    return at is None and item.withdrawn_at is None and may_judge_suggestion(actor, item)


def _state_words(item: Any, today: date) -> str:
    if item.withdrawn_at:
        return _("Withdrawn")
    if item.latest_number is None:
        return _("Still to be given")
    state = state_of(item.renew_by, today)
    if item.renew_by is None:
        return str(state.label)
    day = f"{item.renew_by.day} {item.renew_by:%b %Y}"
    words = _("%(state)s since %(day)s") if state == EvidenceState.OVERDUE else _("%(state)s, renew by %(day)s")
    return words % {"state": state.label, "day": day}


def _links(item: Evidence, aims: Aims, actor: Actor, at: datetime | None) -> tuple[LinkLine, ...]:
    addresses = Addresses(aims, at)
    rows: Any = EvidenceLink.objects.held(at).filter(evidence=item.pk).annotate(system_name=of_system("name", at))
    rows = rows.select_related("requirement", "system", "by", "evidence").order_by(
        "requirement__position", "requirement__code", "pk"
    )
    return tuple(
        LinkLine(
            code=link.requirement.code,
            title=link.requirement.title,
            address=addresses.of(link.requirement.code, link.requirement.kind),
            system=f"{link.system.code} {link.system_name}" if link.system else "",
            note=", ".join(part for part in (link.reason, link.by.display_name if link.by else "") if part),
            end_address=_end_address(link, aims, actor),
        )
        for link in rows
    )


def _end_address(link: EvidenceLink, aims: Aims, actor: Actor) -> str:
    if link.evidence.withdrawn_at or not may_unlink(actor, link):
        return ""
    return reverse("evidence:unlink", args=[aims.slug, link.evidence.code, link.pk])


def _versions(item: Evidence, aims: Aims, zone: ZoneInfo, at: datetime | None) -> tuple[VersionLine, ...]:
    files: dict[int, list[File]] = defaultdict(list)
    for file in File.objects.filter(evidence_version__evidence=item.pk).order_by("pk"):
        files[file.evidence_version_id].append(file)
    faults = standing_faults(zone) if files else {}
    known = known_of([file.sha256 for held in files.values() for file in held], zone, at) if files else {}
    rows = EvidenceVersion.objects.filter(evidence=item.pk).select_related("given_by").order_by("-number")
    rows = rows if at is None else rows.filter(given_at__lte=at)
    return tuple(
        _version(row, [_file(item, row, f, aims, faults, known[f.sha256]) for f in files[row.pk]], zone) for row in rows
    )


def _file(
    item: Evidence, row: EvidenceVersion, file: File, aims: Aims, faults: dict[Stored, str], known: Known
) -> FileLine:
    address = reverse("evidence:download", args=[aims.slug, item.code, row.number, file.pk])
    return FileLine(
        name=file.name,
        size=megabytes(file.size),
        sha256=file.sha256,
        media_type=file.media_type,
        address="" if known.found else address,
        fault=faults.get(Stored(file.sha256, file.size), ""),
        known=known,
    )


def _version(row: EvidenceVersion, files: list[FileLine], zone: ZoneInfo) -> VersionLine:
    return VersionLine(
        number=row.number,
        note=row.change_note or (_("First version") if row.number == 1 else ""),
        given_by=row.given_by.display_name if row.given_by else _("a service"),
        given_at=row.given_at.astimezone(zone),
        covers=period(row.covers_from, row.covers_to),
        made_on=row.made_on,
        renew_by=row.renew_by,
        link=row.link,
        text=row.note,
        result=tuple((str(name), str(value)) for name, value in (row.result or {}).items()),
        files=tuple(files),
    )


def period(start: date | None, end: date | None) -> str:
    """Return the days a version covers in words; nothing when it names none."""
    first, last = (f"{day.day} {day:%b %Y}" if day else "" for day in (start, end))
    if first and last:
        return _("%(first)s to %(last)s") % {"first": first, "last": last}
    return (_("from %s") % first) if first else (_("until %s") % last if last else "")


def _reads(item: Evidence, zone: ZoneInfo, at: datetime | None) -> tuple[ReadLine, ...]:
    rows = Read.objects.filter(file__evidence_version__evidence=item.pk)
    rows = rows if at is None else rows.filter(read_at__lte=at)
    rows = rows.select_related("file__evidence_version", "user")
    return tuple(
        ReadLine(
            row.user.display_name if row.user else _("a service"),
            row.read_at.astimezone(zone),
            _("%(name)s, version %(n)s") % {"name": row.file.name, "n": row.file.evidence_version.number},
        )
        for row in rows.order_by("-pk")[:READS]
    )
