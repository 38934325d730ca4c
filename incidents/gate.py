"""The gate to operation: shut while an incident is open, and after a containment until an evaluation passed."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from aims.days import day_of, short_day
from incidents.models import Containment, Incident
from incidents.ports import passed_since
from incidents.words import Means, State
from systems.models import AiSystem, Stage
from systems.ports import GateCheck


def asks_before_operation(system: AiSystem, stage: str) -> Iterator[GateCheck]:
    """What incidents ask before a system may operate: two queries, and what tells of evaluations."""
    if stage != Stage.OPERATION:
        return
    slug = system.aims.slug
    open_ones = list(Incident.objects.open().filter(system=system).order_by("code"))
    for row in open_ones:
        note = _("%(title)s: %(state)s") % {"title": row.title, "state": row.get_state_display()}
        address = reverse("incidents:detail", args=[slug, row.code])
        yield GateCheck(f"incident:{row.code}", _("%s is closed") % row.code, "missing", note, address)
    if not open_ones:
        yield GateCheck("incidents", _("No incident is open"), "met")
    yield from _evaluated(system)


def _evaluated(system: AiSystem) -> Iterator[GateCheck]:
    """After the last containment of an incident that is closed an evaluation passed."""
    rows = Containment.objects.filter(incident__system=system, incident__state=State.CLOSED).exclude(means=Means.NONE)
    last = rows.select_related("incident").order_by("-at", "-pk").first()
    if last is None:
        return
    day = short_day(day_of(last.at, system.aims.time_zone))
    words = _("An evaluation passed since %(code)s was contained on %(day)s") % {"code": last.incident.code, "day": day}
    passed = passed_since(system, last.at)
    if passed:
        yield GateCheck("incident-evaluation", words, "met", passed.title or passed.ref, passed.address)
    else:
        address = reverse("incidents:detail", args=[system.aims.slug, last.incident.code])
        yield GateCheck("incident-evaluation", words, "missing", _("No evaluation passed since then."), address)
