# METADATA
# title: An impact assessment is named
# description: >-
#   The assessment of impacts on persons, groups and society that covers the system.
# custom:
#   controls: [A.5.2]
#   due_from: verification
package iso42001.impact_assessment

deny contains {"msg": msg, "field": "governance.impact_assessment_id"} if {
	not said(input.governance.impact_assessment_id)
	msg := "governance.impact_assessment_id is missing: no impact assessment is named"
}

said(value) if {
	is_string(value)
	trim_space(value) != ""
}
