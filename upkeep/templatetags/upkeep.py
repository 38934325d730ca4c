"""What frames of other rooms ask of this one."""

from django import template

from accounts.actor import Actor
from upkeep.permissions import may_keep_up

register = template.Library()


@register.filter
def keeps_up(actor: Actor) -> bool:
    """Whether the page of jobs and mail is this reader's."""
    return may_keep_up(actor)
