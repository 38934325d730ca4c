"""The life cycle of a system: which stage follows which, what a gate asks, who has to agree, what was decided."""
