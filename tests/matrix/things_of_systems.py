"""What addresses of AI systems, their policies, signals, moves and changes name."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.actor import Actor
from aims.models import Membership
from changes.actions import open_change
from changes.models import ChangeRecord
from controls.models import Requirement
from operations.models import Benchmark, Evaluation, LimitCrossing, Signal
from policies.models import Policy
from systems.actions import register
from systems.actions.facts import whole_record
from systems.actions.state_completeness import covered
from systems.models import AiSystem, CompletenessStatement, FunctionHolder, Reliance, Transition
from systems.record.writing import fresh
from tests.changes.make import ready
from tests.matrix.tenant import NOW
from tests.matrix.things import Params, Thing, any_system, system

POLICY = """# METADATA
# title: Walked
# custom:
#   controls: [A.6.2.4]
package walked.{name}

deny contains "walked" if input.walked
"""


def _own_policy() -> Policy:
    row: Policy = Policy.objects.filter(is_shipped=False).order_by("-pk")[0]
    return row


def policy(_officer: Actor) -> Params:
    """The last policy of the AIMS's own."""
    return {"name": _own_policy().name}


def policy_version(_officer: Actor) -> Params:
    """The version in force of that policy."""
    return {"name": _own_policy().name, "number": _own_policy().number}


def policy_text(_officer: Actor) -> Params:
    """A policy that can be saved."""
    return {"name": "walked_policy", "text": POLICY.format(name="fresh"), "note": "walked"}


def policy_again(_officer: Actor) -> Params:
    """A new version that can be saved."""
    return {"text": POLICY.format(name="again"), "note": "walked"}


def section_of_a_record(officer: Actor) -> Params:
    """A section of a system's record."""
    return system(officer) | {"section": "people"}


def a_record(officer: Actor) -> Params:
    """The record of the last system as text, with something more."""
    row = AiSystem.objects.get(**system(officer))
    return {
        "text": fresh(whole_record(row) | {"contact": "Said in the walk."}),
        "seen": row.version,
        "reason": "Walked",
    }


def listed_systems(officer: Actor) -> Params:
    """The last system with the version that was seen, as the list of many sends it."""
    row = AiSystem.objects.get(**system(officer))
    return {"listed": [f"{row.code}:{row.version}"], "is_in_scope": "True", "scope_reason": "Said in the walk."}


def all_systems(_officer: Actor) -> Params:
    """How many systems there are to be stated, and until when."""
    return {"unit": "", "seen": len(covered("")), "method": "Asked in the walk.", "valid_until": "2026-12-01"}


def completeness(_officer: Actor) -> Params:
    """A statement of completeness in force."""
    rows = CompletenessStatement.objects.filter(replaced_at__isnull=True, withdrawn_at__isnull=True)
    return {"code": rows.order_by("-pk")[0].code}


def reliance(_officer: Actor) -> Params:
    """A link of a system that stands."""
    row = Reliance.objects.filter(withdrawn_at__isnull=True).select_related("system").order_by("-pk")[0]
    return {"code": row.system.code, "pk": row.pk}


def signal(_officer: Actor) -> Params:
    """A signal that is posted, and its system."""
    row = Signal.objects.filter(feed="posted").select_related("system").order_by("-pk")[0]
    return {"code": row.system.code, "signal": row.code}


def one_signal(officer: Actor) -> Params:
    """A signal, by its code alone."""
    return {"code": signal(officer)["signal"]}


def a_reading(officer: Actor) -> Params:
    """A reading to post."""
    return {"readings": [{"signal": signal(officer)["signal"], "at": NOW.isoformat(), "value": 0.9}]}


def crossing(_officer: Actor) -> Params:
    """A signal past its limit that nobody answered for."""
    row = LimitCrossing.objects.standing().filter(answer="").select_related("signal__system").order_by("-pk")[0]
    return {"code": row.signal.system.code, "pk": row.pk}


def benchmark(_officer: Actor) -> Params:
    """A benchmark that is asked."""
    row = Benchmark.objects.filter(withdrawn_at__isnull=True).select_related("system").order_by("-pk")[0]
    return {"code": row.system.code, "pk": row.pk}


def evaluation(_officer: Actor) -> Params:
    """A run that counts."""
    row = Evaluation.objects.filter(withdrawn_at__isnull=True).select_related("system").order_by("-pk")[0]
    return {"code": row.system.code, "run": row.code}


def of_system(**more: Any) -> Thing:
    """A body about the last system, with what else it says."""

    def made(officer: Actor) -> Params:
        return {"system": any_system(officer)["code"]} | more

    return made


def an_upload_of_results(officer: Actor) -> Params:
    """A file of results, and whose they are."""
    return of_system()(officer) | a_result_file(officer)


def a_result_file(_officer: Actor) -> Params:
    """A file of results."""
    return {"file": SimpleUploadedFile("walked.csv", b"metric,value\nbenchmark,walked\nrecall,0.9\n")}


def waiting_move(_officer: Actor) -> Params:
    """A move that waits for signatures; the other AIMS has systems that this one lacks."""
    row = Transition.objects.filter(state="proposed").select_related("system").order_by("-pk")[0]
    return {"code": row.system.code, "number": row.number}


def seen_move(_officer: Actor) -> Params:
    """The version of the move that waits, with a good reason."""
    row = Transition.objects.filter(state="proposed").order_by("-pk")[0]
    return {"seen": row.version, "mode": "refuse", "reason": "Walked", "note": "Walked"}


def condition(_officer: Actor) -> Params:
    """A condition that is not met yet."""
    row = Transition.objects.filter(state="signed").select_related("system").order_by("-pk")[0]
    return {"code": row.system.code, "number": row.number, "place": 1}


def seen_condition(_officer: Actor) -> Params:
    """The version of the move with the condition."""
    return {"seen": Transition.objects.filter(state="signed").order_by("-pk")[0].version, "note": "Walked"}


def function(_officer: Actor) -> Params:
    """Somebody who holds a function."""
    return {"pk": FunctionHolder.objects.filter(ended_at__isnull=True).order_by("-pk")[0].pk}


def ruled_control(_officer: Actor) -> Params:
    """The last own control, for which a rule can be written."""
    return {"key": Requirement.objects.filter(kind="own").order_by("-pk")[0].code}


def _open_change() -> ChangeRecord:
    rows = ChangeRecord.objects.filter(state__in=("open", "under-test")).select_related("system__aims")
    return rows.order_by("-pk")[0]


def change(_officer: Actor) -> Params:
    """A change that nobody has decided on."""
    return {"code": _open_change().code}


def demanded(kind: str) -> Thing:
    """A demand of that change."""

    def made(_officer: Actor) -> Params:
        return {"code": _open_change().code, "demand": kind}

    return made


def ready_change(officer: Actor) -> Params:
    """The same change with everything it demands met."""
    row = _open_change()
    ready(row, officer)
    return {"code": row.code}


def approved_change(_officer: Actor) -> Params:
    """A change that was approved and is not in effect."""
    return {"code": ChangeRecord.objects.filter(state="approved").order_by("-pk")[0].code}


def seen_approved(_officer: Actor) -> Params:
    """The version of that change that somebody saw."""
    return {"seen": ChangeRecord.objects.filter(state="approved").order_by("-pk")[0].version}


def _in_use(officer: Actor) -> AiSystem:
    owner = Membership.objects.filter(user__email__startswith="owner@")[0].user
    facts = {"name": "In use", "purpose": "New here", "owner": owner}
    return register(actor=officer, stage="verification", **facts)


def plan(officer: Actor) -> Params:
    """A change that is planned and was not made."""
    return {"code": open_change(_in_use(officer), title="Planned", kinds=["purpose"], actor=officer).code}


def system_to_change(officer: Actor) -> Params:
    """A system that has no open change, by its key as forms name it."""
    return {"system": _in_use(officer).pk}


def system_to_change_by_code(officer: Actor) -> Params:
    """The same by its code, with what changes."""
    return {"system": _in_use(officer).code, "kinds": ["purpose"], "title": "Walked"}


def what_it_touches(_officer: Actor) -> Params:
    """What is said of the things that the open change may touch."""
    rows = _open_change().touched.all()
    return {"things": [{"about": row.about, "effect": "none", "because": "Walked"} for row in rows[:2]]}


def purpose_of_plan(officer: Actor) -> Params:
    """The demand of a plan that a refreshed assessment meets."""
    return plan(officer) | {"demand": "assessment"}
