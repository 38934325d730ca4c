"""The kinds of things that call for another look at an assessment, and the sections that each is likely to touch."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class TriggerKind(models.TextChoices):
    """What may happen after a judgement was made (ISO/IEC 42005, when to assess again)."""

    SYSTEM = "system", _("New or linked system")
    MODEL = "model", _("Model changed")
    DATA = "data", _("Data changed")
    PROMPT = "prompt", _("Prompt or tool changed")
    SUPPLIER = "supplier", _("Supplier changed")
    USERS = "users", _("New users or affected people")
    PURPOSE = "purpose", _("New purpose")
    REGION = "region", _("New region")
    AUTOMATION = "automation", _("More automation")
    INCIDENT = "incident", _("Incident")
    COMPLAINT = "complaint", _("Complaint")
    DRIFT = "drift", _("Drift")
    LAW = "law", _("Law changed")
    INTERVAL = "interval", _("Planned interval")
    RETIRED = "retired", _("Decommissioning")


# What a kind of material change of a system's record (changes/material.yaml) is as a trigger.
OF_CHANGES = {
    "model": TriggerKind.MODEL,
    "prompt": TriggerKind.PROMPT,
    "tool": TriggerKind.PROMPT,
    "data": TriggerKind.DATA,
    "purpose": TriggerKind.PURPOSE,
    "users": TriggerKind.USERS,
    "region": TriggerKind.REGION,
    "automation": TriggerKind.AUTOMATION,
    "supplier": TriggerKind.SUPPLIER,
}

# The sections of an assessment, in their order.
SECTIONS = {
    "scope": _("Scope"),
    "system": _("System and purpose"),
    "data": _("Data"),
    "model": _("Model"),
    "deployment": _("Deployment and oversight"),
    "parties": _("Affected parties"),
    "impacts": _("Impacts"),
    "measures": _("Measures"),
    "society": _("Society and law"),
    "decision": _("Decision"),
}

LIKELY: dict[str, tuple[str, ...]] = {
    TriggerKind.SYSTEM: ("scope", "system"),
    TriggerKind.MODEL: ("model", "impacts"),
    TriggerKind.DATA: ("data", "impacts"),
    TriggerKind.PROMPT: ("model", "measures"),
    TriggerKind.SUPPLIER: ("model", "deployment"),
    TriggerKind.USERS: ("parties", "impacts"),
    TriggerKind.PURPOSE: ("system", "parties", "impacts"),
    TriggerKind.REGION: ("deployment", "society"),
    TriggerKind.AUTOMATION: ("deployment", "impacts"),
    TriggerKind.INCIDENT: ("impacts", "measures"),
    TriggerKind.COMPLAINT: ("parties", "impacts"),
    TriggerKind.DRIFT: ("model", "measures"),
    TriggerKind.LAW: ("society", "decision"),
    TriggerKind.INTERVAL: (),
    TriggerKind.RETIRED: ("scope", "decision"),
}


def labels_of(sections: list[str]) -> str:
    """Return sections in words, in their order."""
    return ", ".join(str(label) for name, label in SECTIONS.items() if name in sections)
