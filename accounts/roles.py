"""The seven roles of Assay's vocabulary; a person may hold several in one AIMS."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """Who may do what is decided by these, in each room's permissions.py."""

    ADMINISTRATOR = "administrator", _("Administrator")
    OFFICER = "officer", _("Compliance officer")
    OWNER = "owner", _("Control owner")
    REVIEWER = "reviewer", _("Reviewer")
    APPROVER = "approver", _("Approver")
    AUDITOR = "auditor", _("Internal auditor")
    CERTIFIER = "certifier", _("Certification-body auditor")


EVERYONE = frozenset(Role)
INSIDERS = READERS = EVERYONE - {Role.CERTIFIER}
WRITERS = frozenset({Role.ADMINISTRATOR, Role.OFFICER, Role.OWNER})
STEWARDS = frozenset({Role.ADMINISTRATOR, Role.OFFICER})
