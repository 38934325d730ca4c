# METADATA
# title: Attacks on the model were looked at
# description: >-
#   Poisoning, stealing and inversion for every model; injected prompts for language models.
# custom:
#   controls: [A.6.2.4]
#   due_from: verification
package iso42001.threats

models contains input.model if is_object(input.model)

models contains model if {
	is_array(input.models)
	some model in input.models
	is_object(model)
}

expected contains threat if {
	count(models) > 0
	some threat in ["poisoning", "model-stealing", "inversion"]
}

expected contains "prompt-injection" if {
	some model in models
	said(model.type)
	startswith(lower(model.type), "llm")
}

looked_at contains lower(threat.name) if {
	is_array(input.governance.threats)
	some threat in input.governance.threats
	said(threat.name)
}

deny contains {"msg": msg, "field": "governance.threats"} if {
	some threat in expected
	not threat in looked_at
	msg := sprintf("governance.threats does not look at %s", [threat])
}

deny contains {"msg": msg, "field": place} if {
	is_array(input.governance.threats)
	some number, threat in input.governance.threats
	lower(threat.name) in expected
	not said(threat.mitigation)
	place := sprintf("governance.threats[%d].mitigation", [number + 1])
	msg := sprintf("%s is missing: what is done against %s", [place, threat.name])
}

said(value) if {
	is_string(value)
	trim_space(value) != ""
}
