"""Addresses of this room."""

from django.urls import URLPattern, path

from systems import bulk, inventory_views, verbs, views, views_files
from systems.applying import views as applying
from systems.sections import views as record
from systems.sections import views_yaml

app_name = "systems"
urlpatterns: list[URLPattern] = [
    path("", views.index, name="list"),
    path("new/", verbs.new, name="new"),
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
    path("<str:code>/stage/", verbs.stage, name="stage"),
    path("<str:code>/rely/", verbs.rely, name="rely"),
    path("<str:code>/rely/<int:pk>/end/", verbs.let_go, name="let_go"),
]
