# METADATA
# title: The system is watched while it serves
# description: >-
#   Monitoring is on, says what it measures, and who watches.
# custom:
#   controls: [A.6.2.6]
#   due_from: deployment
package iso42001.monitoring

deny contains {"msg": "monitoring.enabled is not true: the system is not monitored", "field": "monitoring.enabled"} if {
	not input.monitoring.enabled == true
}

deny contains {"msg": "monitoring.signals is empty: what is measured", "field": "monitoring.signals"} if {
	input.monitoring.enabled == true
	not has_signals
}

deny contains {"msg": "monitoring.owner is missing: who watches", "field": "monitoring.owner"} if {
	input.monitoring.enabled == true
	not said(input.monitoring.owner)
}

has_signals if {
	is_array(input.monitoring.signals)
	count(input.monitoring.signals) > 0
}

said(value) if {
	is_string(value)
	trim_space(value) != ""
}
