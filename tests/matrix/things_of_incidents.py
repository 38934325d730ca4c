"""The things of incidents that addresses and fields name."""

from accounts.actor import Actor
from assessments.models import Risk
from incidents.models import Incident, IncidentAction, IncidentLink, Notification, OwnDuty, Runbook
from tests.matrix.things import Params


def incident(_officer: Actor) -> Params:
    """The last incident that nobody judged yet."""
    return {"code": Incident.objects.filter(state="reported").order_by("-pk")[0].code}


def resolved_incident(_officer: Actor) -> Params:
    """An incident that can be closed."""
    return {"code": Incident.objects.filter(state="resolved").order_by("-pk")[0].code}


def incident_link(_officer: Actor) -> Params:
    """A requirement that an open incident bears on."""
    row = IncidentLink.objects.filter(incident__state="reported", withdrawn_at__isnull=True).order_by("-pk")[0]
    return {"code": row.incident.code, "pk": row.pk}


def incident_action(_officer: Actor) -> Params:
    """A corrective action that is not done."""
    row = IncidentAction.objects.filter(incident__state="reported", done_at__isnull=True).order_by("-pk")[0]
    return {"code": row.incident.code, "pk": row.pk}


def notification(_officer: Actor) -> Params:
    """A notification that is due."""
    row = Notification.objects.filter(incident__state="reported", state="due").order_by("-pk")[0]
    return {"code": row.incident.code, "pk": row.pk}


def own_duty(_officer: Actor) -> Params:
    """A duty that the organisation took on."""
    return {"code": OwnDuty.objects.filter(withdrawn_at__isnull=True).order_by("-pk")[0].code}


def runbook(_officer: Actor) -> Params:
    """A runbook."""
    return {"code": Runbook.objects.order_by("-pk")[0].code}


def reference(_officer: Actor) -> Params:
    """A reference to a risk."""
    return {"ref": Risk.objects.order_by("-pk")[0].ref}
