"""The pages of AI systems and of what is said of them: policies, signals, incidents, changes."""

from accounts.roles import INSIDERS, WRITERS, Role
from tests.matrix import things, things_of_incidents, things_of_systems
from tests.routing import APPROVERS, DECIDERS, form, page, verb

A_RESULT = {"benchmark": "Walked", "value": "0.9", "threshold": "0.8"}

SYSTEMS = {
    "systems:list": page(),
    "systems:new": form(),
    "systems:files": form(sees=INSIDERS, body=things.a_register),
    "systems:export": page(form="zip"),
    "systems:detail": page(things.system),
    "systems:scopes": form(body=things_of_systems.listed_systems),
    "systems:inventory": page(),
    "systems:inventory_file": page(form="csv"),
    "systems:completeness": page(),
    "systems:state": form(body=things_of_systems.all_systems),
    "systems:take_back": form(things_of_systems.completeness),
    "systems:section": form(things_of_systems.section_of_a_record, may=WRITERS),
    "systems:yaml": form(things.system, may=WRITERS, sees=INSIDERS, body=things_of_systems.a_record),
    "systems:yaml_file": page(things.system),
    "systems:applies": page(things.system),
    "systems:eu": form(things.system, may=WRITERS, sees=INSIDERS),
    "systems:asked": page(control="A.7.5"),
    "systems:asked_table": page(control="A.7.5"),
    "systems:scope": form(things.system),
    "systems:stage": form(things.system, may=WRITERS),
    "systems:advise": form(things.system, may=frozenset({Role.REVIEWER})),  # the officer for data protection
    "systems:moves": page(things.system),
    "systems:move": page(things_of_systems.waiting_move),
    "systems:sign": verb(things_of_systems.waiting_move, may=APPROVERS, body=things_of_systems.seen_move),
    "systems:refuse": verb(things_of_systems.waiting_move, may=APPROVERS, body=things_of_systems.seen_move),
    "systems:withdraw_move": verb(things_of_systems.waiting_move, body=things_of_systems.seen_move),
    "systems:meet": verb(things_of_systems.condition, may=WRITERS, body=things_of_systems.seen_condition),
    "systems:gates": page(),
    "systems:gate": form(things_of_systems.ruled_control, sees=INSIDERS),
    "systems:name_function": form(body={"name": "Product owner"}),
    "systems:end_function": form(things_of_systems.function),
    "systems:rely": form(things.system, may=WRITERS),
    "systems:let_go": form(things_of_systems.reliance, may=WRITERS),
}
POLICIES = {
    "policies:list": page(),
    "policies:new": form(body=things_of_systems.policy_text),
    "policies:detail": page(things_of_systems.policy),
    "policies:revise": form(things_of_systems.policy, body=things_of_systems.policy_again),
    "policies:switch": form(things_of_systems.policy),
    "policies:version": page(things_of_systems.policy_version),
    "judging:runs": page(),
    "judging:ask": verb(may=WRITERS),
    "judging:system": page(things.system),
    "judging:ask_for_one": verb(things.system, may=WRITERS),
}
OPERATIONS = {
    "operations:portfolio": page(),
    "operations:signals": page(things.system),
    "operations:signal": page(things_of_systems.signal),
    "operations:export": page(things.system),
    "operations:evaluations": page(things.system),
    "operations:evaluation": page(things_of_systems.evaluation),
    "operations:declare": form(things.system, may=WRITERS, body={"key": "walked"}),
    "operations:upload": form(things.system, may=WRITERS, body=things_of_systems.a_result_file),
    "operations:limits": form(things_of_systems.signal, may=WRITERS),
    "operations:answer": form(things_of_systems.crossing, may=WRITERS),
    "operations:benchmark": form(things.system, may=WRITERS),
    "operations:drop_benchmark": form(things_of_systems.benchmark, may=WRITERS),
    "operations:withdraw": form(things_of_systems.evaluation, may=WRITERS),
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
CHANGES = {
    "changes:list": page(),
    "changes:new": form(may=WRITERS, body=things_of_systems.system_to_change),
    "changes:export": page(),
    "changes:compare": page(),
    "changes:detail": page(things_of_systems.change),
    "changes:describe": form(things_of_systems.change, may=WRITERS),
    "changes:meet": form(things_of_systems.demanded("evaluation"), may=WRITERS, body=A_RESULT),
    "changes:waive": form(things_of_systems.demanded("canary"), may=WRITERS),
    "changes:touched": form(things_of_systems.change, may=WRITERS),
    "changes:emergency": form(things_of_systems.change, may=WRITERS),
    "changes:approve": form(things_of_systems.ready_change, may=DECIDERS),
    "changes:refuse": form(things_of_systems.change, may=DECIDERS),
    "changes:withdraw": form(things_of_systems.plan, may=WRITERS),
    "changes:take_effect": verb(things_of_systems.approved_change, may=WRITERS, body=things_of_systems.seen_approved),
}
