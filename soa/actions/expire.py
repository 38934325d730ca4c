"""Exclusions whose day has come are reopened, so that nobody leans on what has run out."""

from django.utils.translation import gettext as _

from accounts import clock
from accounts.actor import Actor, service
from accounts.context import acting_in
from aims.models import Aims
from soa.actions.reopen import Because, reopen
from soa.models import Applicability, Entry
from soa.reopening.models import Cause

WATCH = service("exclusions")


def expire_all() -> None:
    """Reopen what has expired in every AIMS; doing it again changes nothing."""
    for aims in Aims.objects.filter(removed_at__isnull=True).order_by("pk"):
        with acting_in(aims, WATCH):
            expire_exclusions(aims, actor=WATCH)


def expire_exclusions(aims: Aims, *, actor: Actor) -> int:
    """Reopen the exclusions whose day is past and return how many there are; they stay excluded until decided."""
    rows = Entry.objects.with_names().filter(applicability=Applicability.EXCLUDED)
    expired = list(rows.filter(expires_on__lt=clock.today(aims.time_zone)).in_order())
    for entry in expired:
        day = entry.expires_on
        assert day is not None  # noqa: S101  (the query asked for it)
        words = _("its exclusion expired on %s") % f"{day.day} {day:%B %Y}"
        reopen(entry, Because(Cause.EXPIRY, f"day:{day.isoformat()}", words), actor=actor)
    return len(expired)
