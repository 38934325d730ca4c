"""The verbs of changes."""

from changes.actions.decide import approve_change, refuse_change
from changes.actions.declare import declare_emergency
from changes.actions.hear import hear_edit, hear_edits
from changes.actions.meet import Canary, Measured, meet_by_canary, meet_by_reference, meet_by_result, waive
from changes.actions.plan import describe_change, open_change
from changes.actions.say import Said, say_touched
from changes.actions.settle import take_effect, withdraw_change

__all__ = [
    "Canary",
    "Measured",
    "Said",
    "approve_change",
    "declare_emergency",
    "describe_change",
    "hear_edit",
    "hear_edits",
    "meet_by_canary",
    "meet_by_reference",
    "meet_by_result",
    "open_change",
    "refuse_change",
    "say_touched",
    "take_effect",
    "waive",
    "withdraw_change",
]
