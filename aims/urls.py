"""Addresses of this room."""

from django.urls import path

from aims.views import deputies, obligations, organisation, people, saved, scope, seats

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
    path("people/roles/<int:pk>/deputy/", deputies.name, name="deputy_name"),
    path("people/deputies/<int:pk>/end/", deputies.end, name="deputy_end"),
    path("people/seats/new/", seats.new, name="seat_new"),
    path("people/seats/<int:pk>/", seats.seat, name="seat"),
    path("people/seats/<int:pk>/date/", seats.date, name="seat_date"),
    path("people/share/", seats.share, name="share"),
    path("people/shares/<int:pk>/withdraw/", seats.unshare, name="unshare"),
]
