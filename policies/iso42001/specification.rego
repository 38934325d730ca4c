# METADATA
# title: What the system must do is written down
# description: >-
#   A system that is built without written requirements cannot be verified against anything.
# custom:
#   controls: [A.6.2.2]
#   due_from: design
package iso42001.specification

deny contains {"msg": msg, "field": "specification"} if {
	not said(input.specification.document)
	not has_requirements
	msg := "specification names neither a document nor requirements"
}

has_requirements if {
	is_array(input.specification.requirements)
	count(input.specification.requirements) > 0
}

said(value) if {
	is_string(value)
	trim_space(value) != ""
}
