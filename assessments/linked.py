"""What this room has linked to an AI system, for the system's own page."""

from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from aims.days import short_day
from aims.history import rows_at
from assessments.bands import judged
from assessments.models import Assessment, AssessmentState, Risk, Screening
from assessments.queries.listing import MARKS
from assessments.screening.queries import signed_screenings
from systems.models import AiSystem
from systems.ports import Fact


def assessments_of(system: AiSystem, at: datetime | None = None) -> Iterable[Fact]:
    """The editions that stand, or the signed screening that says that none is due: two queries."""
    signed = signed_screenings(at, systems=[system.pk]).get(system.pk)
    if signed is not None:
        yield Fact(
            heading=_("Impact assessments"),
            ref=f"{Screening.ref_kind}:{signed.code}",
            title=signed.code,
            address=reverse("assessments:screening", args=[system.aims.slug, signed.code]),
            note=_("screened again on %(day)s") % {"day": short_day(signed.until)},
            tone="ok",
            glyph="seal",
            state=signed.words,
        )
    rows = rows_at(Assessment, at, system=system.pk).exclude(state=AssessmentState.SUPERSEDED)
    for row in rows.order_by("code", "id"):
        glyph, tone = MARKS[AssessmentState(row.state)]
        yield Fact(
            heading=_("Impact assessments"),
            ref=row.ref,
            title=f"{row.code}, {row.edition}",
            address=reverse("assessments:detail", args=[system.aims.slug, row.code, row.edition]),
            tone=tone or "none",
            glyph=glyph,
            state=str(row.get_decision_display() or row.get_state_display()),
        )


def risks_of(system: AiSystem, at: datetime | None = None) -> Iterable[Fact]:
    """The risks on the register: one query."""
    rows = rows_at(Risk, at).filter(system=system.pk, withdrawn_at__isnull=True).select_related("criteria")
    for row in rows.order_by("code"):
        level = judged(row.criteria, *row.now)
        yield Fact(
            heading=_("Risks"),
            ref=row.ref,
            title=str(row),
            address=reverse("assessments:risk", args=[system.aims.slug, row.code]),
            note=f"{level.score}, {level.label}" if level else _("not scored"),
            tone="ok" if row.accepted_at else "none",
            glyph="seal" if row.accepted_at else "none",
            state=_("Accepted") if row.accepted_at else _("Not accepted"),
        )
