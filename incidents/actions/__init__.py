"""The verbs of this room."""

from incidents.actions.contain import contain
from incidents.actions.judge import move_incident, triage
from incidents.actions.notify import decline_notification, send_notification
from incidents.actions.parts import drop_action, finish_action, link, note, plan_action, unlink
from incidents.actions.prepare import add_duty, edit_runbook, hold_drill, withdraw_duty, write_runbook
from incidents.actions.report import edit_incident, report_incident

__all__ = [
    "add_duty",
    "contain",
    "decline_notification",
    "drop_action",
    "edit_incident",
    "edit_runbook",
    "finish_action",
    "hold_drill",
    "link",
    "move_incident",
    "note",
    "plan_action",
    "report_incident",
    "send_notification",
    "triage",
    "unlink",
    "withdraw_duty",
    "write_runbook",
]
