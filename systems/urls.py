"""Addresses of this room."""

from django.urls import URLPattern, path

from systems import bulk, inventory_views, verbs, views, views_files
from systems.applying import views as applying
from systems.lifecycle import rule_views as rules
from systems.lifecycle import views as moves
from systems.sections import views as record
from systems.sections import views_yaml

app_name = "systems"
urlpatterns: list[URLPattern] = [
    path("", views.index, name="list"),
    path("new/", verbs.new, name="new"),
    path("gates/", rules.gates, name="gates"),
    path("gates/<str:key>/", rules.gate, name="gate"),
    path("functions/", rules.name_function, name="name_function"),
    path("functions/<int:pk>/end/", rules.end_function, name="end_function"),
    path("asked/<str:control>/", applying.asked, name="asked"),
    path("asked/<str:control>/table.csv", applying.asked_table, name="asked_table"),
    path("files/", views_files.files, name="files"),
    path("files/<str:form>", views_files.export, name="export"),
    path("scope/", bulk.scopes, name="scopes"),
    path("inventory/", inventory_views.show, name="inventory"),
    path("inventory.<str:form>", inventory_views.export, name="inventory_file"),
    path("completeness/", inventory_views.completeness, name="completeness"),
    path("completeness/state/", inventory_views.state, name="state"),
    path("completeness/<str:code>/withdraw/", inventory_views.withdraw, name="take_back"),
    path("<str:code>/", views.detail, name="detail"),
    path("<str:code>/record/<slug:section>/", record.edit_section, name="section"),
    path("<str:code>/yaml/", views_yaml.as_yaml, name="yaml"),
    path("<str:code>/record.yaml", views_yaml.download, name="yaml_file"),
    path("<str:code>/applies/", applying.applies, name="applies"),
    path("<str:code>/eu-ai-act/", applying.eu_ai_act, name="eu"),
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
