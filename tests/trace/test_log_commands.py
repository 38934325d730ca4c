"""Keys, restored logs, forged records and checkpoints from the command line."""

from importlib import import_module
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError

from accounts.actor import Actor
from accounts.context import acting_in
from accounts.roles import Role
from aims.models import Aims
from ledger.keys import keys_of
from ledger.models import Checkpoint, Log, LogKey, Record, SetAside
from ledger.notes import checkpoint_of
from tests.ledger.test_watch import a_newer_one_outside
from tests.make import a_member
from tests.trace.make import a_checkpoint, an_obligation
from tests.trace.test_log_pages import a_forged_record

Out = pytest.CaptureFixture[str]


def act(name: str, aims: Aims, email: str, *words: str, reason: str = "A yearly rotation") -> None:
    call_command(name, *words, "--aims", aims.slug, "--as", email, "--reason", reason)


@pytest.mark.db_both
def test_the_checkpoint_is_printed_to_the_byte(organisation: tuple[Aims, Actor], capsys: Out) -> None:
    aims, officer = organisation
    with acting_in(aims, officer):
        an_obligation(officer, "O-1", aims_id=aims.pk)
    call_command("checkpoint", "--aims", aims.slug)
    told = capsys.readouterr().out
    with acting_in(aims):
        assert told == Checkpoint.objects.get().text
        log = Log.objects.get()
        assert checkpoint_of(told, keys_of(log)).size == log.size
    call_command("checkpoint", "--aims", aims.slug)
    assert capsys.readouterr().out == told
    with acting_in(aims):
        assert Checkpoint.objects.count() == 1


def test_a_checkpoint_that_cannot_be_signed_is_an_error(organisation: tuple[Aims, Actor], capsys: Out) -> None:
    aims, officer = organisation
    with acting_in(aims, officer):
        a_checkpoint(aims.pk)
        a_newer_one_outside(Log.objects.get())
    with pytest.raises(CommandError, match="ROLLBACK"):
        call_command("checkpoint", "--aims", aims.slug)
    with pytest.raises(CommandError, match="no AIMS with the slug 'nowhere'"):
        call_command("checkpoint", "--aims", "nowhere")
    assert capsys.readouterr().out == ""


def test_a_key_is_rotated_in_somebodys_name(organisation: tuple[Aims, Actor], capsys: Out) -> None:
    aims, officer = organisation
    with acting_in(aims, officer):
        a_checkpoint(aims.pk)
    act("rotate_key", aims, officer.email.upper())
    newest = keys_of(Log.unscoped.get(aims_id=aims.pk))[-1]
    assert capsys.readouterr().out == f"The log signs with key 2 from here on:\n{newest.text}\n"
    record = Record.unscoped.get(subject="log-key:2")
    assert record.pseudonym == officer.pseudonym
    assert b'"auth_method":"command line"' in bytes(record.body)


def test_who_may_not_is_told_so(organisation: tuple[Aims, Actor]) -> None:
    aims, officer = organisation
    with acting_in(aims, officer):
        steward = a_member(aims, Role.OFFICER, by=officer)
    for email, words in (
        ("nobody@example.org", "nobody@example.org holds no role in"),
        (steward.email, "Only an administrator rotates the key"),
    ):
        with pytest.raises(CommandError, match=words):
            act("rotate_key", aims, email)
    with pytest.raises(CommandError, match="Say why"):
        act("rotate_key", aims, officer.email, reason=" ")
    assert not LogKey.unscoped.exists()


def test_a_log_is_resumed(organisation: tuple[Aims, Actor], capsys: Out) -> None:
    aims, officer = organisation
    with acting_in(aims, officer):
        size = a_checkpoint(aims.pk).size
        a_newer_one_outside(Log.objects.get(), more=3)
    act("resume_log", aims, officer.email, reason="The machine burnt")
    told = capsys.readouterr().out
    assert f"from record #{size}; a checkpoint over {size + 3} records was known." in told
    assert Log.unscoped.get(aims_id=aims.pk).origin in told
    with pytest.raises(CommandError, match="nothing to resume"):
        act("resume_log", aims, officer.email)


def test_a_record_is_set_aside(organisation: tuple[Aims, Actor], capsys: Out) -> None:
    aims, officer = organisation
    with acting_in(aims, officer):
        row = a_forged_record(aims)
    with pytest.raises(CommandError, match="There is no record 00000000-0000-0000-0000-000000000001"):
        act("set_aside", aims, officer.email, str(UUID(int=1)))
    act("set_aside", aims, officer.email, str(row.event_id), reason="Nobody knows it")
    assert capsys.readouterr().out == f"Record {row.event_id} is set aside. The log goes on.\n"
    assert SetAside.unscoped.get().reason == "Nobody knows it"
    with pytest.raises(CommandError, match="was not written by Assay is set aside"):
        act("set_aside", aims, officer.email, str(row.event_id))


def test_a_busy_log_prints_nothing(
    organisation: tuple[Aims, Actor], capsys: Out, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_args: object, **_options: object) -> None:
        raise OperationalError("lock timeout")

    monkeypatch.setattr(import_module("trace.management.commands.checkpoint"), "seal_all", busy)
    with pytest.raises(CommandError, match="The log is busy"):
        call_command("checkpoint", "--aims", organisation[0].slug)
    assert capsys.readouterr().out == ""
