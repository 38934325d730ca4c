# METADATA
# title: What serves was approved
# description: >-
#   A system in production names who approved it: two for tier high or severe, one otherwise.
# custom:
#   controls: [A.6.2.5]
#   due_from: operation
package iso42001.approvals

needed := 2 if {
	input.classification.risk_tier in {"high", "severe"}
} else := 1

given := count({lower(name) | some name in input.governance.approved_by}) if {
	is_array(input.governance.approved_by)
} else := 0

deny contains {"msg": msg, "field": "governance.approved_by"} if {
	given < needed
	msg := sprintf("governance.approved_by names %d of %d who must approve a system of tier %s", [given, needed, input.classification.risk_tier])
}
