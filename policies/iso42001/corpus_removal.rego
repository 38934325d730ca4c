# METADATA
# title: Persons can be taken out of the data
# description: >-
#   Personal data in a corpus, an index or a training set can be removed on request, in a time that was said.
# custom:
#   controls: [A.7.2]
#   due_from: verification
package iso42001.corpus_removal

sources contains {"place": sprintf("data.%s[%d]", [list, number + 1]), "row": row} if {
	some list in ["sources", "rag_sources"]
	is_array(input.data[list])
	some number, row in input.data[list]
}

is_personal if input.classification.data_sensitivity in {"pii", "special"}

is_personal if {
	some source in sources
	source.row.pii == true
}

deny contains {"msg": "data.removal.possible is not true: personal data cannot be removed on request", "field": "data.removal.possible"} if {
	is_personal
	not input.data.removal.possible == true
}

deny contains {"msg": "data.removal.how is missing: how personal data is removed on request", "field": "data.removal.how"} if {
	is_personal
	input.data.removal.possible == true
	not said(input.data.removal.how)
}

deny contains {"msg": "data.removal.within_days is missing: how soon a request is met", "field": "data.removal.within_days"} if {
	is_personal
	input.data.removal.possible == true
	not is_number(input.data.removal.within_days)
}

said(value) if {
	is_string(value)
	trim_space(value) != ""
}
