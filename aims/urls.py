"""Addresses of this room."""

from django.urls import path

from aims.views import obligations, organisation, people, scope

app_name = "aims"
urlpatterns = [
    path("", organisation.settings, name="settings"),
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
