"""Addresses: the front door, each room under its AIMS, and the API."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("desk.urls_front")),
    path("", include("upkeep.urls_front")),
    path("", include("systems.urls_front")),
    path("accounts/", include("accounts.urls")),
    path("sso/", include("signon.urls_front")),
    path("api/v1/", include("config.urls_api")),
    path(
        "a/<slug:aims>/",
        include(
            [
                path("", include("desk.urls")),
                path("settings/sign-on/", include("signon.urls")),
                path("settings/jobs/", include("upkeep.urls")),
                path("settings/criteria/", include("assessments.criteria.urls")),
                path("settings/", include("aims.urls")),
                path("policies/", include("policies.urls")),
                path("judging/", include("systems.judging.urls")),
                path("systems/", include("systems.urls")),
                path("operations/", include("operations.urls")),
                path("incidents/", include("incidents.urls")),
                path("changes/", include("changes.urls")),
                path("assessments/", include("assessments.urls")),
                path("evidence/", include("evidence.urls")),
                path("soa/", include("soa.urls")),
                path("cycle/", include("audits.urls")),
                path("chain/", include("trace.urls")),
                path("reports/", include("reports.urls")),
            ]
        ),
    ),
]
