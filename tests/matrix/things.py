"""The things that addresses and fields name: for each kind, how to find or make one in the AIMS in context.

Two AIMS give different answers, because one has more of everything than the other: what is asked with the answer of
the other names nothing here.
"""

from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.actor import Actor
from accounts.context import current_aims_id
from aims.actions import Duty, oblige, withdraw_obligation
from aims.judging import bands_up_to, judging_of
from aims.models import Aims, Membership, Obligation
from aims.queries import actor_for, current_criteria, current_scope
from assessments.models import Risk
from audits.models import Milestone
from controls.models import Requirement
from evidence.actions import ask_for_check
from evidence.models import Evidence, EvidenceLink, File, IntegrityCheck, Review, Suggestion, SuggestionState
from jobs.models import Delivery, DeliveryState, Job, JobState
from ledger.actions.seal import seal_all
from ledger.models import Anchor, AnchorKind, Checkpoint, Leaf
from reports.models import Pack, Report, SigningIdentity
from soa.actions import amend, submit
from soa.models import Entry, EntrySystem, Intake, StatementVersion
from systems.actions import register
from systems.models import AiSystem
from tests.matrix.afterwards import a_forged_record
from tests.matrix.tenant import NOW
from tests.reports.certify import PASSWORD, a_pkcs12

Params = dict[str, Any]


Thing = Callable[[Actor], Params]


def system(_officer: Actor) -> Params:
    """The last system that has no assessment of its own yet to come."""
    return {"code": AiSystem.objects.order_by("-pk")[0].code}


def obligation(_officer: Actor) -> Params:
    """An obligation that binds."""
    return {"code": Obligation.objects.filter(withdrawn_at__isnull=True).order_by("-pk")[0].code}


def a_renewal(_officer: Actor) -> Params:
    """An exclusion as it was seen, and until when it holds."""
    row = Entry.objects.get(requirement__code="A.10.4")
    return {"exclusions": [{"code": "A.10.4", "seen": row.version}], "expires_on": "2026-12-01", "why": "Walked."}


def evidence(_officer: Actor) -> Params:
    """An item that holds."""
    return {"code": Evidence.objects.live().order_by("-pk")[0].code}


def evidence_link(_officer: Actor) -> Params:
    """A link that stands."""
    row = EvidenceLink.objects.live().select_related("evidence").order_by("-pk")[0]
    return {"code": row.evidence.code, "pk": row.pk}


def review(_officer: Actor) -> Params:
    """The last review that nobody confirmed."""
    row = (
        Review.objects.filter(confirmed_at__isnull=True).select_related("evidence_version__evidence").order_by("-pk")[0]
    )
    return {"code": row.evidence_version.evidence.code, "pk": row.pk}


def suggestion(_officer: Actor) -> Params:
    """A suggestion that nobody judged yet."""
    rows = Suggestion.objects.filter(state=SuggestionState.OPEN).select_related("evidence_version__evidence")
    row = rows.order_by("-pk")[0]
    return {"code": row.evidence_version.evidence.code, "pk": row.pk}


def file(_officer: Actor) -> Params:
    """A file of an item."""
    row = File.objects.select_related("evidence_version__evidence").order_by("-pk")[0]
    version = row.evidence_version
    return {"code": version.evidence.code, "number": version.number, "file_id": row.pk}


def own_control(_officer: Actor) -> Params:
    """The last own control, which has a row of the statement."""
    return {"code": Requirement.objects.filter(kind="own").order_by("-pk")[0].code}


def row_for_system(_officer: Actor) -> Params:
    """A row that differs for one AI system."""
    row = EntrySystem.objects.select_related("entry__requirement", "system").order_by("-pk")[0]
    return {"code": row.entry.requirement.code, "system_code": row.system.code}


def intake(_officer: Actor) -> Params:
    """A spreadsheet that was brought in."""
    return {"pk": Intake.objects.order_by("-pk")[0].pk}


def version(_officer: Actor) -> Params:
    """The version in force."""
    return {"pk": StatementVersion.objects.filter(state="approved").get().pk}


def milestone(_officer: Actor) -> Params:
    """A date of the cycle."""
    return {"pk": Milestone.objects.filter(withdrawn_at__isnull=True).order_by("-pk")[0].pk}


def record_number(_officer: Actor) -> Params:
    """The last number of the chain: the other log, if it is longer, has numbers that this one lacks."""
    return {"number": Leaf.objects.order_by("-number")[0].number}


def checkpoint(_officer: Actor) -> Params:
    """The last checkpoint."""
    return {"size": Checkpoint.objects.order_by("-size")[0].size}


def timestamp(_officer: Actor) -> Params:
    """A checkpoint with a timestamp."""
    row = Anchor.objects.filter(kind=AnchorKind.TIMESTAMP).select_related("checkpoint").order_by("-pk")[0]
    return {"size": row.checkpoint.size}


def forged_record(_officer: Actor) -> Params:
    """A record that waits and was not written by Assay."""
    return {"event_id": a_forged_record().event_id}


def erasable(officer: Actor) -> Params:
    """A record with a text that may be erased: why an obligation ended."""
    row = oblige(Duty("law", "Bound for a while"), actor=officer)
    withdraw_obligation(row, reason="It ended.", seen=row.version, actor=officer)
    seal_all(row.aims_id, wait=True)
    return {"number": Leaf.objects.order_by("-number")[0].number}


def report(_officer: Actor) -> Params:
    """A finished report."""
    return {"pk": Report.objects.exclude(sha256="").order_by("-pk")[0].pk}


def waiting_report(_officer: Actor) -> Params:
    """A report that is being made."""
    return {"pk": Report.objects.filter(sha256="").order_by("-pk")[0].pk}


def pack(_officer: Actor) -> Params:
    """A finished pack."""
    return {"code": Pack.objects.exclude(sha256="").order_by("-pk")[0].code}


def waiting_pack(_officer: Actor) -> Params:
    """A pack that is being made."""
    return {"code": Pack.objects.filter(sha256="").order_by("-pk")[0].code}


def certificate(_officer: Actor) -> Params:
    """The certificate in force."""
    return {"code": SigningIdentity.objects.filter(replaced_at__isnull=True).get().code}


def renamed(thing: Thing, **names: str) -> Thing:
    """The same thing under the names that another door gives its parameters."""

    def made(officer: Actor) -> Params:
        return {names.get(name, name): value for name, value in thing(officer).items()}

    return made


def only_key(thing: Thing) -> Thing:
    """The same thing by its key alone."""

    def made(officer: Actor) -> Params:
        return {"pk": thing(officer)["pk"]}

    return made


def only(thing: Thing, **names: str) -> Thing:
    """One part of a thing, under the name that another door gives it."""

    def made(officer: Actor) -> Params:
        return {new: thing(officer)[old] for old, new in names.items()}

    return made


def this_aims() -> Aims:
    """The AIMS in context."""
    return Aims.objects.get(pk=current_aims_id())


def any_system(_officer: Actor) -> Params:
    """A system, by its key and by its code."""
    row = AiSystem.objects.order_by("-pk")[0]
    return {"pk": row.pk, "code": row.code}


def own_requirement(_officer: Actor) -> Params:
    """An own control, by its key and by its id."""
    row = Requirement.objects.filter(kind="own").order_by("-pk")[0]
    return {"pk": row.pk, "code": row.code}


def reason(_officer: Actor) -> Params:
    """A reason of a row that points at a risk, and one that points at an obligation."""
    risks, duties = Risk.objects.order_by("-pk")[0], obligation(_officer)
    return {"risk": f"RT {risks.ref}", "obligation": f"LG obligation:{duties['code']}"}


def subject(_officer: Actor) -> Params:
    """References of the chain."""
    row, item = AiSystem.objects.order_by("-pk")[0], Evidence.objects.order_by("-pk")[0]
    return {"system": row.ref, "evidence": f"{item.ref}@1"}


def aims(_officer: Actor) -> Params:
    """The AIMS itself."""
    row = this_aims()
    return {"slug": row.slug, "pk": row.pk}


def waiting_version(officer: Actor) -> Params:
    """A version that waits for its approver."""
    return {"pk": submit(this_aims(), summary="What changed in the walk.", actor=officer).pk}


def shown_version(_officer: Actor) -> Params:
    """What the page of a version that waits sends along."""
    row = StatementVersion.objects.filter(state="submitted").first() or StatementVersion.objects.order_by("-pk")[0]
    return {"seen": row.version, "digest": row.digest, "confirms_warnings": True, "reason": "Not like this."}


def by_number(thing: Thing) -> Thing:
    """A version by its number."""

    def made(officer: Actor) -> Params:
        return {"number": StatementVersion.objects.get(pk=thing(officer)["pk"]).number}

    return made


def row_of_the_chief(_officer: Actor) -> Params:
    """A row that the chief changed last, so that they may take it back."""
    aims = this_aims()
    user = Membership.objects.filter(user__email__startswith="chief@")[0].user
    actor = actor_for(user, aims, auth_method="password")
    assert actor is not None
    row = Entry.objects.with_names().filter(requirement__kind="own").order_by("-pk")[0]
    amend(row, {"notes": "Changed by the chief."}, seen=row.version, actor=actor)
    return {"code": row.requirement.code}


def seen_row(_officer: Actor) -> Params:
    """The version of that row."""
    return {"seen": Entry.objects.filter(requirement__kind="own").order_by("-pk")[0].version}


def check_under_way(officer: Actor) -> Params:
    """A check of the stored files that has not ended."""
    ask_for_check(actor=replace(officer, request_id="a-check-in-the-walk"))
    return {}


def demo(_officer: Actor) -> Params:
    """This AIMS as a demo."""
    Aims.objects.filter(pk=current_aims_id()).update(is_demo=True)
    return {}


def a_spreadsheet(_officer: Actor) -> Params:
    """A statement to bring in."""
    return {"file": SimpleUploadedFile("walked.csv", b"Control,Applicable,Justification\nA.2.2,Yes,Brought in\n")}


def a_register(_officer: Actor) -> Params:
    """A register of one system to bring in."""
    return {"file": SimpleUploadedFile("walked.csv", b"System name,Purpose\nWalked in,Ranks\n")}


def a_certificate_file(_officer: Actor) -> Params:
    """A certificate of the organisation's own."""
    data = a_pkcs12(first=NOW - timedelta(days=9), last=NOW + timedelta(days=900))
    return {"file": SimpleUploadedFile("walked.p12", data), "password": PASSWORD}


def dead_job(_officer: Actor) -> Params:
    """Work that was given up."""
    return {"pk": Job.objects.filter(aims_id=current_aims_id(), state=JobState.DEAD).order_by("-pk")[0].pk}


def failed_mail(_officer: Actor) -> Params:
    """A mail that was refused."""
    rows = Delivery.objects.filter(aims_id=current_aims_id(), state=DeliveryState.FAILED)
    return {"pk": rows.order_by("-pk")[0].pk, "fate": "again"}


def check(_officer: Actor) -> Params:
    """A check of the stored files that has ended."""
    return {"pk": IntegrityCheck.objects.order_by("-pk")[0].pk}


def by_ref(thing: Thing) -> Thing:
    """An assessment, or a part of one, by the name that the API gives it."""

    def made(officer: Actor) -> Params:
        told = thing(officer)
        part = {"part": told["pk"]} if "pk" in told else {}
        return {"ref": f"{told['code']}@{told['edition']}"} | part

    return made


def fresh_system(officer: Actor) -> Params:
    """A system of the owner's that nobody assesses yet."""
    owner = Membership.objects.filter(user__email__startswith="owner@").select_related("user")[0].user
    return {"system": register(actor=officer, name="Fresh", purpose="New here", owner=owner).code}


def seen_scope(_officer: Actor) -> Params:
    """The number of the scope in force."""
    row = current_scope()
    return {"seen": row.number if row else 0}


def other_criteria(_officer: Actor) -> Params:
    """Criteria like those that judge now, but for where High ends."""
    row = current_criteria()
    said = asdict(judging_of(row)) | {"bands": bands_up_to(4, 9, 13 if row.bands["high"][1] == 14 else 14)}
    return said | {"named": {}, "why": "Walked", "seen": row.number}
