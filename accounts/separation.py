"""Separation of duties: who had a hand in a piece of work does not judge it, and neither does who stands in for them.

Hands are people by their id (a number) or by their pseudonym (a text), as whoever asks happens to know them.
"""

from collections.abc import Iterable
from dataclasses import replace

from accounts.actor import Actor, Authority

Hand = int | str | None
Hands = frozenset[Hand]


def hands(*people: Iterable[Hand]) -> Hands:
    """Return everybody named, nobody left out and nobody for a missing one."""
    return frozenset(hand for some in people for hand in some if hand is not None)


def had_a_hand(actor: Actor, in_it: Hands) -> bool:
    """Whether the actor did part of the work, in their own name or in somebody's stead."""
    return actor.pseudonym in in_it or (actor.user_id is not None and actor.user_id in in_it)


def apart(actor: Actor, in_it: Hands) -> Actor:
    """Return the actor with the authorities that are apart from the work.

    None for who did it; for a deputy, none that belongs to somebody who did: they may not judge it, so nobody may in
    their stead. A deputy of two people keeps the authority of the other.
    """
    if had_a_hand(actor, in_it):
        return replace(actor, authorities=())
    kept = tuple(held for held in actor.authorities if not _belongs_to(held, in_it))
    return replace(actor, authorities=kept)


def _belongs_to(held: Authority, in_it: Hands) -> bool:
    of = held.deputy_of
    return of is not None and (of.user_id in in_it or of.pseudonym in in_it)
