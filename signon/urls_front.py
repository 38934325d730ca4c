"""Addresses outside an AIMS: where people come in."""

from django.urls import path

from signon.views import coming, going, mine

urlpatterns = [
    path("", going.find, name="signon_find"),
    path("<slug:organisation>/", going.door, name="signon_door"),
    path("<slug:organisation>/links/<int:pk>/cut/", mine.unlink_mine, name="signon_unlink"),
    path("<slug:organisation>/<str:code>/", going.start, name="signon_start"),
    path("<slug:organisation>/<str:code>/callback/", coming.callback, name="signon_callback"),
    path("<slug:organisation>/<str:code>/acs/", coming.acs, name="signon_acs"),
    path("<slug:organisation>/<str:code>/finish/", coming.finish_saml, name="signon_finish"),
    path("<slug:organisation>/<str:code>/metadata/", coming.metadata, name="signon_metadata"),
]
