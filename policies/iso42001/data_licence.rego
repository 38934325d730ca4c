# METADATA
# title: Data may be used for this
# description: >-
#   Each source that is not personal data has a licence, or says how it was acquired.
# custom:
#   controls: [A.7.3]
#   due_from: design
package iso42001.data_licence

sources contains {"place": sprintf("data.%s[%d]", [list, number + 1]), "row": row} if {
	some list in ["sources", "rag_sources"]
	is_array(input.data[list])
	some number, row in input.data[list]
}

deny contains {"msg": msg, "field": place} if {
	some source in sources
	not source.row.pii == true
	not said(source.row.licence)
	not said(source.row.acquired)
	place := sprintf("%s.licence", [source.place])
	msg := sprintf("%s is missing: under which licence %s is used, or how it was acquired", [place, object.get(source.row, "name", "?")])
}

said(value) if {
	is_string(value)
	trim_space(value) != ""
}
