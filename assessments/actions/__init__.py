"""The verbs of judgement."""

from assessments.actions.accept import accept_risk
from assessments.actions.bring_risks import import_risks, plan_of_risks
from assessments.actions.clone import clone_edition
from assessments.actions.decide import decide_assessment
from assessments.actions.edit import edit_assessment
from assessments.actions.feed import feed, stop_feeding
from assessments.actions.impacts import add_impact, edit_impact, withdraw_impact
from assessments.actions.judge_anew import judge_assessment_anew, judge_risk_anew
from assessments.actions.measures import add_measure, edit_measure, withdraw_measure
from assessments.actions.parties import add_party, edit_party, withdraw_party
from assessments.actions.risks import edit_risk, register_risk, withdraw_risk
from assessments.actions.start import start_assessment
from assessments.actions.submit import return_assessment, submit_assessment
from assessments.actions.treat import stop_treating, treat
from assessments.actions.treatment_plan import approve_plan, return_plan, submit_plan
from assessments.actions.triggers import Answer, answer_triggers, report_trigger
from assessments.actions.verify import verify_treatment

__all__ = [
    "Answer",
    "accept_risk",
    "add_impact",
    "add_measure",
    "add_party",
    "answer_triggers",
    "approve_plan",
    "clone_edition",
    "decide_assessment",
    "edit_assessment",
    "edit_impact",
    "edit_measure",
    "edit_party",
    "edit_risk",
    "feed",
    "import_risks",
    "judge_assessment_anew",
    "judge_risk_anew",
    "plan_of_risks",
    "register_risk",
    "report_trigger",
    "return_assessment",
    "return_plan",
    "start_assessment",
    "stop_feeding",
    "stop_treating",
    "submit_assessment",
    "submit_plan",
    "treat",
    "verify_treatment",
    "withdraw_impact",
    "withdraw_measure",
    "withdraw_party",
    "withdraw_risk",
]
