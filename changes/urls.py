"""Addresses of this room."""

from django.urls import URLPattern, path

from changes.views import compare, detail, lists, verbs

app_name = "changes"
urlpatterns: list[URLPattern] = [
    path("", lists.index, name="list"),
    path("new/", verbs.new, name="new"),
    path("export/", lists.export, name="export"),
    path("compare/", compare.compare, name="compare"),
    path("<str:code>/", detail.detail, name="detail"),
    path("<str:code>/edit/", verbs.describe, name="describe"),
    path("<str:code>/meet/<str:demand>/", verbs.meet, name="meet"),
    path("<str:code>/waive/<str:demand>/", verbs.waive, name="waive"),
    path("<str:code>/touched/", verbs.touched, name="touched"),
    path("<str:code>/emergency/", verbs.emergency, name="emergency"),
    path("<str:code>/approve/", verbs.approve, name="approve"),
    path("<str:code>/refuse/", verbs.refuse, name="refuse"),
    path("<str:code>/withdraw/", verbs.withdraw, name="withdraw"),
    path("<str:code>/in-effect/", verbs.take_effect, name="take_effect"),
]
