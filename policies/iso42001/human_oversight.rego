# METADATA
# title: A person can overrule what decides
# description: >-
#   A system that decides, with or without review, says who can stop or overrule it, and how.
# custom:
#   controls: [A.9.2, A.9.3]
#   due_from: design
package iso42001.human_oversight

decides if input.classification.automation in {"decides-with-review", "decides-alone"}

deny contains {"msg": msg, "field": "classification.human_oversight"} if {
	decides
	not said(input.classification.human_oversight)
	msg := sprintf("classification.human_oversight is missing: automation is %s, and nobody is named who can overrule it", [input.classification.automation])
}

deny contains {"msg": msg, "field": "governance.escalation.stop_authority"} if {
	decides
	not said(input.governance.escalation.stop_authority)
	msg := "governance.escalation.stop_authority is missing: who may stop a system that decides"
}

deny contains {"msg": msg, "field": "classification.automation"} if {
	input.classification.risk_tier in {"high", "severe"}
	not said(input.classification.automation)
	msg := sprintf("classification.automation is missing: how far a system of tier %s acts without a person", [input.classification.risk_tier])
}

said(value) if {
	is_string(value)
	trim_space(value) != ""
}
