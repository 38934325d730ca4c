"""From which stage of the life cycle a policy is due."""

STAGES = ("inception", "design", "verification", "deployment", "operation")
BEYOND = ("re-evaluation", "suspended")


def is_due(due_from: str, stage: str) -> bool:
    """Tell whether a policy is due at a stage; one that names none is always due, a retired system owes no other."""
    if not due_from or stage in BEYOND:
        return True
    return stage in STAGES and STAGES.index(stage) >= STAGES.index(due_from)
