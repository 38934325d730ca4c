"""Addresses of this room inside an AIMS."""

from django.urls import path

from upkeep import work_views

app_name = "upkeep"
urlpatterns = [
    path("", work_views.work, name="work"),
    path("jobs/<int:pk>/again/", work_views.begin_again, name="retry"),
    path("jobs/<int:pk>/give-up/", work_views.end, name="give_up"),
    path("mail/<int:pk>/<slug:fate>/", work_views.mail, name="mail"),
]
