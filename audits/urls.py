"""Addresses of this room."""

from django.urls import URLPattern, path

from audits import views

app_name = "audits"
urlpatterns: list[URLPattern] = [
    path("", views.cycle_page, name="cycle"),
    path("plan/", views.plan, name="plan"),
    path("<int:pk>/edit/", views.edit, name="edit"),
    path("<int:pk>/held/", views.hold, name="hold"),
    path("<int:pk>/withdraw/", views.withdraw, name="withdraw"),
]
