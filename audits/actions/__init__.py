"""The verbs of the certification cycle."""

from audits.actions.edit import edit_milestone
from audits.actions.hold import hold_milestone
from audits.actions.plan import plan_milestone
from audits.actions.withdraw import withdraw_milestone

__all__ = ["edit_milestone", "hold_milestone", "plan_milestone", "withdraw_milestone"]
