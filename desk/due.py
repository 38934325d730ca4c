"""Which reminders are due: dates only, each once, the latest missed one after downtime (rule R9)."""

from collections.abc import Collection
from datetime import date

OFFSETS = (90, 30, 7)


def reminders_due(
    today: date, due: date, offsets: Collection[int] = OFFSETS, already_sent: Collection[int] = ()
) -> list[int]:
    """Return the offsets (days before `due`) to send today: the nearest one that was reached, if it was never sent."""
    days_left = (due - today).days
    reached = [offset for offset in offsets if days_left <= offset]
    nearest = min(reached, default=None)
    return [] if nearest is None or nearest in already_sent else [nearest]
