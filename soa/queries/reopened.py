"""Which exclusions stand reopened, now or at an instant."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from aims.history import rows_at
from soa.models import Reopening
from soa.reopening.models import Cause


@dataclass(frozen=True, slots=True)
class Reopened:
    """Why an exclusion has to be decided again."""

    cause: str
    words: str


def open_reopenings(at: datetime | None = None) -> QuerySet[Reopening]:
    """Return what nobody has decided on yet, now or as of an instant."""
    return rows_at(Reopening, at).filter(settled_at__isnull=True)


def reopenings_by_entry(at: datetime | None = None) -> dict[int, tuple[Reopened, ...]]:
    """Return the open ones by the id of their row: one query."""
    found: dict[int, tuple[Reopened, ...]] = {}
    for pk, cause, words in open_reopenings(at).order_by("id").values_list("entry_id", "cause", "words"):
        found[pk] = (*found.get(pk, ()), Reopened(Cause(cause).value, words))
    return found
