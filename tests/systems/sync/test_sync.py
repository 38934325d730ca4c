"""Syncing files: what is added and changed, what is refused with its line, and what never happens by itself."""

from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings

from accounts.actor import Actor
from accounts.roles import Role
from aims.models import Aims
from duties.models import Task
from ledger.models import Record
from systems.actions import edit_system
from systems.actions.sync import sync_systems
from systems.models import AiSystem, RecordFile, Stage
from systems.record.reading import read
from systems.record.writing import write
from systems.sync.files import Found, Source
from tests.make import a_member, trace_of
from tests.systems.make import a_system
from tests.systems.record.test_writing import RECORDS
from tests.systems.sync.make import counts, git, put, sync, text_of


def state() -> tuple[Any, ...]:
    """Everything a sync could have written."""
    return (
        list(AiSystem.objects.order_by("pk").values()),
        list(RecordFile.objects.order_by("pk").values()),
        AiSystem.history.count(),
        RecordFile.history.count(),
        Record.objects.count(),
        Task.objects.count(),
    )


@pytest.mark.db_both
def test_files_become_systems_with_a_trace_and_their_first_tasks(aims: Aims, officer: Actor, tmp_path: Path) -> None:
    put(tmp_path / "ai" / "deep", "ranker")
    put(tmp_path / "ai", "chatbot", owner="nobody@example.org", stage="production")
    (tmp_path / "ai" / "notes.txt").write_text("no record")
    put(tmp_path / "ai" / ".hidden", "hidden")
    told = sync(aims, officer, tmp_path / "ai")
    assert counts(told) == {"added": 2}
    assert told["applied"]
    row = AiSystem.objects.get(key="chatbot")
    assert (row.code, row.name, row.stage, row.claimed_stage) == ("SYS-01", "Chatbot", Stage.INCEPTION, "operation")
    assert "Operation and monitoring" in told["added"][0]["notes"][0]
    assert row.file.path == "ai/chatbot.yaml"
    assert row.history.get().history_change_reason == "Synced from ai/chatbot.yaml."
    assert trace_of("system:SYS-01") == ["system.registered"]
    kinds = {"system.assess", "system.data", "system.logging", "system.monitoring"}
    assert set(Task.objects.filter(subject=row.ref).values_list("kind", flat=True)) == kinds


def test_a_dry_run_needs_nobody_and_writes_nothing(aims: Aims, tmp_path: Path) -> None:
    before = state()
    told = sync(aims, None, put(tmp_path / "ai", "ranker"))
    assert counts(told) == {"added": 1}
    assert not told["applied"]
    assert state() == before


@pytest.mark.db_both
def test_a_second_sync_writes_nothing(aims: Aims, officer: Actor, tmp_path: Path) -> None:
    folder = put(tmp_path / "ai", "ranker", "chatbot")
    sync(aims, officer, folder)
    before = state()
    assert counts(sync(aims, officer, folder)) == {"unchanged": 2}
    assert state() == before


@pytest.mark.db_both
def test_a_change_is_told_place_by_place_and_recorded(aims: Aims, officer: Actor, tmp_path: Path) -> None:
    folder = put(tmp_path / "ai", "ranker", "chatbot")
    sync(aims, officer, folder)
    put(folder, "ranker", purpose="Ranks letters")
    told = sync(aims, officer, folder)
    assert counts(told) == {"changed": 1, "unchanged": 1}
    assert told["changed"][0]["changes"] == [
        {"place": "classification.purpose", "old": "Answers questions", "new": "Ranks letters"}
    ]
    row = AiSystem.objects.get(key="ranker")
    assert (row.purpose, row.version) == ("Ranks letters", 2)
    assert trace_of(row.ref) == ["system.registered", "system.edited"]
    assert RecordFile.objects.get(system=row).text == (folder / "ranker.yaml").read_text()


def test_another_comment_is_kept_without_a_version_of_the_system(aims: Aims, officer: Actor, tmp_path: Path) -> None:
    folder = put(tmp_path / "ai", "ranker")
    sync(aims, officer, folder)
    text = text_of("ranker") + "# seen in June\r\n"
    (folder / "ranker.yaml").write_bytes(text.encode())
    assert counts(sync(aims, officer, folder)) == {"unchanged": 1}
    row = AiSystem.objects.get()
    assert row.version == 1
    assert write(row.record, row.file.text) == text
    assert trace_of(row.ref) == ["system.registered", "system.file_kept"]


BOMB = "a: &a [1,1,1,1,1,1,1,1,1]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]\n" for before, name in zip("abcdef", "bcdefg", strict=True)
)
REFUSED = {
    "indentation": ("id: a\n name: b\n", 2, "not YAML"),
    "twice the field": (text_of("a") + "name: b\n", 13, "twice"),
    "a tag": (text_of("a") + "x: !!python/object:os.system y\n", 13, "tag"),
    "an anchor that explodes": (BOMB, 5, "anchors"),
    "a wrong type": (text_of("a").replace("high", "[high]"), 10, "risk_tier"),
    "a word nobody knows": (text_of("a").replace("high", "enormous"), 10, "one of"),
    "no lifecycle": (text_of("a").split("lifecycle")[0], 2, "lifecycle is missing"),
    "an empty file": ("", 1, "empty"),
    "too large": ("x" * 2_000_000, 0, "larger"),
    "not UTF-8": (b"id: \xff\n", 1, "UTF-8"),
    "a blank name": (text_of("a", name='"  "'), 3, "name is empty"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_what_does_not_fit_is_refused_with_its_line_and_nothing_changes(
    aims: Aims, officer: Actor, tmp_path: Path, case: str
) -> None:
    text, line, words = REFUSED[case]
    folder = put(tmp_path / "ai", "fits")
    (folder / "bad.yml").write_bytes(text if isinstance(text, bytes) else text.encode())
    before = state()
    told = sync(aims, officer, folder, status=1)
    assert {(fault["file"], fault["line"]) for fault in told["faults"]} == {(str(folder / "bad.yml"), line)}
    assert words in told["faults"][0]["reason"]
    assert not told["applied"]
    assert state() == before


def test_ids_that_are_there_twice_or_differ_in_case_alone_are_refused(
    aims: Aims, officer: Actor, tmp_path: Path
) -> None:
    one = put(tmp_path / "one", "ranker")
    (one / "copy.yaml").write_text(text_of("ranker"))
    (one / "shout.yaml").write_text(text_of("RANKER"))
    told = sync(aims, officer, one, status=1)
    assert [Path(fault["file"]).name for fault in told["faults"]] == ["ranker.yaml", "shout.yaml"]
    assert "only in its case" in told["faults"][1]["reason"]
    a_system(officer, record={"id": "Ranker", "name": "R", "classification": {"purpose": "p"}})
    told = sync(aims, officer, put(tmp_path / "two", "ranker"), status=1)
    assert "Ranker, which is SYS-01" in told["faults"][0]["reason"]
    assert told["faults"][0]["line"] == 2


def test_a_link_out_of_the_folder_is_refused_and_one_inside_is_not_followed(
    aims: Aims, officer: Actor, tmp_path: Path
) -> None:
    folder = put(tmp_path / "ai", "ranker")
    (folder / "again.yaml").symlink_to(folder / "ranker.yaml")
    (folder / "loop").symlink_to(folder)
    assert counts(sync(aims, officer, folder)) == {"added": 1}
    (folder / "secret.yaml").symlink_to(put(tmp_path / "else", "secret") / "secret.yaml")
    (folder / "out").symlink_to(tmp_path / "else")
    told = sync(aims, officer, folder, status=1)
    assert sorted(Path(fault["file"]).name for fault in told["faults"]) == ["out", "secret.yaml"]


@pytest.mark.db_both
def test_a_vanished_file_is_one_task_and_no_deletion_until_it_is_back(
    aims: Aims, officer: Actor, tmp_path: Path
) -> None:
    folder = put(tmp_path / "ai", "ranker", "chatbot")
    sync(aims, officer, folder)
    (folder / "ranker.yaml").unlink()
    assert counts(sync(aims, officer, folder / "chatbot.yaml")) == {"unchanged": 1}
    assert counts(sync(aims, officer, folder)) == {"unchanged": 1, "vanished": 1}
    assert counts(sync(aims, officer, folder)) == {"unchanged": 1}
    row = AiSystem.objects.get(key="ranker")
    task = Task.objects.get(kind="system.retire")
    assert (task.subject, task.closed_at, task.owner_id) == (row.ref, None, officer.user_id)
    assert trace_of(row.ref) == ["system.registered", "system.file_gone"]
    put(folder, "ranker")
    assert sync(aims, officer, folder)["unchanged"][1]["notes"] == ["The file is back."]
    task.refresh_from_db()
    assert task.closed_at
    assert RecordFile.objects.get(system=row).gone_at is None


@pytest.mark.db_both
def test_two_who_edited_different_sides_are_told_apart(aims: Aims, officer: Actor, tmp_path: Path) -> None:
    folder = put(tmp_path / "ai", "ranker")
    sync(aims, officer, folder)
    row = AiSystem.objects.get()
    edit_system(row, supplier="Acme", seen=1, actor=officer)
    told = sync(aims, officer, folder)
    assert counts(told) == {"behind": 1}
    assert AiSystem.objects.get().supplier == "Acme"
    put(folder, "ranker", purpose="Ranks letters")
    before = state()
    told = sync(aims, officer, folder, status=1)
    assert "model.provider" in told["faults"][0]["reason"]
    assert "classification.purpose" in told["faults"][0]["reason"]
    assert state() == before
    record = AiSystem.objects.get().record | {
        "classification": read((folder / "ranker.yaml").read_bytes()).record["classification"]
    }
    (folder / "ranker.yaml").write_text(write(record, (folder / "ranker.yaml").read_text()))
    edit_system(row, purpose="Ranks letters", seen=2, actor=officer)
    assert counts(sync(aims, officer, folder)) == {"unchanged": 1}
    assert counts(sync(aims, officer, folder)) == {"unchanged": 1}


def test_a_file_never_moves_the_stage_and_strange_fields_are_kept(aims: Aims, officer: Actor, tmp_path: Path) -> None:
    folder = put(tmp_path / "ai", "ranker", stage="production\nticket: {no: 012}")
    told = sync(aims, officer, folder)
    assert told["added"][0]["unknown"] == ["ticket (line 13)"]
    row = AiSystem.objects.get()
    assert row.record["ticket"] == {"no": 12}
    assert row.stage == Stage.INCEPTION


def test_git_says_which_commit_of_whom_a_file_is_from(aims: Aims, officer: Actor, tmp_path: Path) -> None:
    folder = put(tmp_path / "repo" / "ai", "ranker", "chatbot", "new")
    git(tmp_path / "repo", "init", "-q")
    git(tmp_path / "repo", "add", "ai/ranker.yaml", "ai/chatbot.yaml")
    git(tmp_path / "repo", "commit", "-qm", "one")
    first = git(tmp_path / "repo", "rev-parse", "HEAD")
    put(folder, "chatbot", purpose="Talks")
    git(tmp_path / "repo", "commit", "-qam", "two")
    told = sync(aims, officer, folder)
    assert {row["id"]: (row["commit"] == first, row["author"]) for row in told["added"]} == {
        "chatbot": (False, "Ada Byron <ada@example.org>"),
        "new": (False, ""),
        "ranker": (True, "Ada Byron <ada@example.org>"),
    }
    file = RecordFile.objects.get(system__key="ranker")
    assert (file.path, file.commit) == ("repo/ai/ranker.yaml", first)
    assert file.history.get().history_change_reason == f"Synced from repo/ai/ranker.yaml at {first[:12]}."


def test_only_who_may_register_syncs_new_systems(aims: Aims, officer: Actor, tmp_path: Path) -> None:
    reader = a_member(aims, Role.REVIEWER, by=officer)
    folder = put(tmp_path / "ai", "ranker")
    before = state()
    with pytest.raises(CommandError, match="administrator"):
        sync(aims, reader, folder)
    for words in (["--as", "nobody@example.org"], []):
        with pytest.raises(CommandError):
            call_command("sync_systems", str(folder), "--aims", aims.slug, *words)
    assert state() == before


def test_the_number_of_queries_does_not_grow_with_files_that_did_not_change(
    aims: Aims, officer: Actor, tmp_path: Path
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            sync(aims, officer, folder)
        return len(seen)

    folder = put(tmp_path / "ai", "s1", "s2", "s3")
    sync(aims, officer, folder)
    few = queries()
    put(folder, *(f"s{number}" for number in range(4, 40)))
    sync(aims, officer, folder)
    assert queries() == few


@pytest.mark.db_both
@given(record=RECORDS, later=RECORDS)
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_files_to_registry_to_files_is_the_identity(
    aims: Aims, officer: Actor, record: dict[str, Any], later: dict[str, Any]
) -> None:
    known = read(text_of("a").encode()).record
    number = AiSystem.objects.count() + 1
    for said in (record, later):
        whole = known | {"id": f"s{number}", "wild": said}
        text = write(whole).replace("\n", "\r\n") if number % 2 else write(whole)
        source = Source(f"ai/{number}.yaml", f"{number}.yaml", text.encode())
        plan = sync_systems(Found((source,)), actor=officer)
        row = AiSystem.objects.get(key=f"s{number}")
        assert not plan.faults
        assert row.record == read(source.data).record
        assert write(row.record, row.file.text).encode() == source.data
