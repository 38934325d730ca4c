# METADATA
# title: Prohibited practices of the EU AI Act were ruled out
# description: >-
#   A system that the EU AI Act touches was held against Art. 5, and nothing prohibited was found.
# custom:
#   controls: [A.5.2, A.9.4]
#   due_from: design
package iso42001.prohibited_practices

is_touched if input.classification.eu_ai_act_tier in {"prohibited", "high", "limited", "minimal"}

is_touched if is_object(input.classification.eu_ai_act)

is_touched if {
	is_array(input.deployment.jurisdictions)
	some place in input.deployment.jurisdictions
	upper(place) == "EU"
}

is_touched if {
	is_array(input.deployment.regions)
	some region in input.deployment.regions
	startswith(lower(region), "eu-")
}

deny contains {"msg": msg, "field": "classification.eu_ai_act.prohibited_practices_checked_on"} if {
	is_touched
	not said(input.classification.eu_ai_act.prohibited_practices_checked_on)
	msg := "classification.eu_ai_act.prohibited_practices_checked_on is missing: the system was not held against Art. 5"
}

deny contains {"msg": msg, "field": "classification.eu_ai_act.prohibited_practices"} if {
	is_array(input.classification.eu_ai_act.prohibited_practices)
	count(input.classification.eu_ai_act.prohibited_practices) > 0
	found := concat(", ", [sprintf("%v", [point]) | some point in input.classification.eu_ai_act.prohibited_practices])
	msg := sprintf("classification.eu_ai_act.prohibited_practices names %s: Art. 5 prohibits this", [found])
}

deny contains {"msg": msg, "field": "classification.eu_ai_act_tier"} if {
	input.classification.eu_ai_act_tier == "prohibited"
	msg := "classification.eu_ai_act_tier is prohibited: such a system may not be run"
}

said(value) if {
	is_string(value)
	trim_space(value) != ""
}
