"""Words of the management system that several rooms share."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class AiRole(models.TextChoices):
    """The roles of ISO/IEC 22989 that an organisation can play towards an AI system."""

    PROVIDER = "provider", _("AI provider")
    PRODUCER = "producer", _("AI producer")
    CUSTOMER = "customer", _("AI customer (user)")
    PARTNER = "partner", _("AI partner")
    SUBJECT = "subject", _("AI subject")
    AUTHORITY = "authority", _("Relevant authority")


class ObligationKind(models.TextChoices):
    """Where an obligation comes from; a reason code points at each."""

    LAW = "law", _("Law or regulation")
    CONTRACT = "contract", _("Contract")
    PARTY = "party", _("Interested party's need")
    OBJECTIVE = "objective", _("AI objective")


class Band(models.TextChoices):
    """The four bands of the matrix."""

    LOW = "low", _("Low")
    MODERATE = "moderate", _("Moderate")
    HIGH = "high", _("High")
    SEVERE = "severe", _("Severe")


class Acceptor(models.TextChoices):
    """Who may accept what remains at a level, as criteria name them."""

    OWNER = "owner", _("its owner")
    OFFICER = "officer", _("a compliance officer")
    APPROVER = "approver", _("an approver")
