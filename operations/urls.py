"""Addresses of this room."""

from django.urls import URLPattern, path

from operations.views import pages, verbs

app_name = "operations"
ONE = "<str:code>/"
urlpatterns: list[URLPattern] = [
    path("", pages.portfolio, name="portfolio"),
    path(ONE, pages.signals, name="signals"),
    path(f"{ONE}new/", verbs.declare, name="declare"),
    path(f"{ONE}export/", pages.export, name="export"),
    path(f"{ONE}evaluations/", pages.evaluations, name="evaluations"),
    path(f"{ONE}evaluations/upload/", verbs.upload, name="upload"),
    path(f"{ONE}evaluations/<str:run>/", pages.evaluation, name="evaluation"),
    path(f"{ONE}evaluations/<str:run>/withdraw/", verbs.withdraw, name="withdraw"),
    path(f"{ONE}benchmarks/new/", verbs.benchmark, name="benchmark"),
    path(f"{ONE}benchmarks/<int:pk>/withdraw/", verbs.drop_benchmark, name="drop_benchmark"),
    path(f"{ONE}crossings/<int:pk>/answer/", verbs.answer, name="answer"),
    path(f"{ONE}<str:signal>/", pages.signal, name="signal"),
    path(f"{ONE}<str:signal>/limits/", verbs.limits, name="limits"),
]
