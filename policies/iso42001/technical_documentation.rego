# METADATA
# title: Users and partners get technical documentation
# description: >-
#   At least one document says for whom it is and where it is.
# custom:
#   controls: [A.6.2.7]
#   due_from: deployment
package iso42001.technical_documentation

deny contains {"msg": "documentation is empty: no technical documentation is named", "field": "documentation"} if not has_any

deny contains {"msg": msg, "field": place} if {
	has_any
	some number, entry in input.documentation
	not said(entry.document)
	not said(entry.location)
	place := sprintf("documentation[%d].location", [number + 1])
	msg := sprintf("%s is missing: where the documentation for %s is", [place, object.get(entry, "audience", "?")])
}

has_any if {
	is_array(input.documentation)
	count(input.documentation) > 0
}

said(value) if {
	is_string(value)
	trim_space(value) != ""
}
