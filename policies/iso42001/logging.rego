# METADATA
# title: Events are logged
# description: >-
#   The system records events while it serves, for a time that was said.
# custom:
#   controls: [A.6.2.8]
#   due_from: deployment
package iso42001.logging

deny contains {"msg": "logging.enabled is not true: events are not logged", "field": "logging.enabled"} if {
	not input.logging.enabled == true
}

deny contains {"msg": "logging.events is empty: which events are logged", "field": "logging.events"} if {
	input.logging.enabled == true
	not has_events
}

deny contains {"msg": "logging.retention_days is missing: how long logs are kept", "field": "logging.retention_days"} if {
	input.logging.enabled == true
	not is_number(input.logging.retention_days)
}

has_events if {
	is_array(input.logging.events)
	count(input.logging.events) > 0
}
