"""What a pack is about: the version in force at its instant, and the judgement and proof that stood then."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import cached_property
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts import clock
from aims.models import Aims
from assessments.queries.handover import FrozenAssessment, frozen_at
from evidence.handover import HandedItem, items_at
from ledger.actions.record import instant as told_instant
from ledger.canonical import canonical
from ledger.models import Record
from reports.pack.selection import NotSelectable, Selection, last_audit, refuse_unknown
from reports.pack.slice import Slice
from reports.paper import words
from reports.ports import Handover, Section, sections
from reports.sources import STOOD
from soa.models import StatementVersion
from soa.queries.rows import body_of

HANDING_OVER = ("report.", "pack.", "certificate.", "checkpoint.", "log.", "text.", "integrity.")


@dataclass(frozen=True)
class Content:
    """Everything but the report and the chain; `since` is when the last audit was held, for its files."""

    aims: Aims
    selection: Selection
    instant: datetime
    version: StatementVersion
    assessments: tuple[FrozenAssessment, ...]
    items: tuple[HandedItem, ...]
    sections: tuple[Section, ...]
    since: datetime | None

    @cached_property
    def told(self) -> dict[str, Any]:
        """What the content digest covers: two packs of one state and one selection agree on it."""
        return {
            "assessments": [[row.ref_code, row.digest] for row in self.assessments],
            "evidence": [[row.code, row.number, sorted(file.sha256 for file in row.files)] for row in self.items],
            "instant": told_instant(self.instant),
            "selection": self.selection.told,
            "statement": [self.version.ref_code, self.version.digest],
        }

    @cached_property
    def digest(self) -> str:
        """The content digest: SHA-256 (hex) of the canonical JSON of what it covers."""
        return sha256(canonical(self.told)).hexdigest()

    @cached_property
    def slice(self) -> Slice:
        """The records that belong to it: all of them, or those about what was chosen."""
        if self.selection.is_whole:
            return Slice()
        chosen = {f"entry:{code}" for code in self.selection.controls}
        chosen |= {f"entry-system:{code}" for code in self.selection.controls}
        chosen |= {f"evidence:{item.code}" for item in self.items}
        chosen |= {f"assessment:{row.ref_code}" for row in self.assessments}
        chosen |= _pointed_at(self.version, self.selection.controls)
        return Slice(frozenset(chosen.union(*(section.subjects for section in self.sections))))


def read_content(aims: Aims, selection: Selection, *, at: datetime | None = None) -> Content:
    """Read what stood at the instant of the selection, or at one given, within the tenant; raises NotSelectable."""
    refuse_unknown(selection.controls)
    at = at or instant_of(aims, selection)
    version = _in_force(aims, selection, at)
    handover = Handover(aims, at, selection.controls, selection.with_files)
    return Content(
        aims=aims,
        selection=selection,
        instant=at,
        version=version,
        assessments=tuple(_assessments(version, selection, at)),
        items=tuple(item for item in items_at(at, selection.controls) if selection.takes(item)),
        sections=tuple(sections(handover)),
        since=last_audit(aims, at),
    )


def instant_of(aims: Aims, selection: Selection) -> datetime:
    """Return the last microsecond of a past day, or when the state last changed: handing over changes nothing of it."""
    zone = ZoneInfo(aims.time_zone)
    today = clock.today(aims.time_zone)
    if selection.as_of is not None and selection.as_of > today:
        day = words.long_day(selection.as_of)
        raise NotSelectable(_("%(day)s lies in the future.") % {"day": day}, field="as_of")
    if selection.as_of is not None and selection.as_of < today:
        return datetime.combine(selection.as_of + timedelta(days=1), time.min, zone) - timedelta(microseconds=1)
    handing_over = Q()
    for prefix in HANDING_OVER:
        handing_over |= Q(event__startswith=prefix)
    last = Record.objects.filter(leaf__isnull=False).exclude(handing_over).order_by("-occurred_at").first()
    if last is None:
        raise NotSelectable(_("Nothing has been recorded yet."))
    return last.occurred_at


def _in_force(aims: Aims, selection: Selection, at: datetime) -> StatementVersion:
    rows = StatementVersion.objects.filter(state__in=STOOD, decided_at__lte=at).order_by("-number")
    version = rows.select_related("submitted_by", "decided_by").first()
    if version is None and selection.as_of:
        day = words.long_day(selection.as_of)
        raise NotSelectable(_("No version was in force on %(day)s.") % {"day": day}, field="as_of")
    if version is None:
        raise NotSelectable(_("No version of the statement is approved yet. A pack hands over an approved one."))
    return version


def _assessments(version: StatementVersion, selection: Selection, at: datetime) -> Iterable[FrozenAssessment]:
    rows = frozen_at(at)
    if selection.is_whole:
        return rows
    named = _pointed_at(version, selection.controls)
    return [row for row in rows if f"assessment:{row.ref_code}" in named]


def _pointed_at(version: StatementVersion, controls: Iterable[str]) -> set[str]:
    """What the rows of these controls rest on, as the version froze it: systems, risks, assessments, obligations."""
    wanted = set(controls)
    rows = [row for row in body_of(version)["entries"] if row["code"] in wanted]
    return {item["ref"] for row in rows for item in (*row["reasons"], *row["drivers"]) if item["ref"]}
