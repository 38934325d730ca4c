"""Addresses outside any AIMS."""

from django.urls import URLPattern, path

from systems.published import ai_system_schema

urlpatterns: list[URLPattern] = [path("schemas/ai-system.json", ai_system_schema, name="ai_system_schema")]
