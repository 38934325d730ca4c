"""Exporting: what came as a file leaves as that file, and nothing that others wrote is lost."""

from pathlib import Path
from typing import Any

import pytest

from accounts.actor import Actor
from aims.models import Aims
from systems.actions import edit_system
from systems.models import AiSystem
from tests.systems.make import a_system
from tests.systems.sync.make import counts, put, run, sync, text_of


def export(aims: Aims, actor: Actor, out: Path, status: int = 0) -> dict[str, Any]:
    return run("export_systems", aims, actor, "--out", str(out), status=status)


def files(folder: Path) -> dict[str, bytes]:
    return {place.name: place.read_bytes() for place in folder.iterdir()}


def test_files_leave_as_they_came_and_sync_back_unchanged(aims: Aims, officer: Actor, tmp_path: Path) -> None:
    folder = put(tmp_path / "ai", "ranker")
    (folder / "Chat Bot.YML").write_bytes(text_of("chatbot").replace("\n", "\r\n").encode() + b"x: 012 # kept\r\n")
    sync(aims, officer, folder)
    a_system(officer, name="By hand")
    told = export(aims, officer, tmp_path / "out")
    assert [each["file"] for each in told["written"]] == ["Chat Bot.YML", "ranker.yaml", "by-hand.yaml"]
    out = files(tmp_path / "out")
    assert {name: out[name] for name in files(folder)} == files(folder)
    assert counts(export(aims, officer, tmp_path / "out")) == {"unchanged": 3}


@pytest.mark.db_both
def test_what_was_edited_here_comes_out_with_its_comments(aims: Aims, officer: Actor, tmp_path: Path) -> None:
    folder = put(tmp_path / "ai", "ranker")
    sync(aims, officer, folder)
    edit_system(AiSystem.objects.get(), supplier="Acme", seen=1, actor=officer)
    assert len(export(aims, officer, folder)["written"]) == 1
    assert (folder / "ranker.yaml").read_text() == text_of("ranker") + "model:\n  provider: Acme\n"
    assert counts(sync(aims, officer, folder)) == {"unchanged": 1}
    edit_system(AiSystem.objects.get(), supplier="Bcme", seen=2, actor=officer)
    with (folder / "ranker.yaml").open("a") as file:
        file.write("# only here\n")
    assert len(export(aims, officer, folder)["written"]) == 1
    assert (folder / "ranker.yaml").read_text().endswith("  provider: Bcme\n# only here\n")
    assert counts(sync(aims, officer, folder)) == {"unchanged": 1}


def test_what_the_registry_never_held_is_not_overwritten(aims: Aims, officer: Actor, tmp_path: Path) -> None:
    folder = put(tmp_path / "ai", "ranker", "chatbot")
    sync(aims, officer, folder)
    put(folder, "ranker", purpose="Something newer")
    (folder / "chatbot.yaml").unlink()
    (folder / "chatbot.yaml").symlink_to(tmp_path / "elsewhere.yaml")
    before = (folder / "ranker.yaml").read_bytes()
    told = export(aims, officer, folder, status=1)
    assert [Path(fault["file"]).name for fault in told["faults"]] == ["chatbot.yaml", "ranker.yaml"]
    assert (folder / "ranker.yaml").read_bytes() == before
    assert not (tmp_path / "elsewhere.yaml").exists()
    told = export(aims, officer, folder / "ranker.yaml", status=1)
    assert told["faults"]


def test_two_files_of_one_name_leave_under_their_ids(aims: Aims, officer: Actor, tmp_path: Path) -> None:
    for name in ("one", "two"):
        place = put(tmp_path / "ai" / name, name) / f"{name}.yaml"
        place.rename(place.with_name("system.yaml"))
    sync(aims, officer, tmp_path / "ai")
    told = export(aims, officer, tmp_path / "out")
    assert [each["file"] for each in told["written"]] == ["one.yaml", "two.yaml"]
