# METADATA
# title: What good data is was said
# description: >-
#   Each source the system learns from or answers from says which quality it must have, and when that was last looked at.
# custom:
#   controls: [A.7.4]
#   due_from: verification
package iso42001.data_quality

sources contains {"place": sprintf("data.%s[%d]", [list, number + 1]), "row": row} if {
	some list in ["sources", "rag_sources"]
	is_array(input.data[list])
	some number, row in input.data[list]
}

deny contains {"msg": msg, "field": place} if {
	some source in sources
	not said(source.row.quality)
	place := sprintf("%s.quality", [source.place])
	msg := sprintf("%s is missing: which quality %s must have", [place, object.get(source.row, "name", "?")])
}

deny contains {"msg": msg, "field": place} if {
	some source in sources
	said(source.row.quality)
	not said(source.row.quality_checked_on)
	place := sprintf("%s.quality_checked_on", [source.place])
	msg := sprintf("%s is missing: when the quality of %s was looked at", [place, object.get(source.row, "name", "?")])
}

said(value) if {
	is_string(value)
	trim_space(value) != ""
}
