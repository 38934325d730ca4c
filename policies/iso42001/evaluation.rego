# METADATA
# title: The system was evaluated before it serves
# description: >-
#   An evaluation against a named benchmark was done and passed.
# custom:
#   controls: [A.6.2.4]
#   due_from: deployment
package iso42001.evaluation

deny contains {"msg": "governance.evaluation.done_on is missing: the system was not evaluated", "field": "governance.evaluation"} if {
	not said(input.governance.evaluation.done_on)
}

deny contains {"msg": "governance.evaluation.passed is not true: the evaluation was not passed", "field": "governance.evaluation.passed"} if {
	said(input.governance.evaluation.done_on)
	not input.governance.evaluation.passed == true
}

deny contains {"msg": "governance.evaluation.benchmark is missing: against what it was evaluated", "field": "governance.evaluation.benchmark"} if {
	said(input.governance.evaluation.done_on)
	not said(input.governance.evaluation.benchmark)
}

said(value) if {
	is_string(value)
	trim_space(value) != ""
}
