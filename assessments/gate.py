"""What impact assessment asks at the gates of a system: one is decided, is current and judged the version in use."""

from collections.abc import Iterator
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import clock
from aims.days import short_day
from assessments.models import Assessment, AssessmentState, Decision, Screening, ScreeningState
from assessments.screening.queries import standing_of
from systems.lifecycle.stages import SIGNED
from systems.models import AiSystem
from systems.ports import GateCheck

USING = (Decision.PROCEED, Decision.CONDITIONS)


def assessed(system: AiSystem, stage: str) -> Iterator[GateCheck]:
    """Before use the system has an impact assessment that lets it be used (6.1.4, A.5); one query."""
    if stage not in SIGNED:
        return
    words = _("An impact assessment is decided and current")
    rows = Assessment.objects.filter(system=system.pk).exclude(state=AssessmentState.SUPERSEDED).order_by("-pk")
    editions = list(rows)
    decided = next((row for row in editions if row.state == AssessmentState.DECIDED), None)
    row = decided or next(iter(editions), None)
    if row is None and (screening := standing_of(system.pk)) and screening.state == ScreeningState.SIGNED:
        faults = list(_faults_of(screening, system, clock.today(system.aims.time_zone)))
        place = reverse("assessments:screening", args=[system.aims.slug, screening.code])
        yield GateCheck("assessment", words, "failing" if faults else "met", " ".join(faults), place)
        return
    if row is None:
        place = reverse("assessments:new", args=[system.aims.slug])
        yield GateCheck("assessment", words, "missing", _("There is none."), f"{place}?system={system.code}")
        return
    faults = list(_faults(row, system, clock.today(system.aims.time_zone)))
    place = reverse("assessments:detail", args=[system.aims.slug, row.code, row.edition])
    state = "failing" if decided else "missing"
    yield GateCheck("assessment", words, state if faults else "met", " ".join(faults), place)


def _faults_of(row: Screening, system: AiSystem, today: date) -> Iterator[str]:
    """Why a signed screening that no assessment is due does not stand in for one."""
    if row.next_review_on and row.next_review_on < today:
        yield _("The review of %(name)s was due on %(day)s.") % {"name": row.code, "day": short_day(row.next_review_on)}
    if row.system_version != system.model_version:
        said = {"name": row.code, "then": row.system_version or "—", "now": system.model_version or "—"}
        yield _("%(name)s screened version %(then)s; %(now)s is in use.") % said


def _faults(row: Assessment, system: AiSystem, today: date) -> Iterator[str]:
    name = f"{row.code}, {row.edition}"
    if row.state != AssessmentState.DECIDED:
        yield _("%(name)s is not decided: it is %(state)s.") % {
            "name": name,
            "state": str(row.get_state_display()).lower(),
        }
        return
    if row.decision not in USING:
        yield _("%(name)s was decided: %(decision)s.") % {"name": name, "decision": row.get_decision_display()}
    if row.next_review_on and row.next_review_on < today:
        yield _("The review of %(name)s was due on %(day)s.") % {"name": name, "day": short_day(row.next_review_on)}
    if row.decision == Decision.CONDITIONS and row.conditions_by and row.conditions_by < today:
        said = {"name": name, "day": short_day(row.conditions_by)}
        yield _("The conditions of %(name)s were due on %(day)s.") % said
    if row.system_version != system.model_version:
        said = {"name": name, "then": row.system_version or "—", "now": system.model_version or "—"}
        yield _("%(name)s judged version %(then)s; %(now)s is in use.") % said
