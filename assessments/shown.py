"""What this room shows on the page of an AI system: how it was judged over time, and what the EU AI Act asks."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext as _

from accounts.actor import Actor
from assessments.law.standing import facts_of, standings
from assessments.law.view import why
from assessments.portfolio_page import drawn_history
from assessments.queries.past import judged_and_screened
from systems.applying.classify import classify
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


def law_beside(system: AiSystem, _at: datetime | None, _who: Actor) -> Iterable[Shown]:
    """Say which articles bind, once the record says anything to the Act; no query."""
    if not classify(system.record).is_said:
        return
    facts = facts_of(system.record)
    context = {"why": why(facts), "standings": standings(facts), "code": system.code}
    aside = _("no presumption of conformity")
    yield Shown("eu-ai-act", _("EU AI Act"), "assessments/law/on_system.html", context, aside=aside)
