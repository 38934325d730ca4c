"""Random histories, and one random change of the database by somebody who lifted the guards: it is always found."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, connection, models, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.actor import Actor
from aims.models import Aims
from ledger.actions import add_key, checkpoint, erase, seal_all
from ledger.actions.checkpoint import NotSignable
from ledger.guards import install
from ledger.models import Annex, Checkpoint, Leaf, Log, LogKey, Record, Subtree
from ledger.verify import verify
from tests.databases import drop_guards, guards_lifted
from tests.ledger.make import an_act, some_acts

# What is nobody's proof: an unsealed record's HMAC, keys of rows, when a row was written, a private key.
BESIDE = {
    Record: {"id", "mac"},
    Annex: {"id"},
    Leaf: {"id"},
    Subtree: {"id"},
    Checkpoint: {"id", "made_at"},
    LogKey: {"id", "private", "made_at"},
    Log: {"id", "sealed_at", "halted", "unsigned", "verified_size", "verified_at", "fault"},
}
TABLES: tuple[type[models.Model], ...] = tuple(BESIDE)
STEPS = st.lists(st.sampled_from(["act", "act", "act", "sign", "key", "erase"]), min_size=1, max_size=8)


def live(steps: list[str], aims: Aims, officer: Actor) -> None:
    """Let the history happen."""
    for number, step in enumerate(steps):
        if step == "act":
            an_act(officer, aims_id=aims.pk, code=f"O-{number}", reason=f"reason {number}", text="words " * number)
        elif step == "sign":
            checkpoint(aims.pk)
        elif step == "key":
            add_key(aims.pk, actor=officer)
        else:
            row = Annex.objects.exclude(text="").order_by("pk").last()
            if row is not None:
                erase(row.record, actor=officer, reason="asked to")
        seal_all(aims.pk, wait=True)
    checkpoint(aims.pk)


def is_erased(row: models.Model) -> bool:
    """Whether it is the place of a text that was erased: it says nothing any more."""
    return isinstance(row, Annex) and not row.text


def columns(model: type[models.Model]) -> "list[models.Field[Any, Any]]":
    """The columns that are proof."""
    return [field for field in model._meta.concrete_fields if field.name not in BESIDE[model]]


def other(value: Any, choose: Callable[[int], int]) -> Any:
    """Another value of the same kind: one byte, one digit, one step further."""
    if isinstance(value, bytes | memoryview):
        data = bytearray(bytes(value))
        if not data:
            return b"x"
        data[choose(len(data))] ^= 1 + choose(255)
        return bytes(data)
    if isinstance(value, str):
        place = choose(len(value)) if value else 0
        letter = chr(97 + choose(26))
        return value[:place] + (letter if value[place : place + 1] != letter else "_") + value[place + 1 :]
    if isinstance(value, int):
        return value + 1 + choose(1000)
    if isinstance(value, list):
        return [other(value[0], choose), *value[1:]] if value else ["00"]
    if value is None:
        return 1
    if hasattr(value, "hex"):
        return type(value)(int=value.int ^ (1 << choose(64)))
    return value.replace(year=value.year - 1 - choose(5))


@pytest.mark.django_db
def test_any_single_change_of_any_history_is_found(aims: Aims, officer: Actor) -> None:
    """Whichever table, row and column: guards that were lifted and put back leave no other trace."""

    @settings(max_examples=60, database=None, suppress_health_check=[HealthCheck.too_slow])
    @given(STEPS, st.sampled_from(TABLES), st.data())
    def hold(steps: list[str], model: type[models.Model], data: st.DataObject) -> None:
        with transaction.atomic():
            live(steps, aims, officer)
            log = Log.objects.get()
            assert verify(log).fault == ""
            rows = [row for row in model.unscoped.order_by("pk") if not is_erased(row)]  # type: ignore[attr-defined]
            if rows:
                row = data.draw(st.sampled_from(rows), label="row")
                field = data.draw(st.sampled_from(columns(model)), label="column")
                choose = lambda below: data.draw(st.integers(0, below - 1))  # noqa: E731
                change(row, field, choose)
            transaction.set_rollback(True)

    def change(row: models.Model, field: "models.Field[Any, Any]", choose: Callable[[int], int]) -> None:
        before = getattr(row, field.attname)
        after = other(before, choose)
        with transaction.atomic():
            drop_guards()
            try:
                with transaction.atomic():
                    type(row).unscoped.filter(pk=row.pk).update(**{field.attname: after})  # type: ignore[attr-defined]
                    connection.check_constraints()
            except DatabaseError:  # the database itself refuses it: a reference to nothing, two of one number
                transaction.set_rollback(True)
                return
            install()
            mine = Log.unscoped.filter(aims_id=aims.pk).first()
            found = verify(mine) if mine else None
            transaction.set_rollback(True)
        said = f"{type(row).__name__}.{field.attname} of {row.pk}: {before!r} -> {after!r}"
        assert found is None or not found.is_sound, said

    hold()


def test_nothing_inconsistent_is_signed(aims: Aims, officer: Actor) -> None:
    """Leaves since the newest checkpoint that do not lead to the head, or a checkpoint that was changed."""
    checkpoint(aims.pk)
    some_acts(officer, 3, aims_id=aims.pk)
    seal_all(aims.pk, wait=True)
    with guards_lifted():
        Leaf.objects.filter(number=Log.objects.get().size - 1).update(leaf_hash="00" * 32)
    with pytest.raises(NotSignable, match="is not what its leaves make"):
        checkpoint(aims.pk)
    with guards_lifted():
        Checkpoint.objects.update(frontier=["11" * 32])
    with pytest.raises(NotSignable, match="The newest checkpoint was changed"):
        checkpoint(aims.pk)
