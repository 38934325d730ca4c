"""A way to a provider and back: begun here, answered once, taken once, and only by the browser that began it."""

import secrets
from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import clock
from accounts.models import User
from accounts.refusals import Refusal
from accounts.tokens import digest_of
from signon.asserted import Asserted
from signon.models import Attempt, Provider, Purpose
from signon.oidc import Trip

LASTS = timedelta(minutes=10)
KEPT = timedelta(days=1)


class NoSuchAttempt(Refusal):
    """The answer belongs to no sign-in that is under way."""


def new_trip() -> Trip:
    """Draw what is sent along: 256 random bits each."""
    return Trip(*(secrets.token_urlsafe(32) for _part in range(3)))


@transaction.atomic
def begin(
    provider: Provider,
    trip: Trip,
    *,
    purpose: Purpose,
    user: User | None = None,
    request_id: str = "",
    next_url: str = "",
) -> Attempt:
    """Note that somebody went to the provider, and forget those of days ago."""
    now = clock.now()
    Attempt.objects.filter(expires_at__lt=now - KEPT).delete()
    row = Attempt(
        aims_id=provider.aims_id,
        provider=provider,
        digest=digest_of(trip.state),
        purpose=purpose,
        user=user,
        nonce=trip.nonce,
        verifier=trip.verifier,
        request_id=request_id,
        next_url=next_url[:500],
        expires_at=now + LASTS,
    )
    row.save()
    return row


@transaction.atomic
def answer(provider: Provider, handle: str) -> Attempt:
    """Claim the attempt that an answer names: the second answer finds nothing."""
    now = clock.now()
    rows = Attempt.objects.filter(provider=provider, digest=digest_of(handle), answered_at__isnull=True)
    if not handle or not rows.filter(expires_at__gt=now).update(answered_at=now):
        raise NoSuchAttempt(_("This sign-in was not begun here, is too old, or was used already. Begin again."))
    return Attempt.objects.select_related("user").get(digest=digest_of(handle))


@transaction.atomic
def keep(attempt: Attempt, said: Asserted) -> None:
    """Keep what a checked answer said until the browser that began comes for it."""
    Attempt.objects.filter(pk=attempt.pk).update(said=said.kept())


@transaction.atomic
def finish(provider: Provider, handle: str) -> tuple[Attempt, Asserted]:
    """Take what was kept, once, and forget it."""
    now = clock.now()
    rows = Attempt.objects.filter(provider=provider, digest=digest_of(handle), taken_at__isnull=True)
    row = rows.filter(expires_at__gt=now, said__isnull=False).select_related("user").first()
    if row is None or not rows.filter(pk=row.pk).update(taken_at=now, said=None):
        raise NoSuchAttempt(_("This sign-in was not begun here, is too old, or was used already. Begin again."))
    return row, Asserted.from_kept(row.said or {})


def take(provider: Provider, handle: str) -> tuple[Attempt, Trip]:
    """Claim an attempt together with what was sent along, where answer and browser come at once."""
    row = answer(provider, handle)
    return row, Trip(handle, row.nonce, row.verifier)
