"""Addresses of this room."""

from django.urls import URLPattern, path

from assessments.views import (
    answers,
    bring,
    editor,
    files,
    flow,
    law,
    lists,
    parts,
    pictures,
    plan,
    risks,
    screening,
    treatment,
    triggers,
)

app_name = "assessments"
ONE = "<str:code>/<str:edition>/"
PLACES = {"party": "parties", "impact": "impacts", "measure": "measures"}


def _parts(kind: str) -> list[URLPattern]:
    base = f"{ONE}{PLACES[kind]}/"
    said = {"kind": kind}
    return [
        path(f"{base}new/", parts.new, said, name=f"new-{kind}"),
        path(f"{base}<int:pk>/", parts.change, said, name=kind),
        path(f"{base}<int:pk>/withdraw/", parts.withdraw, said, name=f"withdraw-{kind}"),
    ]


urlpatterns: list[URLPattern] = [
    path("", lists.assessments, name="list"),
    path("new/", flow.new, name="new"),
    path("portfolio/", pictures.portfolio, name="portfolio"),
    path("history/<str:system>/", pictures.history, name="history"),
    path("eu-ai-act/<str:system>/", law.of_system, name="law-of-system"),
    path("risks/", lists.risks, name="risks"),
    path("risks/new/", risks.new, name="new-risk"),
    path("risks/import/", bring.upload, name="import-risks"),
    path("risks/library/", treatment.library, name="threats"),
    path("risks/plan/", plan.current, name="plan"),
    path("risks/plan/plan.xlsx", plan.current_workbook, name="plan-workbook"),
    path("risks/plan/submit/", plan.submit, name="submit-plan"),
    path("risks/plan/<int:number>/", plan.detail, name="treatment-plan"),
    path("risks/plan/<int:number>/plan.xlsx", plan.workbook, name="treatment-plan-workbook"),
    path("risks/plan/<int:number>/approve/", plan.approve, name="approve-plan"),
    path("risks/plan/<int:number>/return/", plan.send_back, name="return-plan"),
    path("risks/<str:code>/", risks.detail, name="risk"),
    path("risks/<str:code>/edit/", risks.edit, name="edit-risk"),
    path("risks/<str:code>/treat/", risks.treat, name="treat"),
    path("risks/<str:code>/treatments/<int:pk>/withdraw/", risks.stop_treating, name="stop-treating"),
    path("risks/<str:code>/verify/", treatment.verify, name="verify-risk"),
    path("risks/<str:code>/feed/", treatment.feed, name="feed"),
    path("risks/<str:code>/impacts/<int:pk>/withdraw/", treatment.stop_feeding, name="stop-feeding"),
    path("risks/<str:code>/accept/", risks.accept, name="accept-risk"),
    path("risks/<str:code>/withdraw/", risks.withdraw, name="withdraw-risk"),
    path("screenings/", screening.screenings, name="screenings"),
    path("screenings/new/", screening.new, name="screen"),
    path("screenings/<str:code>/", screening.detail, name="screening"),
    path("screenings/<str:code>/sign/", screening.sign, name="screening-sign"),
    path("screenings/<str:code>/return/", screening.send_back, name="screening-return"),
    path("screenings/<str:code>/start/", screening.start, name="screening-start"),
    path(ONE, editor.detail, name="detail"),
    path(f"{ONE}markdown/", files.download, name="markdown"),
    path(f"{ONE}eu-ai-act/", law.of_edition, name="law"),
    path(f"{ONE}purpose/", parts.purpose, name="purpose"),
    path(f"{ONE}answers/<slug:question>/", answers.answer, name="answer"),
    path(f"{ONE}sections/<slug:section>/comments/", answers.comment, name="comment"),
    path(f"{ONE}comments/<int:pk>/settle/", answers.settle, name="settle-comment"),
    path(f"{ONE}authors/", answers.add_author, name="co-authors"),
    path(f"{ONE}authors/<int:pk>/withdraw/", answers.withdraw_author, name="withdraw-co-author"),
    path(f"{ONE}impacts/scores/", parts.scores, name="scores"),
    *_parts("party"),
    *_parts("impact"),
    *_parts("measure"),
    path(f"{ONE}submit/", flow.submit, name="submit"),
    path(f"{ONE}return/", flow.send_back, name="return"),
    path(f"{ONE}decide/", flow.decide, name="decide"),
    path(f"{ONE}revise/", flow.revise, name="revise"),
    path(f"{ONE}triggers/", triggers.triggers, name="triggers"),
    path(f"{ONE}triggers/new/", triggers.report_trigger, name="report-trigger"),
]
