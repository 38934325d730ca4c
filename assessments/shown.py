"""What this room shows on the page of an AI system: how it was judged over time."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext as _

from accounts.actor import Actor
from assessments.portfolio_page import drawn_history
from assessments.queries.past import judged_and_screened
from systems.models import AiSystem
from systems.ports import Shown


def judgement_over_time(system: AiSystem, at: datetime | None, _who: Actor) -> Iterable[Shown]:
    """Draw the decided editions of its assessment and its signed screenings, once there is one: two queries."""
    editions = judged_and_screened(system, at)
    if not editions:
        return
    context = {"picture": drawn_history(editions), "code": system.code}
    title, template = _("Judgement over time"), "assessments/on_system.html"
    yield Shown("judgement", title, template, context, aside=_("the worst impact of each edition"))
