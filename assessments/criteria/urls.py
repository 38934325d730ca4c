"""Addresses of the criteria."""

from django.urls import URLPattern, path

from assessments.criteria import behind_views as behind
from assessments.criteria import views

app_name = "criteria"
urlpatterns: list[URLPattern] = [
    path("", views.criteria, name="page"),
    path("compare/", views.compare, name="compare"),
    path("untreated/", views.open_levels, name="untreated"),
    path("earlier/", behind.earlier, name="earlier"),
    path("earlier/risks/<str:code>/", behind.judge_risk, name="judge-risk"),
    path("earlier/<str:code>/<str:edition>/", behind.judge_assessment, name="judge-assessment"),
]
