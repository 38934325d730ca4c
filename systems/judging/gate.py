"""What policies ask for before a system may enter a stage."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from policies.engine import is_here, no_engine
from policies.models import Severity
from policies.stages import STAGES, is_due
from systems.judging.models import OutcomeState
from systems.judging.queries import NOT_JUDGED, Result, confirmed, latest_results
from systems.models import AiSystem
from systems.ports import GateCheck

MOST = 3


def policy_checks(system: AiSystem, stage: str) -> Iterator[GateCheck]:
    """Return a check for each policy that is due at the stage; what was not judged as it is now is missing.

    Five queries. Where policies cannot be judged at all, or none is loaded, that keeps the gate shut.
    """
    if stage not in STAGES and stage != "re-evaluation":
        return
    address = reverse("judging:system", args=[system.aims.slug, system.code])
    if not is_here():
        yield GateCheck("policies", _("Policy checks"), "missing", no_engine(), address)
        return
    results = latest_results(system)
    if not results:
        yield GateCheck("policies", _("Policy checks"), "missing", _("No policies are loaded yet."), address)
        return
    is_current = confirmed(system).is_current
    for result in results:
        if is_due(result.due_from, stage):
            yield _check(result, address, is_current=is_current)


def _check(result: Result, address: str, *, is_current: bool) -> GateCheck:
    if result.state == NOT_JUDGED or not is_current:
        state, note = "missing", _("Not judged yet as it stands now")
    elif result.state == OutcomeState.PASSED:
        state, note = "met", ""
    else:
        state, note = "failing", " ".join(result.messages[:MOST])
    if state != "met" and result.severity == Severity.ADVICE:
        state = "advice"
    return GateCheck(f"policy:{result.policy}", result.title, state, note, address)
