"""Who had a hand in something by the chain: who acted, and in whose stead they did."""

from datetime import datetime

from django.db.models import QuerySet

from accounts.models import User
from accounts.separation import Hands, hands
from aims.live import in_force
from aims.models import Membership
from ledger.models import Record


def hands_in(records: QuerySet[Record]) -> Hands:
    """Return the pseudonyms of everyone who made the records, and of those whom they stood in for; two queries.

    What a deputy did counts as done by both: neither judges it.
    """
    acted = set(records.order_by().values_list("pseudonym", "membership_id").distinct())
    under = {membership for _who, membership in acted if membership is not None}
    stood_for = Membership.objects.filter(pk__in=under, deputises__isnull=False)
    return hands((who for who, _under in acted), stood_for.values_list("deputises__user__pseudonym", flat=True))


def people_with(role: str, at: datetime, apart_from: Hands) -> list[User]:
    """Return the active people who could act in a role at an instant, apart from some and from their deputies."""
    live = Membership.objects.filter(in_force(at), role=role)
    live = live.exclude(deputises__user__in=_ids(apart_from)).exclude(deputises__user__pseudonym__in=_names(apart_from))
    people = User.objects.filter(pk__in=live.values("user_id"), is_active=True)
    people = people.exclude(pk__in=_ids(apart_from)).exclude(pseudonym__in=_names(apart_from))
    return list(people.order_by("name", "email"))


def _ids(some: Hands) -> list[int]:
    return [hand for hand in some if isinstance(hand, int)]


def _names(some: Hands) -> list[str]:
    return [hand for hand in some if isinstance(hand, str)]
