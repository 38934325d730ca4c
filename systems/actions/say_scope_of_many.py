"""Say whether many systems are in the scope of the AIMS (4.3), with one reason."""

from collections.abc import Mapping

from django.db import transaction

from accounts.actor import Actor
from systems.actions.say_scope import say_scope
from systems.models import AiSystem


@transaction.atomic
def say_scope_of_many(seen: Mapping[int, int], *, is_in_scope: bool, reason: str, actor: Actor) -> int:
    """Record it for each system, by its key with the version that was seen, or for none; return how many there were.

    Raises Conflict for the first that somebody changed meanwhile: then nothing is recorded.
    """
    rows = AiSystem.objects.in_bulk(sorted(seen))
    for pk in sorted(rows):
        say_scope(rows[pk], is_in_scope=is_in_scope, reason=reason, seen=seen[pk], actor=actor)
    return len(rows)
