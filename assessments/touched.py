"""What a change of a system may touch of judgement, and which editions were decided after it was opened."""

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from assessments.models import Assessment, AssessmentState, Decision, Risk
from assessments.queries.drivers import in_force
from changes.ports import Asked, Refreshed, Thing
from systems.models import AiSystem

USING = (Decision.PROCEED, Decision.CONDITIONS)


def assessments_touched(asked: Asked) -> Iterator[Thing]:
    """The editions of the system that count: one query."""
    slug = asked.system.aims.slug
    for row in Assessment.objects.filter(in_force(), system=asked.system).defer("frozen").order_by("code"):
        told = _("Judged version %s") % row.system_version if row.system_version else _("Judges this system")
        address = reverse("assessments:detail", args=[slug, row.code, row.edition])
        yield Thing(row.ref, "assessment", f"{row.code}, {row.edition}", address, told)


def risks_touched(asked: Asked) -> Iterator[Thing]:
    """The risks of the system on the register: one query."""
    slug = asked.system.aims.slug
    for row in Risk.objects.filter(system=asked.system, withdrawn_at__isnull=True).order_by("code"):
        address = reverse("assessments:risk", args=[slug, row.code])
        yield Thing(row.ref, "risk", str(row), address, _("Accepted") if row.accepted_at else _("Not accepted"))


def refreshed(system: AiSystem, since: datetime) -> Iterator[Refreshed]:
    """The editions that let the system be used and were decided after an instant, the newest first: one query."""
    rows = Assessment.objects.filter(system=system, state=AssessmentState.DECIDED, decided_at__gt=since)
    for row in rows.filter(decision__in=USING).defer("frozen").order_by("-decided_at"):
        address = reverse("assessments:detail", args=[system.aims.slug, row.code, row.edition])
        title = _("%(code)s, edition %(edition)s, %(decision)s") % {
            "code": row.code,
            "edition": row.edition,
            "decision": str(row.get_decision_display()).lower(),
        }
        assert row.decided_at is not None  # noqa: S101  (the query asked for it)
        yield Refreshed(row.ref, title, row.decided_at, address)
