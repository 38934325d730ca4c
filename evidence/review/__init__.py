"""A document is weighed against what a control expects: by declared rules, as a draft that a person confirms."""
