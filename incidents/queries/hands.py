"""Who had a hand in putting an incident right."""

from accounts.separation import Hands, hands
from incidents.models import Incident


def correctors(incident: Incident) -> Hands:
    """Return who did corrective actions of an incident, and who answered for them."""
    done = incident.incidentactions.filter(done_at__isnull=False)
    return hands(*done.values_list("done_by_id", "owner_id"))
