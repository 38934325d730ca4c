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
from accounts.models import Token
from aims.actions import Duty, oblige, withdraw_obligation
from aims.judging import bands_up_to, judging_of
from aims.models import Aims, Invitation, Membership, Obligation, SavedView, Share
from aims.queries import actor_for, current_criteria, current_scope
from assessments.actions import submit_assessment
from assessments.models import (
    AffectedParty,
    Assessment,
    CoAuthor,
    Impact,
    Measure,
    Risk,
    Screening,
    SectionComment,
    Treatment,
    Trigger,
)
from assessments.screening.actions import answer_screening, conclude_screening
from assessments.screening.questions import QUESTIONNAIRE
from audits.models import Milestone
from changes.actions import open_change
from changes.models import ChangeRecord
from controls.models import Requirement
from evidence.actions import ask_for_check
from evidence.models import Evidence, EvidenceLink, File, IntegrityCheck, Suggestion, SuggestionState
from jobs.models import Delivery, DeliveryState, Job, JobState
from ledger.actions.seal import seal_all
from ledger.models import Anchor, AnchorKind, Checkpoint, Leaf
from operations.models import Benchmark, Evaluation, LimitCrossing, Signal
from policies.models import Policy
from reports.models import Pack, Report, SigningIdentity
from signon.models import Identity, Provider
from soa.actions import amend, submit
from soa.models import Entry, EntrySystem, Intake, StatementVersion
from systems.actions import register
from systems.actions.facts import whole_record
from systems.actions.state_completeness import covered
from systems.models import AiSystem, CompletenessStatement, FunctionHolder, Reliance, Transition
from systems.record.writing import fresh
from tests.changes.make import ready
from tests.matrix.afterwards import a_forged_record
from tests.matrix.tenant import NOW
from tests.reports.certify import PASSWORD, a_pkcs12

Params = dict[str, Any]
Thing = Callable[[Actor], Params]


def system(_officer: Actor) -> Params:
    """The last system that has no assessment of its own yet to come."""
    return {"code": AiSystem.objects.order_by("-pk")[0].code}


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


def obligation(_officer: Actor) -> Params:
    """An obligation that binds."""
    return {"code": Obligation.objects.filter(withdrawn_at__isnull=True).order_by("-pk")[0].code}


def _reviewer() -> Membership:
    rows = Membership.objects.filter(revoked_at__isnull=True, role="reviewer", deputises__isnull=True)
    rows = rows.filter(user__email__startswith="reviewer@")
    return rows.select_related("user").order_by("-pk")[0]


def role(_officer: Actor) -> Params:
    """A role that somebody holds."""
    return {"pk": _reviewer().pk}


def named(_officer: Actor) -> Params:
    """Somebody who was named and has not come in."""
    return {"pk": Invitation.objects.filter(accepted_at__isnull=True, digest="").order_by("-pk")[0].pk}


def assessment(_officer: Actor) -> Params:
    """The last assessment: a draft."""
    row = Assessment.objects.filter(state="draft").order_by("-pk")[0]
    return {"code": row.code, "edition": row.edition}


def assessment_by_reference(_officer: Actor) -> Params:
    """The last draft by its reference, such as IA-2026-08@1.0; where the walk has put all up already, the last one."""
    rows = Assessment.objects.order_by("-pk")
    row = rows.filter(state="draft").first() or rows[0]
    return {"ref": f"{row.code}@{row.edition}"}


def decided_assessment(_officer: Actor) -> Params:
    """An assessment in force."""
    row = Assessment.objects.filter(state="decided").order_by("-pk")[0]
    return {"code": row.code, "edition": row.edition}


def screening(_officer: Actor) -> Params:
    """A screening that is being answered."""
    return {"code": Screening.objects.filter(state="draft").order_by("-pk")[0].code}


def _concluded(officer: Actor, answer: str) -> Params:
    row = Screening.objects.filter(state="draft").order_by("-pk")[0]
    told = {asked.code: {"answer": answer} for asked in QUESTIONNAIRE}
    row = answer_screening(row, answers=told, seen=row.version, actor=officer)
    conclude_screening(row, because="Nobody is affected.", seen=row.version, actor=officer)
    return {"code": row.code}


def waiting_screening(officer: Actor) -> Params:
    """A screening that nobody has signed yet."""
    return _concluded(officer, "no")


def due_screening(officer: Actor) -> Params:
    """A screening that says an assessment is due."""
    return _concluded(officer, "yes")


def seen_screening(_officer: Actor) -> Params:
    """The version of the last screening that somebody saw."""
    return {"seen": Screening.objects.order_by("-changed_at", "-pk")[0].version}


def unscreened(officer: Actor) -> Params:
    """The key of a system of the owner's that nobody screens yet."""
    return {"system": AiSystem.objects.get(code=fresh_system(officer)["system"]).pk}


def a_year_on(officer: Actor) -> Params:
    """A day on which it is screened again."""
    return seen_screening(officer) | {"next_review_on": (NOW.date() + timedelta(days=300)).isoformat()}


def question(officer: Actor) -> Params:
    """A question of a draft that is answered."""
    return assessment(officer) | {"question": "scope"}


def section(officer: Actor) -> Params:
    """A section of a draft."""
    return assessment(officer) | {"section": "scope"}


def comment(_officer: Actor) -> Params:
    """A remark on a draft."""
    row = SectionComment.objects.select_related("assessment").order_by("-pk")[0]
    return _part(row, row.assessment)


def co_author(_officer: Actor) -> Params:
    """Who writes a draft beside its author."""
    row = CoAuthor.objects.select_related("assessment").order_by("-pk")[0]
    return _part(row, row.assessment)


def _part(row: Any, of: Assessment) -> Params:
    return {"code": of.code, "edition": of.edition, "pk": row.pk}


def party(_officer: Actor) -> Params:
    """A party of a draft."""
    row = AffectedParty.objects.select_related("assessment").order_by("-pk")[0]
    return _part(row, row.assessment)


def impact(_officer: Actor) -> Params:
    """An impact of a draft."""
    row = Impact.objects.select_related("assessment").order_by("-pk")[0]
    return _part(row, row.assessment)


def measure(_officer: Actor) -> Params:
    """A measure of a draft."""
    row = Measure.objects.select_related("impact__assessment").order_by("-pk")[0]
    return _part(row, row.impact.assessment)


def trigger(_officer: Actor) -> Params:
    """Something that happened after an assessment, of which nobody has said yet what it touches."""
    return {"pk": Trigger.objects.filter(effect="unsaid").order_by("-pk")[0].pk}


def open_trigger(_officer: Actor) -> Params:
    """The assessment that it happened to."""
    row = Trigger.objects.filter(effect="unsaid").select_related("assessment").order_by("-pk")[0]
    return {"code": row.assessment.code, "edition": row.assessment.edition}


def an_answer(officer: Actor) -> Params:
    """What the page of the trigger sends along."""
    row = Trigger.objects.get(**trigger(officer))
    return {f"{row.pk}-seen": row.version, f"{row.pk}-sections": ["model"], f"{row.pk}-because": ""}


def what_happened(_officer: Actor) -> Params:
    """Something that happened to an assessment in force."""
    code = Assessment.objects.filter(state="decided").order_by("-pk")[0].code
    return {"assessment": code, "kind": "complaint", "title": "Somebody complained in the walk."}


def a_renewal(_officer: Actor) -> Params:
    """An exclusion as it was seen, and until when it holds."""
    row = Entry.objects.get(requirement__code="A.10.4")
    return {"exclusions": [{"code": "A.10.4", "seen": row.version}], "expires_on": "2026-12-01", "why": "Walked."}


def risk(_officer: Actor) -> Params:
    """A risk that nobody has accepted yet."""
    return {"code": Risk.objects.filter(accepted_at__isnull=True).order_by("-pk")[0].code}


def treatment(_officer: Actor) -> Params:
    """A control that treats a risk."""
    row = Treatment.objects.select_related("risk").order_by("-pk")[0]
    return {"code": row.risk.code, "pk": row.pk}


def evidence(_officer: Actor) -> Params:
    """An item that holds."""
    return {"code": Evidence.objects.live().order_by("-pk")[0].code}


def evidence_link(_officer: Actor) -> Params:
    """A link that stands."""
    row = EvidenceLink.objects.live().select_related("evidence").order_by("-pk")[0]
    return {"code": row.evidence.code, "pk": row.pk}


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


def token(_officer: Actor) -> Params:
    """A token of this AIMS, which is the chief's."""
    rows = Token.objects.filter(aims_id=current_aims_id(), user__email__startswith="chief@")
    return {"pk": rows.order_by("-pk")[0].pk}


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


def person(_officer: Actor) -> Params:
    """A member, by key and by e-mail."""
    row = _reviewer().user
    return {"pk": row.pk, "email": row.email}


def pseudonym(_officer: Actor) -> Params:
    """The name of a member in the chain."""
    return {"pseudonym": _reviewer().user.pseudonym}


def certifier(_officer: Actor) -> Params:
    """The membership of a certification body's auditor."""
    return {"pk": Membership.objects.filter(role="certifier").order_by("-pk")[0].pk}


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


def submitted_assessment(officer: Actor) -> Params:
    """An assessment in review."""
    row = Assessment.objects.filter(state="draft").order_by("-pk")[0]
    submit_assessment(row, seen=row.version, actor=officer)
    return {"code": row.code, "edition": row.edition}


def seen_draft(_officer: Actor) -> Params:
    """The version of the last draft that somebody saw."""
    return {"seen": Assessment.objects.filter(state="draft").order_by("-pk")[0].version}


def a_decision(_officer: Actor) -> Params:
    """A decision with its date."""
    return {"decision": "proceed", "next_review_on": "2026-12-01", "reason": "Fine."}


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


def view(_officer: Actor) -> Params:
    """A view that is shared with everybody."""
    return {"pk": SavedView.objects.filter(is_shared=True).order_by("-pk")[0].pk}


def deputy(_officer: Actor) -> Params:
    """A deputy of the reviewer."""
    return {"pk": Membership.objects.filter(deputises__isnull=False, revoked_at__isnull=True).order_by("-pk")[0].pk}


def seat(_officer: Actor) -> Params:
    """The seat of an auditor of the certification body."""
    return {"pk": Membership.objects.filter(role="certifier", revoked_at__isnull=True).order_by("-pk")[0].pk}


def share(_officer: Actor) -> Params:
    """Something that is shared with a seat."""
    return {"pk": Share.objects.filter(withdrawn_at__isnull=True).order_by("-pk")[0].pk}


def share_of_seat(_officer: Actor) -> Params:
    """Something that is shared with a seat, and whose seat it is."""
    row = Share.objects.filter(withdrawn_at__isnull=True).order_by("-pk")[0]
    return {"pk": row.seat_id, "share_pk": row.pk}


def seat_by_api(_officer: Actor) -> Params:
    """A seat as machines spell it: whose, from when until when, for an audit of ours."""
    days = {"begins": NOW.isoformat(), "ends": (NOW + timedelta(days=5)).isoformat()}
    return {
        "email": "somebody.new@walked.example.org",
        "audits": [Milestone.objects.filter(withdrawn_at__isnull=True).order_by("-pk")[0].ref],
    } | days


def another_end(_officer: Actor) -> Params:
    """Another end of a seat."""
    return {"ends": (NOW + timedelta(days=40)).isoformat()}


def to_share(_officer: Actor) -> Params:
    """Something of ours that can be shared."""
    return {"subject": Evidence.objects.live().order_by("-pk")[0].ref}


def a_stand_in(officer: Actor) -> Params:
    """Who may stand in for the reviewer, from when until when."""
    days = {"begins": NOW.isoformat(), "ends": (NOW + timedelta(days=5)).isoformat()}
    return {"membership": _reviewer().pk, "person": officer.email} | days


def a_new_seat(_officer: Actor) -> Params:
    """Whose seat it will be, and for what."""
    return {"email": "somebody.else@walked.example.org", "name": "Walked Auditor"}


def provider(_officer: Actor) -> Params:
    """A provider of single sign-on."""
    return {"code": Provider.objects.filter(withdrawn_at__isnull=True).order_by("-pk")[0].code}


def identity(_officer: Actor) -> Params:
    """Somebody whom a provider lets in."""
    row = Identity.objects.filter(unlinked_at__isnull=True).select_related("provider").order_by("-pk")[0]
    return {"code": row.provider.code, "pk": row.pk}


def token_prefix(officer: Actor) -> Params:
    """A token of this AIMS by what it begins with."""
    return {"prefix": Token.objects.get(pk=token(officer)["pk"]).prefix}


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


def question_by_ref(officer: Actor) -> Params:
    """A question of a draft, by the name that the API gives the draft."""
    return by_ref(assessment)(officer) | {"question": "scope"}


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


def issuer(_officer: Actor) -> Params:
    """The issuer that people are linked to, which stays."""
    return {"issuer": Provider.objects.filter(withdrawn_at__isnull=True).order_by("-pk")[0].issuer}


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
