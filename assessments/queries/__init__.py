"""Questions about assessments and risks, each with one answer for pages, reports and tests."""

from assessments.queries.authors import approvers_of, authors_of, score_writers
from assessments.queries.drivers import measures, treatments
from assessments.queries.listing import AssessmentLine, assessment_lines
from assessments.queries.report import ReportAssessment, report_assessments
from assessments.queries.residual import Residual, residual_matrix, risk_matrix
from assessments.queries.risks import RiskLine, RiskSheet, TreatmentLine, risk_lines, risk_sheet
from assessments.queries.sheet import ImpactLine, MeasureLine, Sheet, sheet_of
from assessments.queries.targets import assessment_targets, risk_targets

__all__ = [
    "AssessmentLine",
    "ImpactLine",
    "MeasureLine",
    "ReportAssessment",
    "Residual",
    "RiskLine",
    "RiskSheet",
    "Sheet",
    "TreatmentLine",
    "approvers_of",
    "assessment_lines",
    "assessment_targets",
    "authors_of",
    "measures",
    "report_assessments",
    "residual_matrix",
    "risk_lines",
    "risk_matrix",
    "risk_sheet",
    "risk_targets",
    "score_writers",
    "sheet_of",
    "treatments",
]
