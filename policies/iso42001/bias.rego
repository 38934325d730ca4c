# METADATA
# title: High-risk systems are tested for bias
# description: >-
#   A system of tier high or severe has a passed bias test that names the groups it compared.
# custom:
#   controls: [A.6.2.4, A.5.4]
#   due_from: verification
package iso42001.bias

is_due if input.classification.risk_tier in {"high", "severe"}

deny contains {"msg": msg, "field": "governance.bias_test"} if {
	is_due
	not said(input.governance.bias_test.done_on)
	msg := sprintf("governance.bias_test.done_on is missing: a system of tier %s needs a bias test", [input.classification.risk_tier])
}

deny contains {"msg": "governance.bias_test.passed is not true: the bias test was not passed", "field": "governance.bias_test.passed"} if {
	is_due
	said(input.governance.bias_test.done_on)
	not input.governance.bias_test.passed == true
}

deny contains {"msg": "governance.bias_test.groups is empty: no groups were compared", "field": "governance.bias_test.groups"} if {
	is_due
	said(input.governance.bias_test.done_on)
	not has_groups
}

has_groups if {
	is_array(input.governance.bias_test.groups)
	count(input.governance.bias_test.groups) > 0
}

said(value) if {
	is_string(value)
	trim_space(value) != ""
}
