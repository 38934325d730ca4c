"""The addresses of the API, apart from those of judgement."""

from dataclasses import replace

from accounts.roles import INSIDERS, STEWARDS, WRITERS, Role
from reports.permissions import PACKERS
from tests.matrix import things, things_of_incidents, things_of_people, things_of_systems
from tests.routing import APPROVERS, DECIDERS, READ_FIRST, VERB, VERB_ON_NOTHING, Route, page, public, verb

A_VIEW = {"page": "evidence:list", "name": "Walked", "query": "tab=due", "is_shared": False}
A_SIGNAL = things_of_systems.of_system(key="walked", name="Walked", kind="quality")
A_BENCHMARK = things_of_systems.of_system(name="Walked", metric="recall", threshold=0.5)
A_RUN = things_of_systems.of_system(benchmark="Walked", metrics={"recall": 0.9})
SAMPLES = {"numbers": [float(number) for number in range(60)]}
A_TOKEN = {"kind": "personal", "name": "Walked", "scopes": ["read"], "expires_at": "2026-09-01T00:00:00Z"}
A_MOVE = {"stage": "retired", "mode": "continue", "reason": "Walked"}
A_REFUSAL = {"mode": "refuse"}
A_RESULT = {"benchmark": "Walked", "value": "0.9", "threshold": "0.8"}
_RUN = things.only(things_of_systems.evaluation, run="code")
_SYSTEM_LINK = things.renamed(things_of_systems.reliance, pk="link")
_SUGGESTION = things.renamed(things.suggestion, pk="suggestion")
_EVIDENCE_LINK = things.renamed(things.evidence_link, pk="link")
_ROW = things.renamed(things.row_for_system, system_code="system")
_WAITING = things.by_number(things.waiting_version)
_INCIDENT_LINK = things.renamed(things_of_incidents.incident_link, pk="part")
_INCIDENT_ACTION = things.renamed(things_of_incidents.incident_action, pk="part")
_NOTIFICATION = things.renamed(things_of_incidents.notification, pk="part")
_SHARED = things.renamed(things_of_people.share_of_seat, share_pk="share")
_FILE = things.renamed(things.file, file_id="file")

API = {
    "api:schema": public(),
    "api:docs": page(),
    "api:nothing": public(rest="nothing/"),
    "api:policies-list": Route(posted=VERB, body=things_of_systems.policy_text, only_people=True),
    "api:policies-detail": Route(
        made=things_of_systems.policy,
        may=STEWARDS,
        writes="PATCH",
        body=things_of_systems.policy_again,
        only_people=True,
    ),
    "api:policies-switch": verb(things_of_systems.policy, only_people=True),
    "api:policy_results-list": page(),
    "api:policy_runs-list": Route(may=WRITERS),
    "api:changes-list": Route(may=WRITERS, only_people=True, body=things_of_systems.system_to_change_by_code),
    "api:changes-detail": Route(made=things_of_systems.change, may=WRITERS, writes="PATCH", only_people=True),
    "api:changes-result": verb(things_of_systems.change, may=WRITERS, body=A_RESULT),
    "api:changes-canary": verb(
        things_of_systems.change, may=WRITERS, body={"share": "5", "hours": 4, "has_passed": True}
    ),
    "api:changes-meet": Route(
        made=things_of_systems.purpose_of_plan,
        gets=False,
        may=WRITERS,
        is_refused=True,
        body={"reference": "assessment:IA-1@1"},
    ),
    "api:changes-waive": verb(things_of_systems.demanded("canary"), may=WRITERS, only_people=True),
    "api:changes-touched": verb(
        things_of_systems.change, may=WRITERS, only_people=True, body=things_of_systems.what_it_touches
    ),
    "api:changes-emergency": verb(things_of_systems.change, may=WRITERS, only_people=True),
    "api:changes-approve": Route(made=things_of_systems.ready_change, gets=False, may=DECIDERS, in_person=True),
    "api:changes-refuse": Route(
        made=things_of_systems.change, gets=False, may=DECIDERS, in_person=True, body={"reason": "Walked"}
    ),
    "api:changes-withdraw": verb(things_of_systems.plan, may=WRITERS, only_people=True),
    "api:changes-in-effect": verb(things_of_systems.approved_change, may=WRITERS, only_people=True),
    "api:changes_compare": page(),
    "api:systems-list": Route(posted=VERB),
    "api:systems-detail": Route(made=things.system, may=WRITERS, writes="PATCH"),
    "api:systems-scope": verb(things.system, only_people=True),
    "api:systems-moves": Route(made=things.system, may=WRITERS, only_people=True, body=A_MOVE),
    "api:systems-move": page(things_of_systems.waiting_move),
    "api:systems-sign-move": Route(
        made=things_of_systems.waiting_move,
        gets=False,
        may=APPROVERS,
        in_person=True,
        body={"authority": "role:approver"},
    ),
    "api:systems-refuse-move": Route(
        made=things_of_systems.waiting_move, gets=False, may=APPROVERS, only_people=True, body=A_REFUSAL
    ),
    "api:systems-withdraw-move": verb(things_of_systems.waiting_move, only_people=True),
    "api:systems-rely": verb(things.system, may=WRITERS),
    "api:systems-let-go": verb(_SYSTEM_LINK, may=WRITERS),
    "api:signals-list": Route(may=WRITERS, body=A_SIGNAL, closed=READ_FIRST),
    "api:signals-detail": page(things_of_systems.one_signal),
    "api:signals-limits": verb(things_of_systems.one_signal, may=WRITERS, only_people=True, body={"keep_days": 99}),
    "api:signals-reference": verb(things_of_systems.one_signal, may=WRITERS, only_people=True, body=SAMPLES),
    "api:signals-samples": verb(things_of_systems.one_signal, may=WRITERS, body=SAMPLES),
    "api:readings-list": Route(may=WRITERS, body=things_of_systems.a_reading),
    "api:crossings-list": page(),
    "api:crossings-answer": verb(things.only_key(things_of_systems.crossing), may=WRITERS, only_people=True),
    "api:benchmarks-list": Route(may=WRITERS, only_people=True, body=A_BENCHMARK, closed=READ_FIRST),
    "api:benchmarks-withdraw": verb(things.only_key(things_of_systems.benchmark), may=WRITERS, only_people=True),
    "api:evaluations-list": Route(may=WRITERS, body=A_RUN, closed=READ_FIRST),
    "api:evaluations-detail": page(_RUN),
    "api:evaluations-uploads": Route(
        gets=False, may=WRITERS, body=things_of_systems.an_upload_of_results, closed=READ_FIRST
    ),
    "api:evaluations-withdraw": verb(_RUN, may=WRITERS, only_people=True),
    "api:otlp_metrics": verb(may=WRITERS, body={"resourceMetrics": []}),
    "api:otlp_traces": verb(may=WRITERS, body={"resourceSpans": []}),
    "api:completeness-list": Route(may=STEWARDS, only_people=True, body=things_of_systems.all_systems, closed=VERB),
    "api:completeness-detail": page(things_of_systems.completeness),
    "api:completeness-withdraw": verb(things_of_systems.completeness, only_people=True),
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
    "api:scope-list": Route(may=STEWARDS, only_people=True, body=things.seen_scope),
    "api:obligations-list": Route(may=STEWARDS, only_people=True),
    "api:obligations-detail": Route(made=things.obligation, may=STEWARDS, writes="PATCH", only_people=True),
    "api:obligations-withdraw": verb(things.obligation, only_people=True),
    "api:memberships-list": Route(may=STEWARDS, only_people=True),
    "api:memberships-revoke": verb(things_of_people.role, only_people=True),
    "api:seats-list": Route(
        may=STEWARDS, sees=STEWARDS, only_people=True, body=things_of_people.seat_by_api, is_refused=True
    ),
    "api:seats-detail": page(things_of_people.seat, sees=STEWARDS),
    "api:seats-date": verb(things_of_people.seat, only_people=True, body=things_of_people.another_end),
    "api:seats-share": Route(
        made=things_of_people.seat,
        gets=False,
        may=STEWARDS,
        only_people=True,
        body=things_of_people.to_share,
        is_refused=True,
    ),
    "api:seats-unshare": verb(_SHARED, only_people=True),
    "api:deputies-list": Route(
        may=frozenset({Role.ADMINISTRATOR, Role.REVIEWER}), only_people=True, body=things_of_people.a_stand_in
    ),
    "api:deputies-end": verb(
        things_of_people.deputy, may=frozenset({Role.ADMINISTRATOR, Role.REVIEWER}), only_people=True
    ),
    "api:invitations-list": Route(may=STEWARDS, only_people=True),
    "api:invitations-send": verb(things_of_people.named, only_people=True),
    "api:tokens-list": Route(may=INSIDERS, in_person=True, body=A_TOKEN, closed=VERB | {422}),
    "api:tokens-revoke": Route(
        made=things_of_people.token_prefix, gets=False, may=STEWARDS, only_people=True, closed=VERB_ON_NOTHING
    ),
    "api:views-list": Route(may=INSIDERS, only_people=True, body=A_VIEW, closed=READ_FIRST),
    "api:views-detail": Route(made=things_of_people.view, gets=False, may=STEWARDS, writes="PATCH", only_people=True),
    "api:views-begin": verb(things_of_people.view, may=INSIDERS, only_people=True),
    "api:views-delete-view": verb(things_of_people.view, only_people=True),
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
    "api:evidence-review": replace(verb(things.evidence, may=WRITERS | {Role.REVIEWER}), is_refused=True),
    "api:evidence_reviews-list": page(),
    "api:evidence_reviews-detail": page(things.only_key(things.review)),
    "api:evidence_reviews-confirm": replace(
        verb(
            things.only_key(things.review),
            may=STEWARDS | {Role.REVIEWER},
            only_people=True,
            body={"score": 4, "reason": "Walked"},
        ),
        is_refused=True,
    ),
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
