"""A whole AIMS in small, and everything that can happen in it to what pages show."""

from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import Any

from accounts import clock
from accounts.refusals import Refusal
from accounts.roles import Role
from aims import actions as organisation
from aims.actions import Duty, Scope
from aims.models import Obligation
from aims.queries import current_scope
from assessments import actions as judgement
from assessments.models import Assessment, Decision, Impact, Measure, Risk, Treatment
from controls.models import Requirement
from evidence import actions as proof
from evidence.models import Evidence, EvidenceLink
from soa import actions as decision
from soa.checks import flags_of
from soa.models import Applicability, Effectiveness, Entry, EntrySystem, StatementVersion
from soa.queries.rows import read_sheet
from systems import actions as registry
from systems.models import AiSystem, Reliance, Stage
from tests.evidence.make import a_note
from tests.make import a_member, an_organisation
from tests.soa.make import decided
from tests.systems.make import a_system, person_of

CONTROLS = ("A.2.2", "A.5.2", "A.6.2.4", "A.9.2")
PURPOSE = {"intended_use": "Orders applications.", "foreseeable_misuse": "Page one.", "jurisdictions": ["EU"]}
TEXTS = ("One.", "Two words.", "Three more words.", "TBD")


class World:
    """An AIMS with an officer and an approver, and acts that pick what they act on by a number."""

    def __init__(self, start: datetime) -> None:
        with clock.standing_at(start):
            self.aims, self.officer = an_organisation(time_zone="Europe/Berlin")

    def begin(self, start: datetime) -> None:
        """Decide every control, with one of everything there."""
        with clock.standing_at(start):
            self.approver = a_member(self.aims, Role.APPROVER, by=self.officer)
            self.auditor = a_member(self.aims, Role.AUDITOR, by=self.officer)
            decided(self.officer)
            for number in range(6):
                ACTS[number](self, number)

    def act(self, number: int, pick: int, when: datetime) -> None:
        """Do one thing at an instant; what is refused leaves no trace."""
        with clock.standing_at(when), suppress(Refusal):
            ACTS[number % len(ACTS)](self, pick)


def _of(rows: Any, pick: int) -> Any:
    """One of the rows, or a refusal to act on nothing."""
    rows = list(rows)
    if not rows:
        raise Refusal("There is none.")
    return rows[pick % len(rows)]


def _control(pick: int) -> Requirement:
    return Requirement.objects.get(code=CONTROLS[pick % len(CONTROLS)])


def _entry(pick: int) -> Entry:
    row: Entry = Entry.objects.with_names().get(requirement__code=CONTROLS[pick % len(CONTROLS)])
    return row


def _system(pick: int) -> AiSystem:
    system: AiSystem = _of(AiSystem.objects.order_by("pk"), pick)
    return system


def _open_assessment(pick: int) -> Assessment:
    found: Assessment = _of(Assessment.objects.order_by("-pk"), pick)
    return found


def register(world: World, pick: int) -> None:
    a_system(world.officer, name=f"System {pick}", in_scope=bool(pick % 2), owner=person_of(world.officer))


def rely(world: World, pick: int) -> None:
    registry.rely_on(_system(pick), _control(pick), why=TEXTS[pick % 3], actor=world.officer)


def start_risk(world: World, pick: int) -> None:
    risk = judgement.register_risk(
        title=f"Risk {pick}", likelihood=4, severity=1 + pick % 4, system=_system(pick), actor=world.officer
    )
    judgement.treat(risk, _control(pick), actor=world.officer)


def assess(world: World, pick: int) -> None:
    row = judgement.start_assessment(_system(pick), actor=world.officer)
    judgement.edit_assessment(row, seen=1, actor=world.officer, **PURPOSE)
    judgement.add_party(row, kind="group", name="Applicants", actor=world.officer)
    harm = judgement.add_impact(
        row, level="group", description="Ranked unseen", likelihood=3, severity=1 + pick % 3, actor=world.officer
    )
    judgement.add_measure(harm, text="A reason", requirement=_control(pick), is_in_place=True, actor=world.officer)


def give(world: World, pick: int) -> None:
    renew_by = clock.now().date() + timedelta(days=pick % 60 - 10)
    a_note(actor=world.officer, title=f"Note {pick}", serves=[CONTROLS[pick % 4]], renew_by=renew_by)


def oblige(world: World, pick: int) -> None:
    row = organisation.oblige(Duty("law", f"Law {pick}"), actor=world.officer)
    entry = _entry(pick)
    reasons = [{"code": "LG", "ref": row.ref}]
    decision.decide(entry, Applicability.INCLUDED, why="Law.", reasons=reasons, seen=entry.version, actor=world.officer)


def release(world: World, pick: int) -> None:
    row = _of(Obligation.objects.filter(withdrawn_at__isnull=True), pick)
    organisation.withdraw_obligation(row, reason="Repealed", seen=row.version, actor=world.officer)


def amend(world: World, pick: int) -> None:
    entry = _entry(pick)
    fields: dict[str, Any] = {
        "how": TEXTS[pick % 4],
        "implementation": ("planned", "partly", "implemented")[pick % 3],
        "owner": person_of(world.officer) if pick % 2 else None,
        "review_on": date(2026, 1 + pick % 12, 3),
    }
    decision.amend(entry, fields, seen=entry.version, actor=world.officer)


def turn(world: World, pick: int) -> None:
    entry, way = _entry(pick), (Applicability.EXCLUDED, Applicability.INCLUDED)[pick % 2]
    decision.decide(entry, way, why=TEXTS[pick % 3], seen=entry.version, actor=world.officer)


def tell_apart(world: World, pick: int) -> None:
    entry, system = _entry(pick), _system(pick)
    held = EntrySystem.objects.filter(entry=entry, system=system).first()
    way = (Applicability.EXCLUDED, Applicability.INCLUDED)[pick % 2]
    decision.decide_for_system(
        entry, system, applicability=way, why="Not there.", implementation="partly", seen=held.version if held else 0,
        actor=world.officer,
    )  # fmt: skip


def take_back(world: World, pick: int) -> None:
    decision.undo(_entry(pick), seen=_entry(pick).version, actor=world.officer)


def test_it(world: World, pick: int) -> None:
    effect = list(Effectiveness)[pick % 3]
    decision.record_effectiveness(_entry(pick), effect, source=f"finding:NC-{pick}", actor=world.auditor)


def add_own(world: World, pick: int) -> None:
    decision.add_own_control(f"Own {pick}", actor=world.officer)


def submit(world: World, pick: int) -> None:
    for code in {flag.code for flag in flags_of(read_sheet(world.aims)) if flag.blocks}:
        row = Entry.objects.with_names().get(requirement__code=code)
        row = decision.decide(row, Applicability.INCLUDED, why="It does.", seen=row.version, actor=world.officer)
        decision.amend(row, {"how": "By hand."}, seen=row.version, actor=world.officer)
    decision.submit(world.aims, summary=TEXTS[pick % 3], actor=world.officer)


def settle(world: World, pick: int) -> None:
    row = _of(StatementVersion.objects.filter(state="submitted"), pick)
    if pick % 3:
        decision.approve(row, digest=row.digest, confirms_warnings=True, seen=row.version, actor=world.approver)
    else:
        decision.return_version(row, reason="Again", seen=row.version, actor=world.approver)


def rename_system(world: World, pick: int) -> None:
    row = _system(pick)
    registry.edit_system(row, name=f"Renamed {pick}", model_version=str(pick), seen=row.version, actor=world.officer)


def describe_system(world: World, pick: int) -> None:
    row = _system(pick)
    record = row.record | {"deployment": {"environment": ("production", "staging")[pick % 2]}}
    facts = {"supplier": ("", "Talentgrid")[pick % 3 == 1], "roles_played": [("provider", "customer")[pick % 2]]}
    registry.edit_system(row, record=record, seen=row.version, actor=world.officer, **facts)


def scope_system(world: World, pick: int) -> None:
    row = _system(pick)
    registry.say_scope(row, is_in_scope=bool(pick % 3), reason="Said", seen=row.version, actor=world.officer)


def move_system(world: World, pick: int) -> None:
    row, stage = _system(pick), (Stage.DESIGN, Stage.RETIRED, Stage.INCEPTION)[pick % 3]
    registry.move_stage(row, stage, reason="Moved", seen=row.version, actor=world.officer)


def stop_relying(world: World, pick: int) -> None:
    row = _of(Reliance.objects.filter(withdrawn_at__isnull=True), pick)
    registry.stop_relying(row, reason="Over", seen=row.version, actor=world.officer)


def rescope(world: World, pick: int) -> None:
    last = current_scope()
    day = max(clock.today(world.aims.time_zone), last.effective_on if last else date.min)
    scope = Scope(f"All {pick}", day)
    organisation.state_scope(scope, seen=last.number if last else 0, actor=world.officer)


def edit_risk(world: World, pick: int) -> None:
    row = _of(Risk.objects.filter(withdrawn_at__isnull=True), pick)
    fields = {"title": f"Risk again {pick}", "residual_likelihood": 1 + pick % 2, "residual_severity": 2}
    judgement.edit_risk(row, seen=row.version, actor=world.officer, **fields)


def accept(world: World, pick: int) -> None:
    row = _of(Risk.objects.filter(withdrawn_at__isnull=True, accepted_at__isnull=True), pick)
    judgement.accept_risk(row, reason="Low.", seen=row.version, actor=world.approver)


def end_risk(world: World, pick: int) -> None:
    if pick % 2:
        row = _of(Risk.objects.filter(withdrawn_at__isnull=True), pick)
        judgement.withdraw_risk(row, reason="Gone", seen=row.version, actor=world.officer)
    else:
        link = _of(Treatment.objects.filter(withdrawn_at__isnull=True), pick)
        judgement.stop_treating(link, seen=link.version, actor=world.officer)


def edit_assessment(world: World, pick: int) -> None:
    row = _open_assessment(pick)
    judgement.edit_assessment(row, seen=row.version, actor=world.officer, oversight=TEXTS[pick % 3])


def edit_parts(world: World, pick: int) -> None:
    impact = _of(Impact.objects.filter(withdrawn_at__isnull=True), pick)
    judgement.edit_impact(impact, seen=impact.version, actor=world.officer, description=f"Harm {pick}", severity=2)
    measure = _of(Measure.objects.filter(withdrawn_at__isnull=True), pick)
    judgement.edit_measure(measure, seen=measure.version, actor=world.officer, requirement=_control(pick), text="Other")


def end_parts(world: World, pick: int) -> None:
    if pick % 2:
        impact = _of(Impact.objects.filter(withdrawn_at__isnull=True), pick)
        judgement.withdraw_impact(impact, seen=impact.version, actor=world.officer)
    else:
        measure = _of(Measure.objects.filter(withdrawn_at__isnull=True), pick)
        judgement.withdraw_measure(measure, seen=measure.version, actor=world.officer)


def submit_assessment(world: World, pick: int) -> None:
    row = _open_assessment(pick)
    judgement.submit_assessment(row, seen=row.version, actor=world.officer)


def decide_assessment(world: World, pick: int) -> None:
    row = _of(Assessment.objects.filter(state="submitted"), pick)
    if pick % 4 == 0:
        judgement.return_assessment(row, reason="More", seen=row.version, actor=world.approver)
    else:
        review = clock.now().date() + timedelta(days=90)
        judgement.decide_assessment(
            row, Decision.PROCEED, reason="Fine.", next_review_on=review, seen=row.version, actor=world.approver
        )


def revise(world: World, pick: int) -> None:
    judgement.clone_edition(_open_assessment(pick), reason="Changed", actor=world.officer)


def renew(world: World, pick: int) -> None:
    item = _of(Evidence.objects.filter(withdrawn_at__isnull=True), pick)
    renew_by = clock.now().date() + timedelta(days=pick % 90)
    proof.give_version(
        item, proof.Content(note=f"Again {pick}", renew_by=renew_by, change_note="Anew"), actor=world.officer
    )


def expect(world: World, pick: int) -> None:
    proof.expect_evidence(f"Awaited {pick}", requirements=[_control(pick)], actor=world.officer)


def retitle(world: World, pick: int) -> None:
    item = _of(Evidence.objects.filter(withdrawn_at__isnull=True), pick)
    kind = ("document", "record")[pick % 2]
    owner = person_of(world.approver) if pick % 3 else None
    proof.edit_evidence(item, title=f"Title {pick}", kind=kind, owner=owner, seen=item.version, actor=world.officer)


def link(world: World, pick: int) -> None:
    item = _of(Evidence.objects.filter(withdrawn_at__isnull=True), pick)
    system = _system(pick) if pick % 2 else None
    proof.link_evidence(item, [_control(pick // 2)], system=system, reason="Shows it", actor=world.officer)


def unlink(world: World, pick: int) -> None:
    row = _of(EvidenceLink.objects.live(), pick)
    proof.withdraw_link(row, reason="Wrong", actor=world.officer)


def withdraw(world: World, pick: int) -> None:
    item = _of(Evidence.objects.filter(withdrawn_at__isnull=True), pick)
    proof.withdraw_evidence(item, reason="Old", seen=item.version, actor=world.officer)


Act = Callable[[World, int], None]
ACTS: tuple[Act, ...] = (
    *(register, rely, start_risk, assess, give, oblige),  # the first six begin a world
    *(amend, turn, tell_apart, take_back, test_it, add_own, submit, settle, release),
    *(rename_system, describe_system, scope_system, move_system, stop_relying, rescope, edit_risk, accept, end_risk),
    *(edit_assessment, edit_parts, end_parts, submit_assessment, decide_assessment, revise),
    *(renew, expect, retitle, link, unlink, withdraw),
)  # fmt: skip
