"""Addresses of this room."""

from django.urls import URLPattern, path

from systems import verbs, views, views_files
from systems.lifecycle import rule_views as rules
from systems.lifecycle import views as moves

app_name = "systems"
urlpatterns: list[URLPattern] = [
    path("", views.index, name="list"),
    path("new/", verbs.new, name="new"),
    path("gates/", rules.gates, name="gates"),
    path("gates/<str:key>/", rules.gate, name="gate"),
    path("functions/", rules.name_function, name="name_function"),
    path("functions/<int:pk>/end/", rules.end_function, name="end_function"),
    path("files/", views_files.files, name="files"),
    path("files/<str:form>", views_files.export, name="export"),
    path("<str:code>/", views.detail, name="detail"),
    path("<str:code>/edit/", verbs.edit, name="edit"),
    path("<str:code>/scope/", verbs.scope, name="scope"),
    path("<str:code>/stage/", moves.ask, name="stage"),
    path("<str:code>/advise/", moves.advise, name="advise"),
    path("<str:code>/moves/", moves.moves, name="moves"),
    path("<str:code>/moves/<int:number>/", moves.move, name="move"),
    path("<str:code>/moves/<int:number>/sign/", moves.sign, name="sign"),
    path("<str:code>/moves/<int:number>/refuse/", moves.refuse, name="refuse"),
    path("<str:code>/moves/<int:number>/withdraw/", moves.withdraw, name="withdraw_move"),
    path("<str:code>/moves/<int:number>/conditions/<int:place>/", moves.meet, name="meet"),
    path("<str:code>/rely/", verbs.rely, name="rely"),
    path("<str:code>/rely/<int:pk>/end/", verbs.let_go, name="let_go"),
]
