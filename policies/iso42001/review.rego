# METADATA
# title: The review is not overdue
# description: >-
#   Each system is looked at again when that was planned, or a year after the last time.
# custom:
#   controls: [A.6.2.6]
#   due_from: operation
package iso42001.review

planned := input.governance.next_review if {
	said(input.governance.next_review)
} else := input.lifecycle.review_due if {
	said(input.lifecycle.review_due)
}

a_year_after_the_last := time.format([time.add_date(time.parse_ns("2006-01-02", input.governance.last_reviewed), 1, 0, 0), "UTC", "2006-01-02"]) if {
	said(input.governance.last_reviewed)
}

deny contains {"msg": "governance.last_reviewed is missing: the system was never reviewed", "field": "governance.last_reviewed"} if {
	not said(input.governance.last_reviewed)
	not planned
}

deny contains {"msg": msg, "field": "governance.next_review"} if {
	planned < data.assay.today
	msg := sprintf("the review was due on %s and is overdue", [planned])
}

deny contains {"msg": msg, "field": "governance.last_reviewed"} if {
	not planned
	a_year_after_the_last < data.assay.today
	msg := sprintf("governance.last_reviewed is %s, more than a year ago", [input.governance.last_reviewed])
}

said(value) if {
	is_string(value)
	trim_space(value) != ""
}
