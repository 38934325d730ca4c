"""Everything an AIMS can hold, made through the actions, with its word in each text."""

from copy import deepcopy
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from accounts import clock
from accounts.context import acting_in
from accounts.models import User
from aims.actions import (
    Description,
    Duty,
    Scope,
    describe,
    edit_obligation,
    invite,
    invite_owner_by_name,
    oblige,
    set_criteria,
    state_scope,
    withdraw_obligation,
)
from aims.judging import bands_up_to, judging_of
from aims.models import Aims, Obligation
from aims.queries import current_criteria
from assessments.actions import (
    Answer,
    accept_risk,
    add_impact,
    add_measure,
    add_party,
    answer_triggers,
    decide_assessment,
    edit_assessment,
    register_risk,
    report_trigger,
    start_assessment,
    submit_assessment,
    treat,
)
from assessments.models import Assessment, Decision, Risk
from assessments.screening.actions import answer_screening, begin_screening
from assessments.sections.actions import answer_question, comment_on, name_co_author
from assessments.triggers.kinds import TriggerKind
from audits.actions import plan_milestone
from audits.models import MilestoneKind
from changes.actions import Measured, Said, approve_change, describe_change, meet_by_result, say_touched, waive
from changes.models import ChangeRecord
from controls.models import Requirement
from duties.actions import open_task
from evidence.actions import (
    Content,
    expect_evidence,
    give_evidence,
    give_version,
    link_evidence,
    record_read,
    refuse_suggestion,
    withdraw_evidence,
)
from evidence.actions.suggest import Proposed, note_suggestions
from evidence.intake import taken_in
from evidence.matching.job import MATCHER
from evidence.models import File
from soa.actions import (
    add_own_control,
    amend,
    decide,
    decide_for_system,
    in_bulk,
    open_statement,
    read_in,
    record_effectiveness,
    return_version,
    submit,
)
from soa.actions import approve as approve_version
from soa.actions.reopen import Because, reopen
from soa.models import Applicability, Effectiveness, Entry
from soa.reopening.models import Cause
from systems.actions import edit_system, register, rely_on, say_scope, state_completeness, stop_relying
from systems.actions.state_completeness import covered
from systems.actions.sync import sync_systems
from systems.models import AiSystem
from systems.record.writing import fresh
from systems.sync.files import Found, Source
from tests.evidence.make import a_check, an_upload
from tests.matrix.afterwards import work_and_chain
from tests.matrix.furnish_incidents import incidents
from tests.matrix.furnish_life import along_the_life_cycle
from tests.matrix.furnish_more import people_and_doors
from tests.matrix.furnish_operations import operations
from tests.matrix.furnish_policies import policies_of
from tests.matrix.furnish_risks import planned, treated
from tests.matrix.tenant import BUILT, NOW, Tenant

FITS = {
    "deployment": {"environment": "production"},
    "classification": {"data_sensitivity": "pii", "risk_tier": "high"},
    "lifecycle": {"stage": "production"},
}
PDF = b"%PDF-1.7 % {word}\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


class Furnisher:
    """Writes the walk's things into one AIMS; `says` makes texts with the AIMS's word."""

    def __init__(self, tenant: Tenant) -> None:
        self.tenant, self.author = tenant, tenant.author
        self.owner: User = tenant.people["owner"]
        self.approver = tenant.actor("approver")

    def says(self, what: str) -> str:
        """A text of this AIMS about something; `walk` is common to both, so that a search finds both."""
        return f"{self.tenant.word} walk {what}"

    def organisation(self) -> None:
        """Description, scope, obligations, invitations."""
        about = Description(
            organisation=self.says("organisation"),
            short_name=self.says("short"),
            time_zone="Europe/Lisbon",
            roles_played=["provider", "customer"],
            jurisdictions=[self.says("land")],
            document_code=self.says("SOA"),
        )
        seen = Aims.objects.get(pk=self.tenant.aims.pk).version
        describe(about, seen=seen, actor=self.author)
        for number in range(2):
            texts = {name: self.says(f"{name} {number}") for name in ("text", "boundaries", "sites")}
            state_scope(Scope(effective_on=date(2026, 1, 5), **texts), seen=number, actor=self.author)
        criteria = replace(judging_of(current_criteria()), bands=bands_up_to(4, 9, 13))
        set_criteria(criteria, why=self.says("why"), seen=1, actor=self.author)
        invite_owner_by_name(self.says("named"), actor=self.author)
        invite(
            f"invited@{self.tenant.word}.example.org".lower(),
            name=self.says("invited"),
            roles=["owner"],
            actor=self.author,
        )

    def obligations(self) -> None:
        """One edited, one withdrawn."""
        for kind in ("law", "contract", "law"):
            texts = {name: self.says(name) for name in ("title", "party", "source", "text")}
            row = oblige(Duty(kind, owner=self.owner, **texts), actor=self.author)
        duty = Duty("law", self.says("title, edited"), owner=self.owner)
        row = edit_obligation(row, duty, seen=row.version, actor=self.author)
        withdraw_obligation(row, reason=self.says("no longer binds"), seen=row.version, actor=self.author)

    def system(self) -> AiSystem:
        """A system in scope, with a link that stands and one that ended."""
        texts = {name: self.says(name) for name in ("name", "purpose", "supplier", "model_name", "model_version")}
        about = {"owner": self.owner, "roles_played": ["provider"], "record": deepcopy(FITS)}
        row = register(actor=self.author, **about, **texts)
        row = say_scope(row, is_in_scope=True, reason=self.says("in scope"), seen=row.version, actor=self.author)
        rely_on(row, self.control("A.6.2.4"), why=self.says("relied on"), actor=self.author)
        ended = rely_on(row, self.control("A.8.5"), why=self.says("relied on once"), actor=self.author)
        stop_relying(ended, reason=self.says("ended"), seen=ended.version, actor=self.author)
        self.file_of(row)
        self.complete()
        return AiSystem.objects.get(pk=row.pk)

    def complete(self) -> None:
        """A statement that these are all, which a later one replaces."""
        seen, until = len(covered("")), date(2027, 3, 1)
        state_completeness("", method=self.says("asked"), valid_until=until, seen=seen, actor=self.author)

    def file_of(self, row: AiSystem) -> None:
        """The file that a system is kept in, with a comment of its own."""
        text = fresh(AiSystem.objects.get(pk=row.pk).record)
        path = f"{self.says('systems')}/{row.key}.yaml"
        source = Source(path, path, f"# {self.says('kept in git')}\n{text}".encode(), commit=self.says("commit"))
        assert not sync_systems(Found((source,)), actor=self.author).faults

    def control(self, code: str) -> Requirement:
        """A control of the catalogue, or of this AIMS's own."""
        return Requirement.objects.get(code=code)

    def assessment(self, system: AiSystem) -> Assessment:
        """A draft with one of each part."""
        row = start_assessment(system, actor=self.author)
        names = ("intended_use", "foreseeable_misuse", "oversight", "benefits", "system_version")
        texts = {name: self.says(name) for name in names}
        row = edit_assessment(row, seen=row.version, actor=self.author, jurisdictions=[self.says("land")], **texts)
        heard = {name: self.says(name) for name in ("name", "heard", "can_opt_out")}
        add_party(row, actor=self.author, kind="individual", per_year=12, **heard)
        impact = add_impact(
            row, actor=self.author, level="individual", description=self.says("impact"), who=self.says("who"),
            likelihood=4, severity=3, residual_likelihood=2, residual_severity=2, dimension="privacy",
            failure=self.says("failure"), affected_number=12, duration="days", reversibility="easily",
        )  # fmt: skip
        measure = {"text": self.says("measure"), "requirement": self.control("A.9.2"), "is_in_place": True}
        add_measure(impact, actor=self.author, **measure)
        answer_question(row, "scope", text=self.says("scope"), seen=0, actor=self.author)
        answer_question(row, "wider", not_applicable_because=self.says("not wider"), seen=0, actor=self.author)
        comment_on(row, "scope", text=self.says("remark"), actor=self.author)
        name_co_author(row, self.owner, actor=self.author)
        return Assessment.objects.get(pk=row.pk)

    def screening(self, system: AiSystem) -> None:
        """One that is being answered."""
        row = begin_screening(system, actor=self.author)
        told = {"scale": {"answer": "no", "note": self.says("note")}}
        answer_screening(row, answers=told, seen=row.version, actor=self.author)

    def decided(self, system: AiSystem) -> None:
        """An assessment in force."""
        row = self.assessment(system)
        row = edit_assessment(row, seen=row.version, actor=self.author, system_version=system.model_version)
        row = submit_assessment(row, seen=row.version, actor=self.author)
        said = {"reason": self.says("conditions"), "next_review_on": NOW.date() + timedelta(days=180)}
        decide_assessment(row, Decision.PROCEED, seen=row.version, actor=self.approver, **said)

    def happened(self) -> None:
        """Of what happened after an assessment one thing was answered, one was not; an exclusion was reopened."""
        row = Assessment.objects.filter(state="decided").order_by("-pk")[0]
        answered = report_trigger(row, TriggerKind.COMPLAINT, self.says("complaint"), actor=self.author)
        answer_triggers(row, {answered.pk: Answer(1, [], self.says("no effect"))}, actor=self.author)
        report_trigger(row, TriggerKind.LAW, self.says("law"), actor=self.author)
        because = Because(Cause.SCOPE, "scope:1", self.says("bounds"))
        reopen(self._row("A.10.4"), because, actor=self.author)

    def risk(self, system: AiSystem) -> None:
        """A treated risk whose rest was accepted, and one that waits for it."""
        scores = {"likelihood": 4, "severity": 4, "residual_likelihood": 2, "residual_severity": 3, "option": "modify"}
        texts = {"title": self.says("risk"), "source": self.says("source")}
        for _turn in range(2):
            row = register_risk(actor=self.author, system=system, owner=self.owner, **texts, **scores)
            treat(row, self.control("A.6.2.6"), actor=self.author)
        row.refresh_from_db()
        accept_risk(row, reason=self.says("acceptable"), seen=row.version, actor=self.approver)
        planned(self.tenant, self.says, self.approver)
        words = ("description", "plan", "consequence_organisation", "consequence_individuals", "consequence_societies")
        texts |= {name: self.says(name) for name in words} | {"objective": self.says("objective")[:80]}
        texts["reference"] = f"{self.says('reference')[:50]} {Risk.objects.count()}"
        register_risk(actor=self.author, system=system, owner=self.owner, **texts, **scores)
        treated(self.tenant, self.says)
        planned(self.tenant, self.says)

    def evidence(self, system: AiSystem) -> None:
        """A file, a link, a note and a result; one awaited, one withdrawn, one with a second version, one read."""
        serves = [self.control("A.2.2"), self.control("A.6.2.4")]
        dates = {"made_on": date(2026, 5, 1), "renew_by": date(2027, 5, 1), "change_note": self.says("first")}
        about = {"owner": self.owner, "actor": self.author, "requirements": serves, "system": system}
        item = self._given(self.says("file"), about, dates)
        with taken_in([self._upload("second")]) as files:
            give_version(
                item, Content(files=files, note=self.says("note"), change_note=self.says("second")), actor=self.author
            )
        link_evidence(
            item, [self.control("A.7.4")], actor=self.author, reason=self.says("reason"), system_version=self.says("v")
        )
        for content in (
            Content(link=f"https://{self.tenant.word}.example.org/minutes", note=self.says("note"), **dates),
            Content(result={"found": self.says("result")}, **dates),
            Content(note=self.says("note"), **dates),
        ):
            last = give_evidence(content, title=self.says(content.form), **about)
        withdraw_evidence(last, reason=self.says("wrong"), seen=last.version, actor=self.author)
        expect_evidence(self.says("awaited"), actor=self.author, requirements=serves, owner=self.owner)
        record_read(File.objects.latest("pk"), actor=self.author).close()
        self._suggested(item)

    def _suggested(self, item) -> None:  # type: ignore[no-untyped-def]
        """Open suggestions for two controls, one refused."""
        codes = ("A.6.2.5", "A.6.2.6", "A.6.2.7", "A.6.2.8", "A.9.4")
        proposed = [Proposed(code, 60, self.says("passage"), self.says("source")) for code in codes]
        made = note_suggestions(
            item.versions.order_by("-number")[0], proposed, matcher=self.says("matcher"), actor=MATCHER
        )
        refuse_suggestion(made[0], actor=self.author, reason=self.says("refused"))

    def _given(self, title: str, about: dict, dates: dict):  # type: ignore[no-untyped-def,type-arg]
        with taken_in([self._upload("first")]) as files:
            return give_evidence(Content(files=files, **dates), title=title, **about)

    def _upload(self, name: str):  # type: ignore[no-untyped-def]
        data = PDF.replace(b"{word}", self.says(name).encode())
        return an_upload(f"{self.says(name)}.pdf", data)

    def change(self, system: AiSystem) -> None:
        """A change that was approved, and one that is open."""
        edited = self._edited(system, "next")
        row = ChangeRecord.objects.filter(system=system).latest("pk")
        texts = {"title": self.says("change"), "summary": self.says("summary")}
        row = describe_change(row, **texts, seen=row.version, actor=self.author)
        result = Measured(self.says("benchmark"), Decimal("0.9"), Decimal("0.8"), note=self.says("note"))
        demand = meet_by_result(row, result, seen=row.version, actor=self.author)
        demand = waive(row, "canary", reason=self.says("small"), seen=demand.change.version, actor=self.author)
        said = {thing.pk: Said("none", self.says("because")) for thing in row.touched.all()}
        row = say_touched(row, said, seen=demand.change.version, actor=self.author)
        approve_change(row, reason=self.says("fine"), seen=row.version, actor=self.approver)
        self._edited(edited, "after next")

    def _edited(self, system: AiSystem, version: str) -> AiSystem:
        row = AiSystem.objects.get(pk=system.pk)
        return edit_system(row, model_version=self.says(version), seen=row.version, actor=self.author)

    def statement(self, system: AiSystem, times: int) -> None:
        """A row of each kind; one version returned, one superseded, one in force, and a draft that drifted."""
        open_statement(actor=self.author)
        own = [
            add_own_control(self.says("own"), summary=self.says("asks"), actor=self.author)
            for _turn in range(times + 1)
        ]
        codes = list(Entry.objects.values_list("requirement__code", flat=True))
        for row in Entry.objects.with_names():
            decide(row, Applicability.INCLUDED, why=self.says("why"), seen=row.version, actor=self.author)
        in_bulk(codes, {"implementation": "implemented"}, actor=self.author)
        self._details(system, own[-1].requirement.code)
        version = submit(self.tenant.aims, summary=self.says("returned"), actor=self.author)
        return_version(version, reason=self.says("not yet"), seen=version.version, actor=self.approver)
        for turn in range(times + 1):
            row = self._row("A.2.3")
            amend(row, {"how": self.says(f"how, turn {turn}")}, seen=row.version, actor=self.author)
            self._approved(f"turn {turn}")
        row = self._row("A.2.3")
        amend(row, {"notes": self.says("drifted")}, seen=row.version, actor=self.author)
        data = f"Control,Applicable,Justification,Owner\nA.2.2,Yes,{self.says('brought')},{self.says('named')}\n"
        read_in(data.encode(), f"{self.says('import')}.csv", self.tenant.aims, actor=self.author)

    def _details(self, system: AiSystem, own: str) -> None:
        row = self._row("A.2.2")
        texts = {name: self.says(name) for name in ("how", "how_document", "notes", "provider", "agreement")}
        more = {"expects_evidence": False, "no_evidence_reason": self.says("none"), "performed_by": "provider"}
        reasons = [{"code": "LG", "ref": f"obligation:{Obligation.objects.order_by('pk')[0].code}"}]
        row = amend(row, texts | more | {"owner": self.owner, "reasons": reasons}, seen=row.version, actor=self.author)
        record_effectiveness(row, Effectiveness.EFFECTIVE, source=self.says("test"), actor=self.tenant.actor("auditor"))
        row = self._row("A.10.4")
        decide(row, Applicability.EXCLUDED, why=self.says("nobody"), seen=row.version, actor=self.author)
        apart = {"applicability": Applicability.EXCLUDED, "why": self.says("apart"), "implementation": ""}
        decide_for_system(self._row(own), system, seen=0, actor=self.author, **apart)

    def _row(self, code: str) -> Entry:
        row: Entry = Entry.objects.with_names().get(requirement__code=code)
        return row

    def _approved(self, summary: str) -> None:
        version = submit(self.tenant.aims, summary=self.says(summary), actor=self.author)
        given = {"digest": version.digest, "confirms_warnings": True, "note": self.says("note")}
        approve_version(version, seen=version.version, actor=self.approver, **given)

    def dates(self) -> None:
        """The cycle, and a task for everybody."""
        texts = {"body": self.says("body"), "reference": self.says("reference")}
        for kind, day in (
            (MilestoneKind.SURVEILLANCE_1, date(2026, 9, 22)),
            (MilestoneKind.EXPIRES, date(2028, 10, 29)),
        ):
            plan_milestone(kind=kind, due_on=day, owner=self.owner, actor=self.author, **texts)
        for user in self.tenant.people.values():
            about = {"owner_id": user.pk, "due_on": date(2026, 7, 1), "address": f"/a/{self.tenant.aims.slug}/"}
            open_task("walk", f"{self.says('subject')} {user.pk}", self.says("task"), **about)
        a_check(self.author)


def furnish(tenant: Tenant, times: int = 1) -> None:
    """Fill an AIMS; one that is filled `times` over has codes that the other lacks."""
    made = Furnisher(tenant)
    with clock.standing_at(BUILT + timedelta(hours=1)), acting_in(tenant.aims, tenant.author):
        made.organisation()
        systems = []
        for turn in range(times):
            made.obligations()
            system, moving = made.system(), made.system()
            systems.append(system)
            for row in (system, moving):
                made.decided(row)
                made.screening(row)
                along_the_life_cycle(tenant, row, made.says, is_waiting=row is moving)
            operations(tenant, made.says, system, turn)
            made.assessment(made.system())
            made.risk(system)
            incidents(tenant, made.says, made.system())
            made.evidence(system)
        policies_of(made.tenant, made.says, times)
        made.statement(system, times)
        for row in systems:
            made.change(row)
        made.happened()
        made.dates()
        people_and_doors(tenant, made.says, times)
        work_and_chain(tenant, made.says, times)
