"""When the demo is loaded by itself, and that a load that fails leaves nothing."""

from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from accounts.actor import Actor
from accounts.models import User
from aims.actions.state_scope import NotStateable
from aims.models import Aims
from desk.actions import remove_demo
from desk.actions.remove_demo import NotRemovable
from desk.demo.load import load_demo
from ledger.models import Record
from tests.make import an_organisation, signed_in


@pytest.fixture(autouse=True)
def folder(db: None, settings: Any, tmp_path: Path) -> Path:
    """Return an empty data folder."""
    settings.ASSAY_DATA = tmp_path / "data"
    settings.ASSAY_DATA.mkdir()
    return tmp_path / "data"


def test_the_first_start_loads_it(folder: Path, capsys: Any) -> None:
    call_command("load_demo", "--if-first-start")
    assert Aims.objects.get().is_demo
    assert "Meridian Assist Ltd" in capsys.readouterr().out
    assert (folder / "demo-sign-in.txt").exists()


def test_not_where_somebody_was_before(folder: Path) -> None:
    aims, _officer = an_organisation()
    call_command("load_demo", "--if-first-start")
    assert list(Aims.objects.all()) == [aims]
    assert list(folder.iterdir()) == []


def test_not_when_it_is_not_wanted(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEMO", "0")
    call_command("load_demo", "--if-first-start")
    assert not Aims.objects.exists()


def test_not_when_it_was_removed_before(folder: Path) -> None:
    (folder / "demo-removed").touch()
    call_command("load_demo", "--if-first-start")
    assert not Aims.objects.exists()


def test_a_load_that_fails_leaves_nothing(folder: Path, settings: Any, tmp_path: Path) -> None:
    settings.FIXTURES = Path(copytree(settings.FIXTURES, tmp_path / "fixtures"))
    told = settings.FIXTURES / "demo" / "organisation.yaml"
    told.write_text(told.read_text(encoding="utf-8").replace("text: Design, supply", 'text: "" # '), encoding="utf-8")
    before = User.objects.count(), Record.unscoped.count()
    with pytest.raises(NotStateable):
        load_demo()
    assert (Aims.objects.count(), User.objects.count(), Record.unscoped.count()) == (0, *before)
    assert not (folder / "demo-sign-in.txt").exists()


@pytest.mark.parametrize("command", [("load_demo", "--new-passwords"), ("remove_demo", "--as", "a@example.org")])
def test_without_a_demo_there_is_nothing_to_do(command: tuple[str, ...]) -> None:
    with pytest.raises(CommandError, match="no demo organisation"):
        call_command(*command)


def test_a_real_organisation_is_never_removed(aims: Aims, officer: Actor) -> None:
    with pytest.raises(NotRemovable):
        remove_demo(aims, actor=officer)
    address = reverse("desk:remove_demo", args=[aims.slug])
    assert signed_in(officer).post(address, {"confirm": "remove"}).status_code == 404
    assert Aims.objects.get(pk=aims.pk).removed_at is None
