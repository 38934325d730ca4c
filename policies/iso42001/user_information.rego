# METADATA
# title: People know that they deal with AI
# description: >-
#   Systems that touch people say where those people are told about it.
# custom:
#   controls: [A.8.2]
#   due_from: deployment
package iso42001.user_information

touches_people if {
	is_array(input.classification.affected_parties)
	count(input.classification.affected_parties) > 0
}

deny contains {"msg": msg, "field": "governance.user_information"} if {
	touches_people
	not said(input.governance.user_information)
	msg := sprintf("governance.user_information is missing: where %s are told about the system", [concat(", ", [sprintf("%v", [party]) | some party in input.classification.affected_parties])])
}

said(value) if {
	is_string(value)
	trim_space(value) != ""
}
