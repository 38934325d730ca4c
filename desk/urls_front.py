"""Addresses outside an AIMS."""

from django.urls import path

from aims.views import invitation, me
from desk import front

urlpatterns = [
    path("", front.home, name="home"),
    path("new/", front.begin, name="start"),
    path("welcome/", front.begin_first, name="first_run"),
    path("me/", me.me, name="me"),
    path("me/tokens/", me.issue, name="token_issue"),
    path("me/tokens/<int:pk>/revoke/", me.revoke, name="token_revoke"),
    path("invitation/", invitation.accept, name="accept_invitation"),
    path("invitation/<str:secret>/", invitation.open_link, name="invitation"),
]
