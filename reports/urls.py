"""Addresses of this room."""

from django.urls import URLPattern, path

from reports import certificate_views, pack_views, plan_views, views

app_name = "reports"
urlpatterns: list[URLPattern] = [
    path("", views.index, name="list"),
    path("ask/", views.ask, name="ask"),
    path("ask/portfolio/", views.ask_portfolio, name="ask-portfolio"),
    path("ask/<str:code>/<str:edition>/", views.ask_assessment, name="ask-assessment"),
    path("certificate/", certificate_views.certificate, name="certificate"),
    path("certificate/renew/", certificate_views.renew, name="certificate_renew"),
    path("certificate/<str:code>.pem", certificate_views.download_pem, name="certificate_pem"),
    path("packs/", pack_views.index, name="packs"),
    path("packs/ask/", pack_views.ask, name="pack_ask"),
    path("packs/<str:code>/", pack_views.detail, name="pack"),
    path("packs/<str:code>/cancel/", pack_views.cancel, name="pack_cancel"),
    path("packs/<str:code>/again/", pack_views.again, name="pack_again"),
    path("packs/<str:code>/download/", pack_views.download, name="pack_download"),
    path("treatment-plans/<int:number>.pdf", plan_views.treatment_plan, name="treatment-plan"),
    path("<int:pk>/", views.row, name="row"),
    path("<int:pk>/cancel/", views.cancel, name="cancel"),
    path("<int:pk>/again/", views.again, name="again"),
    path("<int:pk>/download/", views.download, name="download"),
]
