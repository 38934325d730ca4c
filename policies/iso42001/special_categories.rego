# METADATA
# title: Special categories of personal data are advised on
# description: >-
#   Health, beliefs, biometrics and the like need a basis that carries them, and the advice of the data protection officer.
# custom:
#   controls: [A.7.2, A.5.4]
#   due_from: design
package iso42001.special_categories

sources contains {"place": sprintf("data.%s[%d]", [list, number + 1]), "row": row} if {
	some list in ["sources", "rag_sources"]
	is_array(input.data[list])
	some number, row in input.data[list]
}

bases := {"consent", "legal-obligation", "public-interest"}

is_special if input.classification.data_sensitivity == "special"

is_special if {
	some source in sources
	source.row.special_categories == true
}

deny contains {"msg": msg, "field": "governance.data_protection_advice"} if {
	is_special
	not said(input.governance.data_protection_advice)
	msg := "governance.data_protection_advice is missing: special categories of data need the data protection officer's advice"
}

deny contains {"msg": msg, "field": place} if {
	some source in sources
	source.row.special_categories == true
	not object.get(source.row, "consent", "") in bases
	place := sprintf("%s.consent", [source.place])
	msg := sprintf("%s must be consent, legal-obligation or public-interest: %s holds special categories", [place, object.get(source.row, "name", "?")])
}

said(value) if {
	is_string(value)
	trim_space(value) != ""
}
