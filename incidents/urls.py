"""Addresses of this room."""

from django.urls import URLPattern, path

from incidents.views import lists, prepare, verbs

app_name = "incidents"
urlpatterns: list[URLPattern] = [
    path("", lists.index, name="list"),
    path("export/", lists.export, name="export"),
    path("new/", verbs.new, name="new"),
    path("runbooks/", prepare.runbooks, name="runbooks"),
    path("runbooks/new/", prepare.new_runbook, name="new_runbook"),
    path("runbooks/<str:code>/", prepare.runbook, name="runbook"),
    path("runbooks/<str:code>/edit/", prepare.edit_runbook, name="edit_runbook"),
    path("runbooks/<str:code>/drill/", prepare.drill, name="drill"),
    path("duties/", prepare.duties, name="duties"),
    path("duties/new/", prepare.new_duty, name="new_duty"),
    path("duties/<str:code>/end/", prepare.end_duty, name="end_duty"),
    path("<str:code>/", lists.detail, name="detail"),
    path("<str:code>/edit/", verbs.edit, name="edit"),
    path("<str:code>/triage/", verbs.triage, name="triage"),
    path("<str:code>/note/", verbs.note, name="note"),
    path("<str:code>/contain/", verbs.contain, name="contain"),
    path("<str:code>/move/", verbs.move, name="move"),
    path("<str:code>/link/", verbs.link, name="link"),
    path("<str:code>/links/<int:pk>/end/", verbs.unlink, name="unlink"),
    path("<str:code>/actions/new/", verbs.plan, name="plan"),
    path("<str:code>/actions/<int:pk>/done/", verbs.finish, name="finish"),
    path("<str:code>/actions/<int:pk>/withdraw/", verbs.drop, name="drop"),
    path("<str:code>/notifications/<int:pk>/sent/", verbs.send, name="send"),
    path("<str:code>/notifications/<int:pk>/not-due/", verbs.decline, name="decline"),
]
