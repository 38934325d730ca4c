"""Addresses of this room."""

from django.urls import URLPattern, path

from assessments.views import answers, editor, flow, lists, parts, risks, screening

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
    path("risks/", lists.risks, name="risks"),
    path("risks/new/", risks.new, name="new-risk"),
    path("risks/<str:code>/", risks.detail, name="risk"),
    path("risks/<str:code>/edit/", risks.edit, name="edit-risk"),
    path("risks/<str:code>/treat/", risks.treat, name="treat"),
    path("risks/<str:code>/treatments/<int:pk>/withdraw/", risks.stop_treating, name="stop-treating"),
    path("risks/<str:code>/accept/", risks.accept, name="accept-risk"),
    path("risks/<str:code>/withdraw/", risks.withdraw, name="withdraw-risk"),
    path("screenings/", screening.screenings, name="screenings"),
    path("screenings/new/", screening.new, name="screen"),
    path("screenings/<str:code>/", screening.detail, name="screening"),
    path("screenings/<str:code>/sign/", screening.sign, name="screening-sign"),
    path("screenings/<str:code>/return/", screening.send_back, name="screening-return"),
    path("screenings/<str:code>/start/", screening.start, name="screening-start"),
    path(ONE, editor.detail, name="detail"),
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
]
