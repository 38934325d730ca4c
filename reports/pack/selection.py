"""What somebody chose to hand over: for which audit, which controls, with files or without, as of which day."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from accounts.refusals import Refusal
from aims.models import Aims
from audits.models import Milestone, MilestoneKind
from evidence.handover import HandedItem
from evidence.models import EvidenceKind
from reports.models import Preset
from soa.models import Entry

NO_VISITS = (MilestoneKind.INTERNAL, MilestoneKind.ISSUED, MilestoneKind.EXPIRES)


class NotSelectable(Refusal):
    """Nothing can be handed over so."""


@dataclass(frozen=True, slots=True)
class Selection:
    """The choice; no controls means all of them. `as_of` is a past day of the organisation."""

    preset: str = Preset.STAGE2
    controls: tuple[str, ...] = ()
    with_files: bool = True
    as_of: date | None = None

    @property
    def told(self) -> dict[str, Any]:
        """The choice as plain data, as the content digest covers it."""
        return {
            "as_of": self.as_of.isoformat() if self.as_of else None,
            "controls": list(self.controls),
            "files": self.with_files,
            "preset": str(self.preset),
        }

    @property
    def is_whole(self) -> bool:
        """Whether every record of the log belongs into the pack."""
        return not self.controls

    def takes(self, item: HandedItem) -> bool:
        """Whether an item is listed at all: stage 1 looks at documents."""
        return self.preset != Preset.STAGE1 or item.kind == EvidenceKind.DOCUMENT

    def takes_files_of(self, item: HandedItem, since: datetime | None) -> bool:
        """Whether an item's files come along; `since` is when the last audit was held."""
        is_new = since is None or item.given_at >= since
        return self.with_files and (self.preset != Preset.SURVEILLANCE or is_new)


def refuse_unknown(controls: tuple[str, ...]) -> None:
    """Raise NotSelectable for a control that the statement has no row of."""
    known = set(Entry.objects.filter(requirement__code__in=controls).values_list("requirement__code", flat=True))
    if unknown := [code for code in controls if code not in known]:
        given = {"codes": ", ".join(unknown)}
        raise NotSelectable(_("The statement has no row for %(codes)s.") % given, field="controls")


def last_audit(aims: Aims, at: datetime) -> datetime | None:
    """Return when the day of the last audit from outside before an instant began, where the organisation is."""
    zone = ZoneInfo(aims.time_zone)
    held = Milestone.objects.filter(held_on__lt=at.astimezone(zone).date(), withdrawn_at__isnull=True)
    day = held.exclude(kind__in=NO_VISITS).order_by("-held_on").values_list("held_on", flat=True).first()
    return datetime(day.year, day.month, day.day, tzinfo=zone) if day else None
