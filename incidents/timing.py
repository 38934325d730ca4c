"""Instants and time left, as pages and mails write them."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from aims.days import short_day

HOUR = timedelta(hours=1)
IN_HOURS = timedelta(hours=72)


def moment(instant: datetime, time_zone: str) -> str:
    """Write an instant where the organisation is: 18 Jun 2026, 14:05."""
    local = instant.astimezone(ZoneInfo(time_zone))
    return f"{short_day(local.date())}, {local:%H:%M}"


def left(due_at: datetime | None, now: datetime) -> str:
    """Write how much time is left until a deadline, or since it went by; hours within three days, else days."""
    if due_at is None:
        return _("at once")
    apart = abs(due_at - now)
    span = _span(apart)
    return _("%s left") % span if due_at >= now else _("%s late") % span


def _span(apart: timedelta) -> str:
    if apart < HOUR:
        minutes = int(apart.total_seconds() // 60)
        return ngettext("%d minute", "%d minutes", minutes) % minutes
    if apart <= IN_HOURS:
        hours = int(apart // HOUR)
        return ngettext("%d hour", "%d hours", hours) % hours
    return ngettext("%d day", "%d days", apart.days) % apart.days
