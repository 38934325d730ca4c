"""Criteria as somebody would say them."""

from dataclasses import replace
from typing import Any

from accounts.actor import Actor
from aims.actions import set_criteria
from aims.judging import Judging, bands_up_to, judging_of
from aims.models import Criteria
from aims.queries import current_criteria

STRICTER = {"bands": bands_up_to(2, 6, 11)}


def said(**changed: Any) -> Judging:
    """What judges now, with something changed."""
    return replace(judging_of(current_criteria()), **changed)


def newer(actor: Actor, **changed: Any) -> Criteria:
    """The next version, by default with stricter bands."""
    return set_criteria(said(**(changed or STRICTER)), why="Board review", seen=current_criteria().number, actor=actor)
