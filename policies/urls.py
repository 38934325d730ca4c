"""Addresses of this room."""

from django.urls import URLPattern, path

from policies import views

app_name = "policies"
urlpatterns: list[URLPattern] = [
    path("", views.index, name="list"),
    path("new/", views.new, name="new"),
    path("<slug:name>/", views.detail, name="detail"),
    path("<slug:name>/revise/", views.revise, name="revise"),
    path("<slug:name>/switch/", views.switch, name="switch"),
    path("<slug:name>/versions/<int:number>/", views.version, name="version"),
]
