"""What the room of operations knows of a system's evaluations, as the gate after an incident asks for it."""

from datetime import datetime

from django.urls import reverse

from incidents.ports import Passed
from operations.queries import newest_pass
from systems.models import AiSystem


def passed(system: AiSystem, since: datetime) -> Passed | None:
    """Return the newest run after an instant that the version in use passed."""
    run = newest_pass(system, since)
    if run is None:
        return None
    address = reverse("operations:evaluation", args=[system.aims.slug, system.code, run.code])
    return Passed(run.done_at, run.ref, str(run), address)
