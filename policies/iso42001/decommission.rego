# METADATA
# title: The end is planned when it comes near
# description: >-
#   A system with a date of decommission within 90 days says how that is done, and does not serve beyond it.
# custom:
#   controls: [A.6.2.6]
package iso42001.decommission

near := time.format([time.add_date(time.parse_ns("2006-01-02", data.assay.today), 0, 0, 90), "UTC", "2006-01-02"])

deny contains {"msg": msg, "field": "lifecycle.decommission_plan"} if {
	said(input.lifecycle.decommission_date)
	input.lifecycle.decommission_date <= near
	input.lifecycle.stage != "retired"
	not said(input.lifecycle.decommission_plan)
	msg := sprintf("lifecycle.decommission_plan is missing: the system ends on %s", [input.lifecycle.decommission_date])
}

deny contains {"msg": msg, "field": "lifecycle.decommission_date"} if {
	said(input.lifecycle.decommission_date)
	input.lifecycle.decommission_date < data.assay.today
	input.lifecycle.stage != "retired"
	msg := sprintf("lifecycle.decommission_date was %s, and the system is not retired", [input.lifecycle.decommission_date])
}

said(value) if {
	is_string(value)
	trim_space(value) != ""
}
