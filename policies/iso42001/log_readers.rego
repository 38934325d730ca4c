# METADATA
# title: Who may read prompts and answers is said
# description: >-
#   Logs that keep prompts or answers name their readers.
# custom:
#   controls: [A.6.2.8, A.7.2]
#   due_from: deployment
package iso42001.log_readers

keeps contains "prompts" if input.logging.prompts == true

keeps contains "answers" if input.logging.answers == true

deny contains {"msg": msg, "field": "logging.readers"} if {
	count(keeps) > 0
	not has_readers
	msg := sprintf("logging.readers is empty: nobody is named who may read the %s that are kept", [concat(" and ", sort(keeps))])
}

has_readers if {
	is_array(input.logging.readers)
	count(input.logging.readers) > 0
}
