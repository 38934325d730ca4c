"""Who had a hand in something by the chain: who acted, and in whose stead they did."""

from datetime import datetime

from django.db.models import OuterRef, QuerySet, Subquery

from accounts.models import User
from accounts.separation import Hands, hands
from aims.live import in_force
from aims.models import Membership
from ledger.models import Record


def hands_in(records: QuerySet[Record]) -> Hands:
    """Return the pseudonyms of everyone who made the records, and of those whom they stood in for; one query.

    What a deputy did counts as done by both: neither judges it.
    """
    under = Membership.objects.filter(pk=OuterRef("membership_id")).values("deputises__user__pseudonym")
    acted = records.order_by().annotate(stood_for=Subquery(under[:1])).values_list("pseudonym", "stood_for")
    return hands(*acted.distinct())


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
