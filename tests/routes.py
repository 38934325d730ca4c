"""Every named address of the project, who may use it, and what its parameters name: `tests/matrix/` walks it.

A new address needs a row here, and a new parameter a line in `NAMING` or `PLAIN`. `made` finds or makes the things that
the address names, acting in the AIMS, and returns the parameters; inside an AIMS the slug is filled in. `may` are the
roles that may write by the method `writes`, `sees` those that may read; `only_people` keeps services and agents from
writing, `in_person` every token, since none can step up. `posted` is an older way to say `may`: what
somebody who may only read gets for a POST (403: stewards may; 405: it only shows; anything else: everybody may).
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from accounts.actor import Actor
from accounts.roles import EVERYONE, INSIDERS, STEWARDS, WRITERS, Role
from reports.permissions import PACKERS
from tests.matrix import things, things_of_incidents, things_of_risks

Params = dict[str, Any]
Roles = frozenset[Role]
Thing = Callable[[Actor], Params]
READS = frozenset({405})
VERB = frozenset({403})
VERB_ON_NOTHING = frozenset({403, 404})
NOBODY: Roles = frozenset()
READ_FIRST = frozenset({400, 403})  # the body says what may be done, so it is read first
A_VIEW = {"page": "evidence:list", "name": "Walked", "query": "tab=due", "is_shared": False}
AN_ANSWER = {"seen": 1, "text": "Walked", "not_applicable_because": ""}
A_SIGNAL = things.of_system(key="walked", name="Walked", kind="quality")
A_BENCHMARK = things.of_system(name="Walked", metric="recall", threshold=0.5)
A_RUN = things.of_system(benchmark="Walked", metrics={"recall": 0.9})
SAMPLES = {"numbers": [float(number) for number in range(60)]}
A_TOKEN = {"kind": "personal", "name": "Walked", "scopes": ["read"], "expires_at": "2026-09-01T00:00:00Z"}
A_MOVE = {"stage": "retired", "mode": "continue", "reason": "Walked"}
A_REFUSAL = {"mode": "refuse"}
A_RESULT = {"benchmark": "Walked", "value": "0.9", "threshold": "0.8"}
ADMINISTRATORS = frozenset({Role.ADMINISTRATOR})
APPROVERS = frozenset({Role.APPROVER})


@dataclass(frozen=True, slots=True)
class Route:
    """How one address is to be asked and how it answers."""

    sample: Params = field(default_factory=dict)
    made: Thing | None = None
    posted: frozenset[int] = READS
    is_public: bool = False
    gets: bool = True
    may: Roles | None = None
    sees: Roles | None = None
    writes: str = "POST"
    only_people: bool = False
    in_person: bool = False
    body: Params | Thing | None = None
    asks: tuple[str, ...] = ()
    is_refused: bool = False
    shows_shared: bool = False
    closed: frozenset[int] = VERB

    def params(self, officer: Actor) -> Params:
        """The parameters, with the things they name made first."""
        return self.made(officer) if self.made else self.sample

    @property
    def writers(self) -> Roles:
        """Who may write."""
        if self.may is not None:
            return self.may
        if 403 in self.posted:
            return STEWARDS
        return NOBODY if self.posted == READS else INSIDERS

    @property
    def readers(self) -> Roles:
        """Who may read."""
        return INSIDERS if self.sees is None else self.sees

    def more(self, actor: Actor) -> Params:
        """What a body that is taken holds besides what can be told from its fields."""
        return self.body(actor) if callable(self.body) else self.body or {}


def public(**sample: Any) -> Route:
    """An address that anybody may ask for."""
    return Route(sample, is_public=True)


def page(made: Thing | None = None, *, sees: Roles | None = None, asks: tuple[str, ...] = (), **sample: Any) -> Route:
    """An address that only shows; it is closed to seats."""
    return Route(sample, made, sees=sees, asks=asks)


def shared(made: Thing, *, sees: Roles | None = None) -> Route:
    """An address that shows one thing, to a seat only if it is shared: else as if it were not there."""
    return Route(made=made, sees=sees, shows_shared=True)


def form(
    made: Thing | None = None, *, may: Roles = STEWARDS, sees: Roles | None = None, body: Any = None, **sample: Any
) -> Route:
    """A page with a form: who may use it may ask for it, and others only if `sees` says so."""
    return Route(sample, made, VERB, may=may, sees=may if sees is None else sees, body=body)


def verb(
    made: Thing | None = None, *, may: Roles | None = None, body: Any = None, only_people: bool = False, **sample: Any
) -> Route:
    """An address that is only posted to; without `made` its sample names nothing, so 404 may come first."""
    posted = VERB if made or not sample else VERB_ON_NOTHING
    return Route(sample, made, posted, gets=False, may=may, body=body, only_people=only_people)


def unmade(**sample: Any) -> Route:
    """A page with a form about something that the table does not make yet."""
    return Route(sample, None, VERB_ON_NOTHING)


OUTSIDE = {
    "home": page(),
    "start": form(),
    "first_run": public(),
    "ai_system_schema": public(),
    "healthz": public(),
    "readyz": public(),
    "metrics": public(),
    "me": page(),
    "token_issue": Route(gets=False),
    "token_revoke": Route(made=things.token, gets=False, posted=VERB),
    "invitation": public(secret="1-nothing"),
    "accept_invitation": public(),
    "account_login": public(),
    "account_logout": public(),
    "account_change_password": page(),
    "account_reset_password": public(),
    "account_reset_password_done": public(),
    "account_reset_password_from_key": public(uidb36="1", key="nothing"),
    "account_reset_password_from_key_done": public(),
    "account_signup": public(),
    "account_inactive": public(),
    "email_change": page(),
    "email_confirm": page(token="nothing"),
    "confirm": page(),
    "go_on": page(key="nothing"),
    "account_reauthenticate": page(),
    "mfa_reauthenticate": page(),
    "mfa_reauthenticate_webauthn": page(),
    "mfa_authenticate": public(),
    "mfa_index": page(),
    "mfa_activate_totp": page(),
    "mfa_deactivate_totp": page(),
    "mfa_view_recovery_codes": page(),
    "mfa_generate_recovery_codes": page(),
    "mfa_download_recovery_codes": page(),
    "mfa_list_webauthn": page(),
    "mfa_add_webauthn": page(),
    "mfa_edit_webauthn": page(pk=1),
    "mfa_remove_webauthn": page(pk=1),
    "mfa_login_webauthn": public(),
    "usersessions_list": page(),
    "sessions_end_others": Route(gets=False),
    "session_end": Route({"pk": 1}, gets=False),
}
DESK = {
    "desk:overview": page(sees=EVERYONE),  # a seat is led to its own page
    "desk:seat": Route(sees=frozenset({Role.CERTIFIER}), closed=frozenset({404})),
    "desk:search": page(),
    "desk:remove_demo": verb(things.demo, body={"confirm": "remove"}),
}
AIMS = {
    "aims:settings": form(sees=INSIDERS),
    "aims:views": page(),
    "aims:view_save": verb(may=INSIDERS, body=A_VIEW),
    "aims:view_all": verb(may=INSIDERS, body={"page": "evidence:list"}),
    "aims:view": form(things.view),
    "aims:view_begin": verb(things.view, may=INSIDERS),
    "aims:view_delete": verb(things.view),
    "aims:deputy_name": form(
        things.role, may=frozenset({Role.ADMINISTRATOR, Role.REVIEWER}), body={"valid_until": "2026-08-01"}
    ),  # a reviewer's own
    "aims:deputy_end": form(things.deputy, may=frozenset({Role.ADMINISTRATOR, Role.REVIEWER})),
    "aims:seat_new": form(body=things.a_new_seat),
    "aims:seat": page(things.seat, sees=STEWARDS),
    "aims:seat_date": form(things.seat, body={"valid_until": "2026-09-01"}),
    "aims:share": form(),
    "aims:unshare": form(things.share),
    "aims:scope": form(sees=INSIDERS),
    "aims:obligations": page(),
    "aims:obligation_new": form(),
    "aims:obligation": form(things.obligation, sees=INSIDERS),
    "aims:obligation_withdraw": form(things.obligation),
    "aims:people": page(),
    "aims:invite": form(),
    "aims:grant": form(),
    "aims:revoke": form(things.role),
    "aims:invitation": form(things.named),
}
SIGNON = {
    "signon_find": public(),
    "signon_door": public(organisation="nobody"),
    **{
        f"signon_{name}": public(organisation="nobody", code="IDP-99")
        for name in ("start", "callback", "finish", "metadata")
    },
    "signon_acs": Route({"organisation": "nobody", "code": "IDP-99"}, gets=False, is_public=True),
    "signon_unlink": Route({"organisation": "nobody", "pk": 1}, gets=False),
    "signon:providers": page(),
    "signon:require": verb(may=ADMINISTRATORS),
    "signon:new": form(may=ADMINISTRATORS),
    "signon:provider": form(things.provider, may=ADMINISTRATORS, body=things.issuer),
    "signon:withdraw": form(things.provider, may=ADMINISTRATORS),
    "signon:cut": verb(things.identity, may=ADMINISTRATORS),
}
SYSTEMS = {
    "systems:list": page(),
    "systems:new": form(),
    "systems:files": form(sees=INSIDERS, body=things.a_register),
    "systems:export": page(form="zip"),
    "systems:detail": page(things.system),
    "systems:scopes": form(body=things.listed_systems),
    "systems:inventory": page(),
    "systems:inventory_file": page(form="csv"),
    "systems:completeness": page(),
    "systems:state": form(body=things.all_systems),
    "systems:take_back": form(things.completeness),
    "systems:section": form(things.section_of_a_record, may=WRITERS),
    "systems:yaml": form(things.system, may=WRITERS, sees=INSIDERS, body=things.a_record),
    "systems:yaml_file": page(things.system),
    "systems:applies": page(things.system),
    "systems:eu": form(things.system, may=WRITERS, sees=INSIDERS),
    "systems:asked": page(control="A.7.5"),
    "systems:asked_table": page(control="A.7.5"),
    "systems:scope": form(things.system),
    "systems:stage": form(things.system, may=WRITERS),
    "systems:advise": form(things.system, may=frozenset({Role.REVIEWER})),  # the officer for data protection
    "systems:moves": page(things.system),
    "systems:move": page(things.waiting_move),
    "systems:sign": verb(things.waiting_move, may=APPROVERS, body=things.seen_move),
    "systems:refuse": verb(things.waiting_move, may=APPROVERS, body=things.seen_move),
    "systems:withdraw_move": verb(things.waiting_move, body=things.seen_move),
    "systems:meet": verb(things.condition, may=WRITERS, body=things.seen_condition),
    "systems:gates": page(),
    "systems:gate": form(things.ruled_control, sees=INSIDERS),
    "systems:name_function": form(body={"name": "Product owner"}),
    "systems:end_function": form(things.function),
    "systems:rely": form(things.system, may=WRITERS),
    "systems:let_go": form(things.reliance, may=WRITERS),
}
POLICIES = {
    "policies:list": page(),
    "policies:new": form(body=things.policy_text),
    "policies:detail": page(things.policy),
    "policies:revise": form(things.policy, body=things.policy_again),
    "policies:switch": form(things.policy),
    "policies:version": page(things.policy_version),
    "judging:runs": page(),
    "judging:ask": verb(may=WRITERS),
    "judging:system": page(things.system),
    "judging:ask_for_one": verb(things.system, may=WRITERS),
}
OPERATIONS = {
    "operations:portfolio": page(),
    "operations:signals": page(things.system),
    "operations:signal": page(things.signal),
    "operations:export": page(things.system),
    "operations:evaluations": page(things.system),
    "operations:evaluation": page(things.evaluation),
    "operations:declare": form(things.system, may=WRITERS, body={"key": "walked"}),
    "operations:upload": form(things.system, may=WRITERS, body=things.a_result_file),
    "operations:limits": form(things.signal, may=WRITERS),
    "operations:answer": form(things.crossing, may=WRITERS),
    "operations:benchmark": form(things.system, may=WRITERS),
    "operations:drop_benchmark": form(things.benchmark, may=WRITERS),
    "operations:withdraw": form(things.evaluation, may=WRITERS),
}
INCIDENTS = {
    "incidents:list": page(),
    "incidents:export": page(),
    "incidents:new": form(may=INSIDERS),
    "incidents:detail": page(things_of_incidents.incident),
    "incidents:edit": form(things_of_incidents.incident, may=WRITERS),
    "incidents:note": form(things_of_incidents.incident, may=INSIDERS),
    **{
        f"incidents:{name}": form(things_of_incidents.incident, may=WRITERS)
        for name in ("triage", "contain", "link", "plan")
    },
    "incidents:move": form(things_of_incidents.resolved_incident, may=WRITERS),
    "incidents:unlink": form(things_of_incidents.incident_link, may=WRITERS),
    "incidents:finish": form(things_of_incidents.incident_action, may=WRITERS),
    "incidents:drop": form(things_of_incidents.incident_action, may=WRITERS),
    "incidents:send": form(things_of_incidents.notification, may=WRITERS),
    "incidents:decline": form(things_of_incidents.notification, may=WRITERS),
    "incidents:runbooks": page(),
    "incidents:runbook": page(things_of_incidents.runbook),
    "incidents:new_runbook": form(),
    "incidents:edit_runbook": form(things_of_incidents.runbook),
    "incidents:drill": form(things_of_incidents.runbook),
    "incidents:duties": page(),
    "incidents:new_duty": form(),
    "incidents:end_duty": form(things_of_incidents.own_duty),
}
DECIDERS = STEWARDS | APPROVERS
CHANGES = {
    "changes:list": page(),
    "changes:new": form(may=WRITERS, body=things.system_to_change),
    "changes:export": page(),
    "changes:compare": page(),
    "changes:detail": page(things.change),
    "changes:describe": form(things.change, may=WRITERS),
    "changes:meet": form(things.demanded("evaluation"), may=WRITERS, body=A_RESULT),
    "changes:waive": form(things.demanded("canary"), may=WRITERS),
    "changes:touched": form(things.change, may=WRITERS),
    "changes:emergency": form(things.change, may=WRITERS),
    "changes:approve": form(things.ready_change, may=DECIDERS),
    "changes:refuse": form(things.change, may=DECIDERS),
    "changes:withdraw": form(things.plan, may=WRITERS),
    "changes:take_effect": verb(things.approved_change, may=WRITERS, body=things.seen_approved),
}
ASSESSMENTS = {
    "criteria:page": form(sees=INSIDERS),
    "criteria:compare": page(),
    "criteria:untreated": page(),
    "criteria:earlier": page(),
    "criteria:judge-assessment": verb(things.assessment, may=WRITERS),
    "criteria:judge-risk": verb(things.risk, may=WRITERS),
    "assessments:list": page(),
    "assessments:new": form(may=WRITERS),
    "assessments:detail": shared(things.assessment),
    "assessments:portfolio": page(),
    "assessments:history": page(things.only(things.any_system, code="system")),
    "assessments:screenings": page(),
    "assessments:screen": form(may=WRITERS, body=things.unscreened),
    "assessments:screening": form(things.screening, may=WRITERS, sees=INSIDERS),
    "assessments:screening-sign": verb(
        things.waiting_screening, may=frozenset({Role.OFFICER, Role.APPROVER}), body=things.a_year_on
    ),
    "assessments:screening-return": verb(
        things.waiting_screening, may=STEWARDS | {Role.APPROVER, Role.REVIEWER}, body=things.seen_screening
    ),
    "assessments:screening-start": verb(things.due_screening, may=WRITERS),
    "assessments:answer": verb(things.question, may=WRITERS, body=AN_ANSWER),
    "assessments:comment": verb(things.section, may=INSIDERS - {Role.AUDITOR}, body={"text": "Walked"}),
    "assessments:settle-comment": verb(things.comment, may=WRITERS),
    "assessments:co-authors": form(things.assessment, may=WRITERS),
    "assessments:withdraw-co-author": verb(things.co_author, may=WRITERS),
    "assessments:risks": page(),
    "assessments:risk": page(things.risk),
    "assessments:new-risk": form(may=WRITERS),
    "assessments:import-risks": form(may=WRITERS, body=things_of_risks.a_register_of_risks),
    "assessments:threats": page(),
    "assessments:plan": page(),
    "assessments:plan-workbook": page(),
    "assessments:submit-plan": form(things_of_risks.none_waits),
    "assessments:treatment-plan": page(things_of_risks.waiting_plan),
    "assessments:treatment-plan-workbook": page(things_of_risks.waiting_plan),
    "assessments:approve-plan": form(things_of_risks.waiting_plan, may=APPROVERS),
    "assessments:return-plan": form(things_of_risks.waiting_plan, may=DECIDERS),
    "assessments:verify-risk": form(things.risk, may=STEWARDS | {Role.AUDITOR, Role.REVIEWER}),
    "assessments:feed": form(things.risk, may=WRITERS, body=things_of_risks.an_impact),
    "assessments:stop-feeding": verb(things_of_risks.feeding, may=WRITERS),
    "assessments:edit-risk": form(things.risk, may=WRITERS),
    "assessments:treat": form(things.risk, may=WRITERS),
    "assessments:accept-risk": form(things.risk, may=frozenset({Role.OFFICER, Role.OWNER, Role.APPROVER})),
    "assessments:withdraw-risk": form(things.risk, may=WRITERS),
    "assessments:stop-treating": verb(things.treatment, may=WRITERS),
    "assessments:markdown": page(things.assessment),
    "assessments:purpose": form(things.assessment, may=WRITERS),
    "assessments:scores": verb(things.assessment, may=WRITERS),
    "assessments:submit": verb(things.assessment, may=WRITERS, body=things.seen_draft),
    "assessments:return": form(things.submitted_assessment, may=STEWARDS | {Role.APPROVER, Role.REVIEWER}),
    "assessments:decide": form(things.submitted_assessment, may=APPROVERS, body=things.a_decision),
    "assessments:revise": form(things.decided_assessment, may=WRITERS),
    "assessments:triggers": form(things.open_trigger, may=WRITERS, sees=INSIDERS, body=things.an_answer),
    "assessments:report-trigger": form(things.decided_assessment, may=INSIDERS),
    **{f"assessments:new-{kind}": form(things.assessment, may=WRITERS) for kind in ("party", "impact", "measure")},
    **{f"assessments:{kind}": form(getattr(things, kind), may=WRITERS) for kind in ("party", "impact", "measure")},
    **{
        f"assessments:withdraw-{kind}": verb(getattr(things, kind), may=WRITERS)
        for kind in ("party", "impact", "measure")
    },
}
EVIDENCE = {
    "evidence:list": page(),
    "evidence:upload": form(may=WRITERS),
    "evidence:export": page(),
    "evidence:integrity": page(),
    "evidence:check_integrity": verb(may=INSIDERS),
    "evidence:integrity_progress": page(),
    "evidence:stop_check": verb(things.check_under_way),
    "evidence:detail": shared(things.evidence),
    **{f"evidence:{name}": form(things.evidence, may=WRITERS) for name in ("renew", "edit", "link", "withdraw")},
    "evidence:scan": verb(things.evidence),
    "evidence:unlink": form(things.evidence_link, may=WRITERS),
    "evidence:accept_suggestion": verb(things.suggestion, may=WRITERS),
    "evidence:refuse_suggestion": verb(things.suggestion, may=WRITERS),
    "evidence:download": shared(things.file),
}
SOA = {
    "soa:workbench": page(),
    "soa:open": verb(),
    "soa:checks": page(),
    "soa:applies": page(),
    "soa:bulk": verb(body={"control": ["A.2.2"], "implementation": "partly"}),
    "soa:area": verb(body={"control": ["A.2.2"]}),
    "soa:own": form(),
    "soa:take": verb(body={"control": ["A.6.2.6"]}),
    "soa:renew": form(),
    "soa:import": form(body=things.a_spreadsheet),
    "soa:intake": form(things.intake, body={"flagged": "0"}),
    "soa:export": page(form="xlsx"),
    "soa:submit": form(sees=INSIDERS),
    "soa:versions": page(),
    "soa:version": shared(things.version),
    "soa:approve": verb(things.waiting_version, may=APPROVERS, body=things.shown_version),
    "soa:return": verb(things.waiting_version, may=APPROVERS, body=things.shown_version),
    "soa:compare": page(),
    "soa:entry": form(things.own_control, sees=INSIDERS),
    "soa:decide": verb(things.own_control),
    "soa:undo": verb(things.row_of_the_chief, body=things.seen_row),
    "soa:row": page(things.own_control),
    "soa:system": verb(things.row_for_system),
}
AUDITS = {
    "audits:cycle": page(),
    "audits:plan": form(),
    "audits:edit": form(things.milestone),
    "audits:hold": form(things.milestone, may=WRITERS),
    "audits:withdraw": form(things.milestone),
}
TRACE = {
    "trace:records": page(asks=("q", "actor", "event", "kind", "subject", "role", "membership")),
    "trace:record": page(things.record_number),
    "trace:verify": verb(may=INSIDERS),
    "trace:verification": page(),
    "trace:export": page(),
    "trace:lineage": page(),
    "trace:proof": shared(things.record_number),
    "trace:raw": shared(things.record_number),
    "trace:erase": form(things.erasable, body={"parts": ["rationale"]}),
    "trace:sign": verb(may=INSIDERS),
    "trace:anchors": page(),
    "trace:rotate": form(may=ADMINISTRATORS),
    "trace:send": verb(may=STEWARDS | {Role.AUDITOR}, body=things.renamed(things.certifier, pk="membership")),
    "trace:token": shared(things.timestamp),
    "trace:resume": Route(may=ADMINISTRATORS, sees=ADMINISTRATORS, is_refused=True),  # nothing was lost
    "trace:set_aside": form(things.forged_record, may=ADMINISTRATORS),
    "trace:checkpoint": shared(things.checkpoint),
}
REPORTS = {
    "reports:treatment-plan": page(things_of_risks.approved_plan),
    "reports:list": page(),
    "reports:ask": verb(may=INSIDERS),
    "reports:ask-portfolio": verb(may=INSIDERS),
    "reports:ask-assessment": verb(things.assessment, may=INSIDERS),
    "reports:packs": page(),
    "reports:pack_ask": verb(may=PACKERS),
    "reports:pack": page(things.pack),
    "reports:pack_cancel": verb(things.waiting_pack),
    "reports:pack_again": verb(things.pack, may=PACKERS),
    "reports:pack_download": shared(things.pack, sees=PACKERS),
    "reports:row": page(things.waiting_report),
    "reports:cancel": verb(things.waiting_report),
    "reports:again": verb(things.report, may=INSIDERS),
    "reports:download": shared(things.report),
    "reports:certificate": form(may=ADMINISTRATORS, sees=INSIDERS, body=things.a_certificate_file),
    "reports:certificate_renew": verb(may=ADMINISTRATORS),
    "reports:certificate_pem": page(things.certificate),
}
_DRAFT = things.by_ref(things.assessment)
_QUESTION = things.question_by_ref
_SUBMITTED = things.by_ref(things.submitted_assessment)
_DECIDED = things.by_ref(things.decided_assessment)
_IMPACT = things.by_ref(things.impact)
_PARTS = {kind: things.by_ref(getattr(things, kind)) for kind in ("party", "impact", "measure")}
_RUN = things.only(things.evaluation, run="code")
_SYSTEM_LINK = things.renamed(things.reliance, pk="link")
_SUGGESTION = things.renamed(things.suggestion, pk="suggestion")
_EVIDENCE_LINK = things.renamed(things.evidence_link, pk="link")
_ROW = things.renamed(things.row_for_system, system_code="system")
_WAITING = things.by_number(things.waiting_version)
_INCIDENT_LINK = things.renamed(things_of_incidents.incident_link, pk="part")
_INCIDENT_ACTION = things.renamed(things_of_incidents.incident_action, pk="part")
_NOTIFICATION = things.renamed(things_of_incidents.notification, pk="part")
_SHARED = things.renamed(things.share_of_seat, share_pk="share")
_FILE = things.renamed(things.file, file_id="file")
UPKEEP = {
    "upkeep:work": page(sees=ADMINISTRATORS),
    "upkeep:retry": verb(things.dead_job, may=ADMINISTRATORS),
    "upkeep:give_up": verb(things.dead_job, may=ADMINISTRATORS),
    "upkeep:mail": verb(things.failed_mail, may=ADMINISTRATORS),
}
API = {
    "api:schema": public(),
    "api:docs": page(),
    "api:nothing": public(rest="nothing/"),
    "api:policies-list": Route(posted=VERB, body=things.policy_text, only_people=True),
    "api:policies-detail": Route(
        made=things.policy, may=STEWARDS, writes="PATCH", body=things.policy_again, only_people=True
    ),
    "api:policies-switch": verb(things.policy, only_people=True),
    "api:policy_results-list": page(),
    "api:policy_runs-list": Route(may=WRITERS),
    "api:changes-list": Route(may=WRITERS, only_people=True, body=things.system_to_change_by_code),
    "api:changes-detail": Route(made=things.change, may=WRITERS, writes="PATCH", only_people=True),
    "api:changes-result": verb(things.change, may=WRITERS, body=A_RESULT),
    "api:changes-canary": verb(things.change, may=WRITERS, body={"share": "5", "hours": 4, "has_passed": True}),
    "api:changes-meet": Route(
        made=things.purpose_of_plan, gets=False, may=WRITERS, is_refused=True, body={"reference": "assessment:IA-1@1"}
    ),
    "api:changes-waive": verb(things.demanded("canary"), may=WRITERS, only_people=True),
    "api:changes-touched": verb(things.change, may=WRITERS, only_people=True, body=things.what_it_touches),
    "api:changes-emergency": verb(things.change, may=WRITERS, only_people=True),
    "api:changes-approve": Route(made=things.ready_change, gets=False, may=DECIDERS, in_person=True),
    "api:changes-refuse": Route(
        made=things.change, gets=False, may=DECIDERS, in_person=True, body={"reason": "Walked"}
    ),
    "api:changes-withdraw": verb(things.plan, may=WRITERS, only_people=True),
    "api:changes-in-effect": verb(things.approved_change, may=WRITERS, only_people=True),
    "api:changes_compare": page(),
    "api:systems-list": Route(posted=VERB),
    "api:systems-detail": Route(made=things.system, may=WRITERS, writes="PATCH"),
    "api:systems-scope": verb(things.system, only_people=True),
    "api:systems-moves": Route(made=things.system, may=WRITERS, only_people=True, body=A_MOVE),
    "api:systems-move": page(things.waiting_move),
    "api:systems-sign-move": Route(
        made=things.waiting_move, gets=False, may=APPROVERS, in_person=True, body={"authority": "role:approver"}
    ),
    "api:systems-refuse-move": Route(
        made=things.waiting_move, gets=False, may=APPROVERS, only_people=True, body=A_REFUSAL
    ),
    "api:systems-withdraw-move": verb(things.waiting_move, only_people=True),
    "api:systems-rely": verb(things.system, may=WRITERS),
    "api:systems-let-go": verb(_SYSTEM_LINK, may=WRITERS),
    "api:signals-list": Route(may=WRITERS, body=A_SIGNAL, closed=READ_FIRST),
    "api:signals-detail": page(things.one_signal),
    "api:signals-limits": verb(things.one_signal, may=WRITERS, only_people=True, body={"keep_days": 99}),
    "api:signals-reference": verb(things.one_signal, may=WRITERS, only_people=True, body=SAMPLES),
    "api:signals-samples": verb(things.one_signal, may=WRITERS, body=SAMPLES),
    "api:readings-list": Route(may=WRITERS, body=things.a_reading),
    "api:crossings-list": page(),
    "api:crossings-answer": verb(things.only_key(things.crossing), may=WRITERS, only_people=True),
    "api:benchmarks-list": Route(may=WRITERS, only_people=True, body=A_BENCHMARK, closed=READ_FIRST),
    "api:benchmarks-withdraw": verb(things.only_key(things.benchmark), may=WRITERS, only_people=True),
    "api:evaluations-list": Route(may=WRITERS, body=A_RUN, closed=READ_FIRST),
    "api:evaluations-detail": page(_RUN),
    "api:evaluations-uploads": Route(gets=False, may=WRITERS, body=things.an_upload_of_results, closed=READ_FIRST),
    "api:evaluations-withdraw": verb(_RUN, may=WRITERS, only_people=True),
    "api:otlp_metrics": verb(may=WRITERS, body={"resourceMetrics": []}),
    "api:otlp_traces": verb(may=WRITERS, body={"resourceSpans": []}),
    "api:completeness-list": Route(may=STEWARDS, only_people=True, body=things.all_systems, closed=VERB),
    "api:completeness-detail": page(things.completeness),
    "api:completeness-withdraw": verb(things.completeness, only_people=True),
    "api:evidence-list": Route(may=WRITERS),
    "api:evidence-detail": Route(made=things.evidence, may=WRITERS, writes="PATCH"),
    "api:evidence-give-version": verb(things.evidence, may=WRITERS),
    "api:evidence-link": verb(things.evidence, may=WRITERS),
    "api:evidence-withdraw": verb(things.evidence, may=WRITERS, only_people=True),
    "api:evidence-unlink": verb(_EVIDENCE_LINK, may=WRITERS, only_people=True),
    "api:evidence-suggestions": page(things.evidence),
    "api:evidence-accept-suggestion": verb(_SUGGESTION, may=WRITERS, only_people=True),
    "api:evidence-refuse-suggestion": verb(_SUGGESTION, may=WRITERS, only_people=True),
    "api:evidence-download": page(_FILE),
    "api:soa_statement": Route(may=STEWARDS, only_people=True),
    "api:evidence-scan": Route(made=things.evidence, gets=False, may=STEWARDS, is_refused=True),
    "api:organisation": Route(may=STEWARDS, writes="PATCH", only_people=True),
    "api:criteria": Route(may=STEWARDS, only_people=True, body=things.other_criteria),
    "api:criteria_versions": page(),
    "api:criteria_compare": page(),
    "api:scope-list": Route(may=STEWARDS, only_people=True, body=things.seen_scope),
    "api:obligations-list": Route(may=STEWARDS, only_people=True),
    "api:obligations-detail": Route(made=things.obligation, may=STEWARDS, writes="PATCH", only_people=True),
    "api:obligations-withdraw": verb(things.obligation, only_people=True),
    "api:memberships-list": Route(may=STEWARDS, only_people=True),
    "api:memberships-revoke": verb(things.role, only_people=True),
    "api:seats-list": Route(may=STEWARDS, sees=STEWARDS, only_people=True, body=things.seat_by_api, is_refused=True),
    "api:seats-detail": page(things.seat, sees=STEWARDS),
    "api:seats-date": verb(things.seat, only_people=True, body=things.another_end),
    "api:seats-share": Route(
        made=things.seat, gets=False, may=STEWARDS, only_people=True, body=things.to_share, is_refused=True
    ),
    "api:seats-unshare": verb(_SHARED, only_people=True),
    "api:deputies-list": Route(
        may=frozenset({Role.ADMINISTRATOR, Role.REVIEWER}), only_people=True, body=things.a_stand_in
    ),
    "api:deputies-end": verb(things.deputy, may=frozenset({Role.ADMINISTRATOR, Role.REVIEWER}), only_people=True),
    "api:invitations-list": Route(may=STEWARDS, only_people=True),
    "api:invitations-send": verb(things.named, only_people=True),
    "api:tokens-list": Route(may=INSIDERS, in_person=True, body=A_TOKEN, closed=VERB | {422}),
    "api:tokens-revoke": Route(
        made=things.token_prefix, gets=False, may=STEWARDS, only_people=True, closed=VERB_ON_NOTHING
    ),
    "api:views-list": Route(may=INSIDERS, only_people=True, body=A_VIEW, closed=READ_FIRST),
    "api:views-detail": Route(made=things.view, gets=False, may=STEWARDS, writes="PATCH", only_people=True),
    "api:views-begin": verb(things.view, may=INSIDERS, only_people=True),
    "api:views-delete-view": verb(things.view, only_people=True),
    "api:tasks-list": page(),
    "api:incidents-list": Route(may=INSIDERS),
    "api:incidents-detail": Route(made=things_of_incidents.incident, may=WRITERS, writes="PATCH"),
    "api:incidents-note": verb(things_of_incidents.incident, may=INSIDERS),
    **{
        f"api:incidents-{name}": verb(things_of_incidents.incident, may=WRITERS, only_people=True)
        for name in ("triage", "contain")
    },
    **{f"api:incidents-{name}": verb(things_of_incidents.incident, may=WRITERS) for name in ("link", "plan")},
    "api:incidents-move": verb(things_of_incidents.resolved_incident, may=WRITERS, only_people=True),
    "api:incidents-unlink": verb(_INCIDENT_LINK, may=WRITERS),
    "api:incidents-done": verb(_INCIDENT_ACTION, may=WRITERS),
    "api:incidents-drop": verb(_INCIDENT_ACTION, may=WRITERS),
    "api:incidents-sent": verb(_NOTIFICATION, may=WRITERS),
    "api:incidents-not-due": verb(_NOTIFICATION, may=WRITERS, only_people=True),
    "api:runbooks-list": Route(may=STEWARDS, only_people=True),
    "api:runbooks-detail": Route(made=things_of_incidents.runbook, may=STEWARDS, writes="PATCH", only_people=True),
    "api:runbooks-drill": verb(things_of_incidents.runbook, only_people=True, body={"findings": "Walked."}),
    "api:notification_duties-list": Route(may=STEWARDS, only_people=True),
    "api:notification_duties-detail": page(things_of_incidents.own_duty),
    "api:notification_duties-withdraw": verb(things_of_incidents.own_duty, only_people=True),
    "api:assessments-list": Route(may=WRITERS, only_people=True, body=things.fresh_system, closed=READ_FIRST),
    "api:assessments-detail": Route(made=_DRAFT, may=WRITERS, writes="PATCH", only_people=True),
    **{
        f"api:assessments-{name}": verb(_DRAFT, may=WRITERS, only_people=True)
        for name in ("submit", "add-party", "add-impact")
    },
    "api:assessments-answer": verb(_QUESTION, may=WRITERS, only_people=True, body=AN_ANSWER),
    "api:assessments-add-measure": verb(_IMPACT, may=WRITERS, only_people=True, body={"text": "Walked"}),
    "api:assessments-send-back": verb(_SUBMITTED, may=STEWARDS | {Role.APPROVER, Role.REVIEWER}, only_people=True),
    "api:assessments-decide": Route(made=_SUBMITTED, gets=False, may=APPROVERS, in_person=True, body=things.a_decision),
    "api:assessments-revise": verb(_DECIDED, may=WRITERS, only_people=True),
    **{
        f"api:assessments-edit-{name}": Route(made=made, gets=False, may=WRITERS, writes="PATCH", only_people=True)
        for name, made in _PARTS.items()
    },
    **{f"api:assessments-withdraw-{name}": verb(made, may=WRITERS, only_people=True) for name, made in _PARTS.items()},
    "api:triggers-list": Route(may=INSIDERS, only_people=True, body=things.what_happened),
    "api:triggers-detail": page(things.trigger),
    "api:triggers-answer": verb(things.trigger, may=WRITERS, only_people=True, body={"sections": ["model"]}),
    "api:risks-list": Route(may=WRITERS, only_people=True),
    "api:risks-detail": Route(made=things.risk, may=WRITERS, writes="PATCH", only_people=True),
    "api:risks-treat": verb(things.risk, may=WRITERS, only_people=True),
    "api:risks-accept": Route(
        made=things.risk,
        gets=False,
        may=frozenset({Role.OFFICER, Role.OWNER, Role.APPROVER}),
        in_person=True,
        body={"reason": "Low enough."},
    ),
    "api:risks-verify": verb(things.risk, may=STEWARDS | {Role.AUDITOR, Role.REVIEWER}, only_people=True),
    "api:treatment_plans-list": Route(made=things_of_risks.none_waits, may=STEWARDS, only_people=True),
    "api:treatment_plans-detail": page(things_of_risks.waiting_plan),
    "api:treatment_plans-approve": Route(
        made=things_of_risks.waiting_plan, gets=False, may=APPROVERS, in_person=True, body={"reason": "Walked"}
    ),
    "api:treatment_plans-send-back": verb(things_of_risks.waiting_plan, may=DECIDERS, only_people=True),
    "api:risks-withdraw": verb(things.risk, may=WRITERS, only_people=True),
    "api:risks-stop-treating": verb(things.renamed(things.treatment, pk="link"), may=WRITERS, only_people=True),
    "api:evidence_integrity-list": Route(may=INSIDERS),
    "api:evidence_integrity-detail": page(things.check),
    "api:evidence_integrity-stop": verb(things.check_under_way),
    "api:cycle-list": Route(may=STEWARDS),
    "api:cycle-detail": Route(made=things.milestone, may=STEWARDS, writes="PATCH"),
    "api:cycle-hold": verb(things.milestone, may=WRITERS, only_people=True),
    "api:cycle-withdraw": verb(things.milestone),
    "api:chain": page(),
    "api:chain_verify": verb(may=INSIDERS),
    "api:chain_sign": verb(may=INSIDERS),
    "api:chain_records-list": page(asks=("q", "actor", "event", "kind", "subject", "role", "membership")),
    "api:chain_records-detail": page(things.record_number),
    "api:chain_records-raw": page(things.record_number),
    "api:chain_records-proof": page(things.record_number),
    "api:chain_checkpoints-list": page(),
    "api:chain_checkpoints-detail": page(things.checkpoint),
    "api:reports-list": Route(may=INSIDERS),
    "api:reports-detail": page(things.report),
    "api:reports-cancel": verb(things.waiting_report),
    "api:reports-download": page(things.report),
    "api:packs-list": Route(may=PACKERS),
    "api:packs-detail": page(things.pack),
    "api:packs-cancel": verb(things.waiting_pack),
    "api:packs-download": page(things.pack, sees=PACKERS),
    "api:certificates-list": page(),
    "api:certificates-detail": page(things.certificate),
    "api:soa_checks-list": page(),
    "api:soa_proposals-list": page(),
    "api:systems_proposals": page(things.system),
    "api:systems_eu": page(things.system),
    "api:soa_entries-list": Route(may=STEWARDS, only_people=True),
    "api:soa_entries-detail": Route(made=things.own_control, may=STEWARDS, writes="PATCH", only_people=True),
    "api:soa_entries-decide": verb(things.own_control, only_people=True),
    "api:soa_entries-take": verb(only_people=True, body={"controls": ["A.6.2.6"]}),
    "api:soa_entries-renew": verb(only_people=True, body=things.a_renewal),
    "api:soa_entries-undo": verb(things.row_of_the_chief, only_people=True),
    "api:soa_entries-for-system": verb(_ROW, only_people=True),
    "api:soa_versions-list": Route(may=STEWARDS, only_people=True),
    "api:soa_versions-detail": page(things.by_number(things.version)),
    "api:soa_versions-approve": Route(
        made=_WAITING, gets=False, may=APPROVERS, in_person=True, body=things.shown_version
    ),
    "api:soa_versions-send-back": verb(_WAITING, may=APPROVERS, only_people=True),
    "api:lineage": page(),
    "api:soa_imports-list": Route(may=STEWARDS, gets=False, body=things.a_spreadsheet),
}
ROUTES: dict[str, Route] = {
    **OUTSIDE,
    **DESK,
    **AIMS,
    **SIGNON,
    **SYSTEMS,
    **POLICIES,
    **OPERATIONS,
    **INCIDENTS,
    **CHANGES,
    **ASSESSMENTS,
    **EVIDENCE,
    **SOA,
    **AUDITS,
    **TRACE,
    **REPORTS,
    **UPKEEP,
    **API,
}
