"""`verify_chain` says of each log whether it holds, and names the first record that does not."""

import pytest
from django.core.management import CommandError, call_command

from accounts.actor import Actor
from accounts.context import acting_in
from aims.models import Aims
from ledger.models import Log
from tests.databases import reword
from tests.make import an_organisation
from tests.trace.make import an_edit, an_obligation


def verify_chain(*words: str) -> None:
    call_command("verify_chain", *words)


def a_rewritten_text(aims: Aims, officer: Actor) -> int:
    """Change what somebody is said to have said, and return the record's number."""
    with acting_in(aims, officer):
        row = an_obligation(officer, "O-1", aims_id=aims.pk)
        an_edit(officer, row, reason="counsel asked", title="Another law")
        reword("counsel asked", "nobody asked")
        return Log.objects.get().size


def test_a_sound_chain_is_verified_and_remembered(
    organisation: tuple[Aims, Actor], capsys: pytest.CaptureFixture[str]
) -> None:
    aims, _officer = organisation
    verify_chain("--aims", aims.slug)
    log = Log.unscoped.get(aims_id=aims.pk)
    assert capsys.readouterr().out == f"{aims.slug}: {log.size} records verified, root {log.root}\n"
    assert (log.verified_size, log.fault) == (log.size, "")
    assert log.verified_at is not None


def test_a_changed_record_is_named_and_the_exit_is_1(
    organisation: tuple[Aims, Actor], capsys: pytest.CaptureFixture[str]
) -> None:
    number = a_rewritten_text(*organisation)
    with pytest.raises(SystemExit) as stopped:
        verify_chain("--aims", organisation[0].slug)
    assert stopped.value.code == 1
    assert f"Record #{number} (" in capsys.readouterr().out


def test_all_logs_are_verified_even_after_a_bad_one(
    organisation: tuple[Aims, Actor], capsys: pytest.CaptureFixture[str]
) -> None:
    a_rewritten_text(*organisation)
    other, _founder = an_organisation()
    with pytest.raises(SystemExit):
        verify_chain()
    bad, sound = capsys.readouterr().out.splitlines()
    assert bad.startswith(f"{organisation[0].slug}: Record #")
    assert sound.startswith(f"{other.slug}: ")
    verify_chain("--aims", other.slug)


def test_an_unknown_slug_is_refused(db: None) -> None:
    with pytest.raises(CommandError, match="no AIMS with the slug 'nowhere'"):
        verify_chain("--aims", "nowhere")


def test_nothing_recorded_is_nothing_wrong(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    verify_chain()
    assert capsys.readouterr().out == "Nothing has been recorded yet.\n"
