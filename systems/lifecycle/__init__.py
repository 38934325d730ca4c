"""The life cycle of a system: which stage may follow which, what a gate asks, who has to agree, and what was decided."""
