"""A checkpoint that comes back from outside: what it finds in an old, a forked, a rewritten and a sound log."""

from collections.abc import Iterator

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from accounts.actor import Actor
from aims.models import Aims
from ledger import known, ports
from ledger.actions import checkpoint, meet, resume, seal_waiting
from ledger.actions.seal import seal_all
from ledger.keys import private_of
from ledger.known import RolledBack
from ledger.merkle import EMPTY_ROOT
from ledger.models import Incarnation, Log, LogKey
from ledger.notes import Head, NotANote, signed
from ledger.tree import Tree
from ledger.verify import verify
from tests.ledger.make import signed_over, some_acts


@pytest.fixture
def alarms(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Return the faults that were told."""
    told: list[str] = []
    monkeypatch.setattr(ports, "_alarms", [lambda _aims_id, fault: told.append(fault)])
    return told


@pytest.fixture
def log(aims: Aims, officer: Actor) -> Log:
    """Return a log of some records, signed."""
    some_acts(officer, 5, aims_id=aims.pk)
    seal_all(aims.pk, wait=True)
    checkpoint(aims.pk)
    return Log.objects.get()


def test_every_checkpoint_of_its_own_agrees_with_a_sound_log(log: Log, alarms: list[str]) -> None:
    for size in range(1, log.size + 1):
        assert meet(log.aims_id, signed_over(log, size, Tree(log, size).root)).size == size
    meet(log.aims_id, signed_over(log, 0, EMPTY_ROOT))
    assert alarms == []


@pytest.mark.db_both
def test_an_older_log_is_halted_once_and_nothing_is_numbered_any_more(
    log: Log, officer: Actor, alarms: list[str], on_postgres: bool
) -> None:
    note = signed_over(log, log.size + 3, bytes(32))
    for _turn in range(2):
        with pytest.raises(RolledBack, match=f"ROLLBACK: this log has {log.size} records"):
            meet(log.aims_id, note)
    assert len(alarms) == 1
    log.refresh_from_db()
    assert log.halted.startswith("ROLLBACK")
    if on_postgres:
        some_acts(officer, 1, aims_id=log.aims_id)
        assert seal_waiting() == 0
    else:
        with pytest.raises(RolledBack):
            some_acts(officer, 1, aims_id=log.aims_id)


@pytest.mark.db_both
def test_a_log_that_went_on_from_an_older_state_is_found_though_it_is_longer(
    log: Log, officer: Actor, alarms: list[str]
) -> None:
    note = signed_over(log, 3, bytes(32))
    with pytest.raises(RolledBack, match="the first 3 records of this log are others"):
        meet(log.aims_id, note)
    assert len(alarms) == 1
    with pytest.raises(RolledBack):
        checkpoint(log.aims_id)
    assert "Records #1 to #3 are not those of the checkpoint" in verify(log).fault


def test_the_same_size_with_another_root_is_found(log: Log, alarms: list[str]) -> None:
    with pytest.raises(RolledBack):
        meet(log.aims_id, signed_over(log, log.size, bytes(32)))
    assert known.against(log.origin) == Head(log.origin, log.size, bytes(32))


@pytest.mark.db_both
def test_an_administrator_resumes_and_the_record_names_what_was_lost(log: Log, officer: Actor) -> None:
    with pytest.raises(RolledBack):
        meet(log.aims_id, signed_over(log, 3, bytes(32)))
    row = resume(log.aims_id, actor=officer, reason="The disk was lost.")
    assert (row.restored_size, row.lost_size, row.lost_root) == (log.size, 3, bytes(32).hex())
    some_acts(officer, 1, aims_id=log.aims_id)
    seal_all(log.aims_id, wait=True)
    log = Log.objects.get()
    assert (log.halted, log.origin) == ("", Incarnation.objects.order_by("-number")[0].origin)
    assert verify(log).is_sound


def test_the_newest_database_brought_back_goes_on_by_itself(log: Log, officer: Actor) -> None:
    right = signed_over(log, 3, Tree(log, 3).root)
    known.contradict(right)
    with pytest.raises(RolledBack):
        checkpoint(log.aims_id)
    meet(log.aims_id, signed_over(log, log.size, bytes.fromhex(log.root)))
    assert known.against(log.origin) is None
    some_acts(officer, 1, aims_id=log.aims_id)


def test_a_key_that_the_older_database_lost_is_believed(log: Log) -> None:
    text = Head(log.origin, log.size + 1, bytes(32)).text
    with pytest.raises(RolledBack):
        meet(log.aims_id, signed(text, log.origin, Ed25519PrivateKey.generate()))


@pytest.mark.parametrize("mangle", ["another log", "line ends", "another text", "nothing"])
def test_what_is_no_checkpoint_of_this_log_halts_nothing(log: Log, alarms: list[str], mangle: str) -> None:
    note = signed_over(log, log.size + 1, bytes(32))
    key = LogKey.objects.filter(log=log).order_by("-number")[0]
    told = {
        "another log": signed(Head("assay/other", 99, bytes(32)).text, "assay/other", private_of(key)),
        "line ends": note.replace("\n", "\r\n"),
        "another text": note.replace(f"\n{log.size + 1}\n", f"\n{log.size + 2}\n"),
        "nothing": "",
    }[mangle]
    with pytest.raises(NotANote):
        meet(log.aims_id, told)
    assert alarms == []
    assert not Log.objects.get().halted


def test_a_lost_folder_of_anchors_is_filled_again(log: Log) -> None:
    note = signed_over(log, log.size, bytes.fromhex(log.root))
    known.place_of(log.origin).unlink(missing_ok=True)
    meet(log.aims_id, note)
    assert known.newest(log.origin) == Head(log.origin, log.size, bytes.fromhex(log.root))


def test_an_anchor_that_cannot_be_read_is_none_and_the_next_one_takes_its_place(log: Log) -> None:
    place = known.place_of(log.origin)
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text("torn", encoding="utf-8")
    assert known.newest(log.origin) is None
    known.keep(signed_over(log, log.size, bytes.fromhex(log.root)))
    assert known.newest(log.origin) == Head(log.origin, log.size, bytes.fromhex(log.root))


def test_one_size_has_one_root(log: Log) -> None:
    known.place_of(log.origin).unlink(missing_ok=True)
    known.keep(signed_over(log, log.size, bytes(32)))
    with pytest.raises(RolledBack, match="was signed with another root"):
        known.hold(log.origin, log.size, bytes.fromhex(log.root))
    known.hold(log.origin, log.size + 1, bytes(32))
