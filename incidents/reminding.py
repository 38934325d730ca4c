"""Remind whoever answers for an incident of each notification: a day before its deadline and at it, each once."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from accounts import clock
from accounts.actor import service
from accounts.context import acting_in
from accounts.models import User
from accounts.roles import STEWARDS, Role
from aims.invitations import has_address
from aims.live import in_force
from aims.models import Aims, Membership
from incidents.actions.owing import answers_for
from incidents.models import Notification
from incidents.timing import moment
from incidents.words import Standing
from jobs.actions import deliver

SCHEDULE = "incidents.remind"
REMINDERS = service("reminders")
AHEAD = timedelta(days=1)


def remind_all() -> None:
    """Write the mails that fell due in every AIMS; the key of each keeps it from being written twice."""
    for aims in Aims.objects.filter(removed_at__isnull=True).order_by("pk"):
        with acting_in(aims, REMINDERS), transaction.atomic():
            remind(aims)


def remind(aims: Aims) -> int:
    """Write the mails that fell due in one AIMS and return for how many notifications."""
    now = clock.now()
    rows = Notification.objects.filter(Q(due_at__lte=now + AHEAD) | Q(due_at__isnull=True), state=Standing.DUE)
    count = 0
    for row in rows.select_related("incident__system__aims").order_by("pk"):
        count += _remind_of(row, aims, now)
    return count


def _remind_of(row: Notification, aims: Aims, now: datetime) -> bool:
    """Of two reminders that both fell due only the later one is written: after downtime nobody is told of the past."""
    turn = "at" if row.due_at is None or row.due_at <= now else "before"
    stem = f"notification:{row.pk}:{row.due_at.isoformat() if row.due_at else 'once'}:{turn}"
    people = list(_recipients(row, aims))
    for person in people:
        with translation.override(person.language):
            subject, body = _letter(row, aims)
            deliver(key=f"{stem}:{person.pk}", to=person.email, subject=subject, body=body, aims_id=aims.pk)
    return bool(people)


def _recipients(row: Notification, aims: Aims) -> Iterator[User]:
    asked = answers_for(row.incident)
    owner = _holders(aims, Q(user_id=asked)) if asked else []
    yield from owner or _holders(aims, Q(role=Role.OFFICER)) or _holders(aims, Q(role__in=STEWARDS))


def _holders(aims: Aims, who: Q) -> list[User]:
    live = Membership.objects.filter(in_force(clock.now()), who, aims=aims, user__is_active=True)
    people = User.objects.filter(pk__in=live.values("user_id")).order_by("pk")
    return [person for person in people if has_address(person)]


def _letter(row: Notification, aims: Aims) -> tuple[str, str]:
    until = moment(row.due_at, aims.time_zone) if row.due_at else _("at once")
    subject = _("%(code)s: %(duty)s, due %(until)s") % {
        "code": row.incident.code,
        "duty": row.title,
        "until": until,
    }
    path = reverse("incidents:detail", args=[aims.slug, row.incident.code])
    lines = (
        f"{row.title}. {_('To')}: {row.authority}.",
        f"{_('Due')}: {until}. {row.source}",
        row.basis,
        f"{settings.SITE_URL}{path}",
    )
    return subject, "\n\n".join(lines) + "\n"
