"""Addresses of this room."""

from django.urls import path

from aims.views import obligations, organisation, people, saved, scope

app_name = "aims"
urlpatterns = [
    path("", organisation.settings, name="settings"),
    path("views/", saved.views, name="views"),
    path("views/save/", saved.save, name="view_save"),
    path("views/all/", saved.begin_with_all_rows, name="view_all"),
    path("views/<int:pk>/", saved.view, name="view"),
    path("views/<int:pk>/begin/", saved.begin, name="view_begin"),
    path("views/<int:pk>/delete/", saved.delete, name="view_delete"),
    path("scope/", scope.scope, name="scope"),
    path("obligations/", obligations.obligations, name="obligations"),
    path("obligations/new/", obligations.new_obligation, name="obligation_new"),
    path("obligations/<str:code>/", obligations.obligation, name="obligation"),
    path("obligations/<str:code>/withdraw/", obligations.withdraw, name="obligation_withdraw"),
    path("people/", people.people, name="people"),
    path("people/invite/", people.invite_person, name="invite"),
    path("people/grant/", people.grant, name="grant"),
    path("people/roles/<int:pk>/revoke/", people.revoke, name="revoke"),
    path("people/invitations/<int:pk>/", people.invitation, name="invitation"),
]
