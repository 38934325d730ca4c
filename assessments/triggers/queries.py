"""Which triggers stand open, on one assessment or on all of them, now or at an instant."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse

from aims.history import rows_at
from assessments.models import Assessment, AssessmentState, Trigger
from assessments.queries.drivers import in_force
from assessments.triggers.kinds import TriggerKind, labels_of
from assessments.triggers.models import Said
from systems.models import AiSystem

BEING_WRITTEN = (AssessmentState.DRAFT, AssessmentState.RETURNED)


@dataclass(frozen=True, slots=True)
class OpenTrigger:
    """Something that happened and of which nobody has said yet what it touches, as a row of the statement shows it."""

    code: str
    kind: str
    title: str
    address: str


@dataclass(frozen=True, slots=True)
class TriggerLine:
    """A trigger as its assessment's page prints it."""

    row: Trigger
    kind: str
    sections: str
    who: str

    @property
    def is_open(self) -> bool:
        """Whether nobody has answered it yet."""
        return self.row.effect == Said.UNSAID

    @property
    def mark(self) -> tuple[str, str]:
        """Glyph and tone."""
        marks = {Said.UNSAID: ("due", "warn"), Said.TOUCHED: ("half", "info"), Said.NONE: ("done", "ok")}
        return marks[Said(self.row.effect)]


def open_triggers(at: datetime | None = None) -> QuerySet[Trigger]:
    """Return the triggers that nobody has answered, now or as of an instant."""
    return rows_at(Trigger, at).filter(effect=Said.UNSAID)


def open_triggers_by_code(slug: str, at: datetime | None = None) -> dict[str, tuple[OpenTrigger, ...]]:
    """Return the open triggers by the code of their assessment, whatever its edition: one query."""
    found: dict[str, tuple[OpenTrigger, ...]] = {}
    names = ("assessment__code", "assessment__edition", "kind", "title")
    for code, edition, kind, title in open_triggers(at).order_by("id").values_list(*names):
        address = reverse("assessments:triggers", args=[slug, code, edition])
        one = OpenTrigger(code, str(TriggerKind(kind).label), title, address)
        found[code] = (*found.get(code, ()), one)
    return found


def triggers_of(code: str, at: datetime | None = None) -> tuple[TriggerLine, ...]:
    """Return what happened since the first edition of an assessment, open ones first, then the newest: one query."""
    rows = rows_at(Trigger, at).filter(assessment__code=code).select_related("assessment", "said_by").order_by("-id")
    lines = [
        TriggerLine(
            row,
            str(TriggerKind(row.kind).label),
            labels_of(row.sections),
            row.said_by.display_name if row.said_by else "",
        )
        for row in rows
    ]
    return tuple(sorted(lines, key=lambda line: not line.is_open))


def judging(systems: Iterable[AiSystem], *, drafts: bool = False) -> QuerySet[Assessment]:
    """Return the editions that count for systems; those that are still being written only where asked for."""
    rows = Assessment.objects.filter(in_force(), system__in=list(systems)).select_related("system").defer("frozen")
    return rows if drafts else rows.exclude(state__in=BEING_WRITTEN)


def due_for_review(today: object) -> QuerySet[Assessment]:
    """Return decided editions whose planned review is due and was not asked for yet."""
    asked = Trigger.objects.filter(assessment=OuterRef("pk"), kind=TriggerKind.INTERVAL)
    rows = Assessment.objects.filter(state=AssessmentState.DECIDED, next_review_on__lte=today)
    return rows.exclude(Exists(asked)).select_related("system").defer("frozen").order_by("pk")
