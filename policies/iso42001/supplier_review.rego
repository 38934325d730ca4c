# METADATA
# title: Suppliers were looked into
# description: >-
#   Each supplier of a model, data or a service passed due diligence, at a time that can be named, and is looked at again in time.
# custom:
#   controls: [A.10.3]
#   due_from: deployment
package iso42001.supplier_review

suppliers := input.suppliers if is_array(input.suppliers)

names contains lower(supplier.name) if {
	some supplier in suppliers
	said(supplier.name)
}

deny contains {"msg": msg, "field": "suppliers"} if {
	said(input.model.provider)
	not lower(input.model.provider) in names
	not lower(input.model.provider) in {"own", "self", "in-house", "internal"}
	msg := sprintf("suppliers does not name %s, who provides the model", [input.model.provider])
}

deny contains {"msg": msg, "field": place} if {
	some number, supplier in suppliers
	not object.get(supplier, "due_diligence", "") in {"passed", "passed-with-conditions"}
	place := sprintf("suppliers[%d].due_diligence", [number + 1])
	msg := sprintf("%s is not passed: %s was not looked into, or did not pass", [place, object.get(supplier, "name", "?")])
}

deny contains {"msg": msg, "field": place} if {
	some number, supplier in suppliers
	not said(supplier.reviewed_on)
	place := sprintf("suppliers[%d].reviewed_on", [number + 1])
	msg := sprintf("%s is missing: when %s was looked into", [place, object.get(supplier, "name", "?")])
}

deny contains {"msg": msg, "field": place} if {
	some number, supplier in suppliers
	said(supplier.next_review)
	supplier.next_review < data.assay.today
	place := sprintf("suppliers[%d].next_review", [number + 1])
	msg := sprintf("%s was %s: the review of %s is overdue", [place, supplier.next_review, object.get(supplier, "name", "?")])
}

said(value) if {
	is_string(value)
	trim_space(value) != ""
}
