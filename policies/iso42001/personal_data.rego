# METADATA
# title: Personal data has a legal basis and an end
# description: >-
#   Every source with personal data says on what basis it is used, and how long it is kept.
# custom:
#   controls: [A.7.2, A.7.3]
#   due_from: design
package iso42001.personal_data

sources contains {"place": sprintf("data.%s[%d]", [list, number + 1]), "row": row} if {
	some list in ["sources", "rag_sources"]
	is_array(input.data[list])
	some number, row in input.data[list]
}

bases := {"consent", "contract", "legal-obligation", "legitimate-interest", "public-interest"}

deny contains {"msg": msg, "field": place} if {
	some source in sources
	source.row.pii == true
	not object.get(source.row, "consent", "") in bases
	place := sprintf("%s.consent", [source.place])
	msg := sprintf("%s is missing: the legal basis for the personal data in %s", [place, object.get(source.row, "name", "?")])
}

deny contains {"msg": msg, "field": place} if {
	some source in sources
	source.row.pii == true
	not is_number(source.row.retention_days)
	not is_number(input.data.retention_days)
	place := sprintf("%s.retention_days", [source.place])
	msg := sprintf("%s is missing: how long the personal data in %s is kept", [place, object.get(source.row, "name", "?")])
}

deny contains {"msg": msg, "field": "data"} if {
	input.classification.data_sensitivity in {"pii", "special"}
	not names_personal_source
	msg := "data names no source with personal data, although classification.data_sensitivity says that there is some"
}

names_personal_source if {
	some source in sources
	source.row.pii == true
}
