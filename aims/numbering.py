"""References that stay unique in an AIMS: SYS-01, EV-023, R-014, IA-2026-08."""

from django.db import transaction

from accounts.context import current_aims_id
from aims.models import Counter


@transaction.atomic
def next_number(kind: str) -> int:
    """Take the next number of a kind; the row lock keeps two writers apart."""
    counter, _made = Counter.objects.select_for_update().get_or_create(aims_id=current_aims_id(), kind=kind)
    counter.last += 1
    counter.save(update_fields=["last"])
    return counter.last


def next_code(prefix: str, *, width: int) -> str:
    """Return the next reference, such as `EV-023` for the prefix `EV` and width 3."""
    return f"{prefix}-{next_number(prefix):0{width}d}"


@transaction.atomic
def start_after(kind: str, last: int) -> None:
    """Carry an organisation's own numbering on: the next number of the kind is above `last`; never goes back."""
    counter, _made = Counter.objects.select_for_update().get_or_create(aims_id=current_aims_id(), kind=kind)
    if counter.last < last:
        counter.last = last
        counter.save(update_fields=["last"])
