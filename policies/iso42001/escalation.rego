# METADATA
# title: Somebody is called when it goes wrong
# description: >-
#   Concerns and incidents have a contact who answers in time.
# custom:
#   controls: [A.8.4, A.3.3]
#   due_from: deployment
package iso42001.escalation

deny contains {"msg": msg, "field": "governance.escalation.contact"} if {
	not said(input.governance.escalation.contact)
	msg := "governance.escalation.contact is missing: whom to call when the system goes wrong"
}

deny contains {"msg": msg, "field": "governance.escalation.within_hours"} if {
	said(input.governance.escalation.contact)
	input.classification.risk_tier in {"high", "severe"}
	not is_number(input.governance.escalation.within_hours)
	msg := sprintf("governance.escalation.within_hours is missing: how soon somebody answers for a system of tier %s", [input.classification.risk_tier])
}

said(value) if {
	is_string(value)
	trim_space(value) != ""
}
