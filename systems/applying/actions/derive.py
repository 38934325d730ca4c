"""Derive what follows from a system's record, and keep what followed before."""

from dataclasses import asdict, dataclass
from typing import Any

from django.db import transaction

from accounts import clock
from accounts.context import acting_in
from aims.models import Aims
from systems.applying.asked import answers_of
from systems.applying.classify import classify
from systems.applying.evaluate import edition, met_by
from systems.applying.models import Implication, spelled
from systems.models import AiSystem, Stage
from systems.ports import Edited
from systems.record.places import MIRRORED, put


@dataclass(frozen=True, slots=True)
class _Derived:
    rules: str
    answers: str
    tier: str
    clashes: int


@transaction.atomic
def derive(system: AiSystem) -> bool:
    """Bring what follows from the record up to it; tell whether that is something new. Two statements or three."""
    record = system.record or _columns(system)
    found = classify(record)
    rules = spelled(met.rule.name for met in met_by(record))
    now = _Derived(rules, answers_of(record), found.tier or found.stated[:20], len(found.contradictions))
    held = Implication.objects.current().filter(system=system).first()
    if held is not None and all(getattr(held, name) == value for name, value in asdict(now).items()):
        if held.edition != edition():
            held.edition = edition()
            held.save(update_fields=["edition"])
        return False
    at = clock.now()
    if held is not None:
        held.until = at
        held.save(update_fields=["until"])
    row = Implication(aims_id=system.aims_id, system=system, edition=edition(), since=at, **asdict(now))
    row.save(force_insert=True)
    return True


def _columns(system: AiSystem) -> dict[str, Any]:
    """Return the record of a system that was described before records were kept."""
    record: dict[str, Any] = {}
    for name, path in MIRRORED.items():
        put(record, path, getattr(system, name))
    return record


def on_edit(edited: Edited) -> None:
    """Derive anew in the transaction of an edit, before other rooms hear of it."""
    derive(edited.system)


def derive_all() -> None:
    """Derive for every system that has nothing derived, or something by older rules; again it changes nothing."""
    for aims in Aims.objects.filter(removed_at__isnull=True).order_by("pk"):
        with acting_in(aims):
            for pk in _stale():
                _derive_again(pk)


@transaction.atomic
def _derive_again(pk: int) -> None:
    derive(AiSystem.objects.select_for_update(of=("self",)).get(pk=pk))


def _stale() -> list[int]:
    fresh = Implication.objects.current().filter(edition=edition()).values("system_id")
    rows = AiSystem.objects.exclude(stage=Stage.RETIRED).exclude(pk__in=fresh)
    return list(rows.order_by("pk").values_list("pk", flat=True))
