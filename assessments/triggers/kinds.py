"""The kinds of things that call for another look at an assessment, and the sections that each is likely to touch."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from assessments.sections.models import Section


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

LIKELY: dict[str, tuple[Section, ...]] = {
    TriggerKind.SYSTEM: (Section.SCOPE, Section.SYSTEM),
    TriggerKind.MODEL: (Section.MODEL, Section.IMPACTS),
    TriggerKind.DATA: (Section.DATA, Section.IMPACTS),
    TriggerKind.PROMPT: (Section.MODEL, Section.MEASURES),
    TriggerKind.SUPPLIER: (Section.MODEL, Section.DEPLOYMENT),
    TriggerKind.USERS: (Section.PARTIES, Section.IMPACTS),
    TriggerKind.PURPOSE: (Section.SYSTEM, Section.PARTIES, Section.IMPACTS),
    TriggerKind.REGION: (Section.DEPLOYMENT, Section.SOCIETY),
    TriggerKind.AUTOMATION: (Section.DEPLOYMENT, Section.IMPACTS),
    TriggerKind.INCIDENT: (Section.IMPACTS, Section.MEASURES),
    TriggerKind.COMPLAINT: (Section.PARTIES, Section.IMPACTS),
    TriggerKind.DRIFT: (Section.MODEL, Section.MEASURES),
    TriggerKind.LAW: (Section.SOCIETY, Section.DECISION),
    TriggerKind.INTERVAL: (),
    TriggerKind.RETIRED: (Section.SCOPE, Section.DECISION),
}


def labels_of(sections: list[str]) -> str:
    """Return sections in words, in their order."""
    return ", ".join(str(label) for name, label in Section.choices if name in sections)
