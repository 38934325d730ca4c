"""The verbs of screening: begin, answer, conclude, sign, send back."""

from assessments.screening.actions.answer import answer_screening, begin_screening
from assessments.screening.actions.conclude import conclude_screening
from assessments.screening.actions.sign import return_screening, sign_screening

__all__ = ["answer_screening", "begin_screening", "conclude_screening", "return_screening", "sign_screening"]
