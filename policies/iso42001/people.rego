# METADATA
# title: People and their competence are named
# description: >-
#   Those who build, run and watch the system are named by role, with the competence the role needs.
# custom:
#   controls: [A.4.6]
#   due_from: design
package iso42001.people

deny contains {"msg": "people names nobody who works on the system", "field": "people"} if not has_people

deny contains {"msg": msg, "field": place} if {
	has_people
	some number, person in input.people
	not said(person.competence)
	place := sprintf("people[%d].competence", [number + 1])
	msg := sprintf("%s is missing: which competence the role %s needs", [place, object.get(person, "role", "?")])
}

has_people if {
	is_array(input.people)
	count(input.people) > 0
}

said(value) if {
	is_string(value)
	trim_space(value) != ""
}
