"""Addresses of the API: one router, its schema, and its page."""

from typing import Any

from django.urls import URLPattern, URLResolver, include, path, re_path
from rest_framework.routers import SimpleRouter

from config.api import Docs, Schema, nothing
from evidence.api import EvidenceDoor
from soa.api import CheckDoor, EntryDoor, ImportDoor, StatementDoor, VersionDoor
from systems.api import SystemDoor
from trace.api import LineageDoor

app_name = "api"
STATEMENT: dict[str, Any] = {"get": "show", "post": "open"}
router = SimpleRouter()
router.register("systems", SystemDoor, "systems")
router.register("evidence", EvidenceDoor, "evidence")
router.register("soa/entries", EntryDoor, "soa_entries")
router.register("soa/versions", VersionDoor, "soa_versions")
router.register("soa/checks", CheckDoor, "soa_checks")
router.register("soa/imports", ImportDoor, "soa_imports")

urlpatterns: list[URLPattern | URLResolver] = [
    path("schema/", Schema.as_view(), name="schema"),
    path("docs/", Docs.as_view(url_name="api:schema"), name="docs"),
    path("a/<slug:aims>/soa/", StatementDoor.as_view(STATEMENT, basename="soa_statement"), name="soa_statement"),
    path("a/<slug:aims>/lineage/", LineageDoor.as_view({"get": "show"}, basename="lineage"), name="lineage"),
    path("a/<slug:aims>/", include(router.urls)),
    re_path(r"^(?P<rest>[\s\S]*)$", nothing, name="nothing"),
]
