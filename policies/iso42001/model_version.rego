# METADATA
# title: The model does not change unseen
# description: >-
#   The version of each model is pinned, or a signal of monitoring watches for changes.
# custom:
#   controls: [A.4.4, A.6.2.6]
#   due_from: deployment
package iso42001.model_version

models contains {"place": "model", "row": input.model} if is_object(input.model)

models contains {"place": sprintf("models[%d]", [number + 1]), "row": row} if {
	is_array(input.models)
	some number, row in input.models
	is_object(row)
}

is_watched if {
	is_array(input.monitoring.signals)
	some signal in input.monitoring.signals
	contains(lower(signal), "version")
}

deny contains {"msg": msg, "field": place} if {
	some model in models
	not model.row.version_pinned == true
	not is_watched
	place := sprintf("%s.version_pinned", [model.place])
	msg := sprintf("%s is not true, and monitoring.signals watches no version: the model can change unseen", [place])
}
