# METADATA
# title: Data sources have a known origin
# description: >-
#   Where each data source comes from and how it got here can be told.
# custom:
#   controls: [A.7.5]
#   due_from: design
package iso42001.data_provenance

sources contains {"place": sprintf("data.%s[%d]", [list, number + 1]), "row": row} if {
	some list in ["sources", "rag_sources"]
	is_array(input.data[list])
	some number, row in input.data[list]
}

deny contains {"msg": msg, "field": place} if {
	some source in sources
	not said(source.row.provenance)
	place := sprintf("%s.provenance", [source.place])
	msg := sprintf("%s is missing: where %s comes from", [place, object.get(source.row, "name", "?")])
}

said(value) if {
	is_string(value)
	trim_space(value) != ""
}
