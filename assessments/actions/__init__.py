"""The verbs of judgement."""

from assessments.actions.accept import accept_risk
from assessments.actions.clone import clone_edition
from assessments.actions.decide import decide_assessment
from assessments.actions.edit import edit_assessment
from assessments.actions.impacts import add_impact, edit_impact, withdraw_impact
from assessments.actions.measures import add_measure, edit_measure, withdraw_measure
from assessments.actions.parties import add_party, edit_party, withdraw_party
from assessments.actions.risks import edit_risk, register_risk, withdraw_risk
from assessments.actions.start import start_assessment
from assessments.actions.submit import return_assessment, submit_assessment
from assessments.actions.treat import stop_treating, treat
from assessments.actions.triggers import Answer, answer_triggers, report_trigger

__all__ = [
    "Answer",
    "accept_risk",
    "add_impact",
    "add_measure",
    "add_party",
    "answer_triggers",
    "clone_edition",
    "decide_assessment",
    "edit_assessment",
    "edit_impact",
    "edit_measure",
    "edit_party",
    "edit_risk",
    "register_risk",
    "report_trigger",
    "return_assessment",
    "start_assessment",
    "stop_treating",
    "submit_assessment",
    "treat",
    "withdraw_impact",
    "withdraw_measure",
    "withdraw_party",
    "withdraw_risk",
]
