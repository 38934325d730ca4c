"""A restore refuses what cannot end well before it touches anything, and then brings everything back."""

import fcntl
import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from hashlib import sha256
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as configured
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from backup import restoring, sqlite
from backup.files import LINE
from backup.form import About
from backup.form import Log as Head
from backup.refusals import NotABackup, NotRestorable
from backup.restoring import plan
from evidence.models import File
from evidence.store import NoRoom, place_of
from ledger import known
from ledger.actions import checkpoint
from ledger.models import Log
from tests import migrated
from tests.backup.make import SECRETS, Site, about, inside, tree, write_more

pytestmark = pytest.mark.django_db


@pytest.fixture
def new(tmp_path: Path, first_site: Site) -> Path:
    """A new machine: nothing in its data folder but the secrets that somebody kept."""
    data = tmp_path / "new"
    shutil.copytree(first_site.data / "secrets", data / "secrets")
    return data


def restore(folder: Path, *words: str, status: int = 0) -> tuple[str, str]:
    """Run the command in this process."""
    said, warned = StringIO(), StringIO()
    with pytest.raises(SystemExit) if status else nullcontext() as stopped:
        call_command("restore", str(folder), *words, stdout=said, stderr=warned)
    assert stopped is None or stopped.value.code == status
    return said.getvalue(), warned.getvalue()


@contextmanager
def refused(data: Path, words: str) -> Iterator[None]:
    """The command refuses in these words, and everything is as it was."""
    before = tree(data)
    with pytest.raises(CommandError, match=words):
        yield
    assert tree(data) == before


def test_a_new_machine_gets_everything(new: Path, kept: Path, first_site: Site, settings: Any) -> None:
    with inside(new, settings):
        said, warned = restore(kept, "--verify")
        assert warned == ""
        for log in about(kept)["logs"]:
            assert f"{log['aims']}: {log['size']} records verified, root {log['root']}\n" in said
        assert "meridian: 2 files hashed again, 0 altered, 0 missing\n" in said
        assert "northwind: 2 files hashed again, 0 altered, 0 missing\n" in said
        stored = tree(new / "files")
        assert stored == tree(first_site.data / "files") == tree(kept / "files")
        write_more()
        assert checkpoint(Log.unscoped.order_by("pk")[0].aims_id).size == about(kept)["logs"][0]["size"] + 1


def test_without_verify_it_says_what_does(new: Path, kept: Path, settings: Any) -> None:
    with inside(new, settings):
        said, _warned = restore(kept)
    assert "Not verified yet: manage.py verify_chain --deep does." in said


def test_everybody_signs_in_again(site: Site, tmp_path: Path, new: Path, settings: Any) -> None:
    with inside(site.data, settings), connection.cursor() as cursor:
        cursor.execute("INSERT INTO django_session VALUES ('open', 'x', '2099-01-01')")
        call_command("backup", "--out", str(tmp_path / "out"), stdout=StringIO())
    with inside(new, settings):
        restore(tmp_path / "out")
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM django_session")
            assert cursor.fetchone() == (0,)


def test_the_newest_checkpoint_is_known_outside_afterwards(new: Path, kept: Path, settings: Any) -> None:
    with inside(new, settings):
        restore(kept)
        for log in about(kept)["logs"]:
            outside = known.newest(log["origin"])
            assert outside is not None
            assert (outside.size, outside.root.hex()) == (log["size"], log["root"])


# What is wrong with a backup


def rewrite(folder: Path, change: Callable[[dict[str, Any]], object]) -> None:
    told = about(folder)
    change(told)
    (folder / "backup.json").write_text(json.dumps(told))


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-100])


def a_file(folder: Path) -> Path:
    return next(path for path in sorted((folder / "files").rglob("*")) if path.is_file())


def spoil(file: Path) -> None:
    file.chmod(0o600)
    file.write_bytes(b"forged")


BROKEN: dict[str, tuple[Callable[[Path], object], str]] = {
    "no backup": (lambda folder: (folder / "backup.json").unlink(), "it is no backup, or an unfinished one"),
    "not JSON": (lambda folder: cut(folder / "backup.json"), "cannot be read"),
    "a list": (lambda folder: (folder / "backup.json").write_text("[]"), "has form None"),
    "another form": (lambda folder: rewrite(folder, lambda told: told.update(form=2)), "has form 2"),
    "no logs": (lambda folder: rewrite(folder, lambda told: told.pop("logs")), "does not say what"),
    "strange logs": (lambda folder: rewrite(folder, lambda told: told.update(logs=[{"a": 1}])), "does not say what"),
    "strange file": (
        lambda folder: rewrite(folder, lambda told: told["database"].update(file="../../etc/passwd")),
        "the database is sqlite in",
    ),
    "strange checkpoint": (
        lambda folder: rewrite(folder, lambda told: told["logs"][0].update(checkpoint="signed, honestly")),
        "does not say what",
    ),
    "another checkpoint": (
        lambda folder: rewrite(folder, lambda told: told["logs"][0].update(origin="assay/other")),
        "the checkpoint of assay/other is over",
    ),
    "another size": (
        lambda folder: rewrite(folder, lambda told: told["logs"][1].update(size=10_000)),
        "does not hold the logs that backup.json names",
    ),
    "another database": (
        lambda folder: rewrite(folder, lambda told: told["database"].update(vendor="postgresql", file="database.dump")),
        "The backup is of postgresql, this installation is set to sqlite",
    ),
    "newer migrations": (
        lambda folder: rewrite(folder, lambda told: told["migrations"].update(soa="0099_future")),
        r"made by a newer Assay \(0.1.0\): this one does not know soa.0099_future",
    ),
    "an app that is not here": (
        lambda folder: rewrite(folder, lambda told: told["migrations"].update(packs="0001_initial")),
        "does not know packs.0001_initial",
    ),
    "a truncated database": (lambda folder: cut(folder / "database.sqlite3"), "was changed or cut off"),
    "no database": (lambda folder: (folder / "database.sqlite3").unlink(), "cannot be read: No such file"),
    "an altered file": (lambda folder: spoil(a_file(folder)), "was altered since the backup was made"),
    "a missing file": (lambda folder: a_file(folder).unlink(), "cannot be read: No such file"),
    "a truncated manifest": (
        lambda folder: (folder / "manifest.txt").write_text((folder / "manifest.txt").read_text()[:67]),
        "was changed or cut off",
    ),
    "a cut line": (lambda folder: cut(folder / "manifest.txt"), "holds a line that is none of its own"),
    "no manifest": (lambda folder: (folder / "manifest.txt").unlink(), "cannot be read: No such file"),
    "another count": (
        lambda folder: rewrite(folder, lambda told: told["files"].update(count=99)),
        "lists 3 files, the backup has 99",
    ),
}


@pytest.mark.parametrize("what", BROKEN)
def test_what_is_no_longer_a_backup_is_refused(new: Path, kept: Path, settings: Any, what: str) -> None:
    spoil_it, words = BROKEN[what]
    spoil_it(kept)
    with inside(new, settings), refused(new, words):
        restore(kept, "--verify")


@pytest.mark.parametrize("data", [b"no database at all" * 100, b""])
def test_a_dump_that_is_none_is_refused_whatever_its_sum(new: Path, kept: Path, settings: Any, data: bytes) -> None:
    (kept / "database.sqlite3").write_bytes(data)
    said = {"sha256": sha256(data).hexdigest(), "size": len(data)}
    rewrite(kept, lambda told: told["database"].update(said))
    with inside(new, settings), refused(new, "is no database of Assay"):
        restore(kept)


def test_a_truncated_database_is_damaged_whatever_its_sum(kept: Path) -> None:
    file = kept / "database.sqlite3"
    file.write_bytes(file.read_bytes()[: 200 * 4096])
    with pytest.raises(NotABackup, match=r"damaged|no database"):
        sqlite.check_dump(file, About.read(kept))


def test_a_folder_that_is_not_there_is_refused(new: Path, tmp_path: Path, settings: Any) -> None:
    with inside(new, settings), refused(new, "holds no backup.json"):
        restore(tmp_path / "nowhere")


@pytest.mark.parametrize("line", ["", "\n", f"{'a' * 64} 07\n", f"{'A' * 64} 7\n", f"{'a' * 64} 7", f"{'a' * 64} -7\n"])
def test_lines_of_a_manifest_have_one_spelling(line: str) -> None:
    assert LINE.fullmatch(line) is None


# What is wrong here


@pytest.mark.parametrize("name", SECRETS)
def test_another_secret_is_named_and_refused(new: Path, kept: Path, settings: Any, name: str) -> None:
    (new / "secrets" / name).write_text("another secret")
    with inside(new, settings), refused(new, rf"Bring back {name.upper()}; if that is lost") as _:
        restore(kept, "--verify")


def test_going_on_without_secrets_says_what_follows(new: Path, kept: Path, settings: Any) -> None:
    for name in SECRETS:
        (new / "secrets" / name).write_text(f"another {name}")
    with inside(new, settings):
        said, warned = restore(kept, "--verify", "--without-secrets")
        assert "SECRET_KEY is another one: everybody signs in again" in warned
        assert "LEDGER_KEY is another one: records that wait for their number" in warned
        assert "SIGNING_SECRET is another one: the keys of the logs cannot be opened" in warned
        assert "records verified" in said
        write_more()
        with pytest.raises(Exception, match="SIGNING_SECRET is not the one"):
            checkpoint(Log.unscoped.order_by("pk")[0].aims_id)


def test_a_database_with_records_is_not_overwritten_unasked(site: Site, kept: Path, settings: Any) -> None:
    with inside(site.data, settings):
        write_more(2)
        size = about(kept)["logs"][0]["size"]
        connection.close()
        with refused(
            site.data / "files", f"meridian: {size + 2} records are here, {size} in the backup: the last 2 are"
        ):
            restore(kept)
        assert Log.unscoped.order_by("pk")[0].size == size + 2


def test_over_says_what_is_lost_and_brings_the_backup_back(site: Site, kept: Path, settings: Any) -> None:
    with inside(site.data, settings):
        write_more(2)
        log = about(kept)["logs"][0]
        first, last = File.unscoped.earliest("pk"), File.unscoped.latest("pk")
        damaged, lost = (place_of(Path(configured.EVIDENCE_ROOT), row.sha256) for row in (first, last))
        spoil(damaged)
        said, warned = restore(kept, "--over", "--verify")
        assert "the last 2 are lost" in warned
        assert f"the same {about(kept)['logs'][1]['size']} records are here and in the backup" in warned
        assert "Restored the backup of" in said
        restored = Log.unscoped.order_by("pk")[0]
        assert (restored.size, restored.root) == (log["size"], log["root"])
        assert damaged.read_bytes() == b"%PDF-one"
        assert lost.exists()


def test_a_log_that_was_signed_further_is_told_to_refuse(site: Site, kept: Path, settings: Any) -> None:
    with inside(site.data, settings):
        write_more(2)
        log = Log.unscoped.order_by("pk")[0]
        checkpoint(log.aims_id)
        said, warned = restore(kept, "--over", "--verify", status=1)
        size = about(kept)["logs"][0]["size"]
        assert f"meridian: {size} records were restored, but a checkpoint over {size + 2} was signed." in warned
        assert "Sealing will refuse (ROLLBACK)" in warned
        assert "manage.py resume_log --aims meridian --as EMAIL --reason" in warned
        assert "northwind:" not in "".join(line for line in warned.splitlines() if "ROLLBACK" in line)
        assert f"meridian: ROLLBACK: a checkpoint over {size + 2} records is known outside" in said
        with pytest.raises(known.RolledBack):
            checkpoint(log.aims_id)


def test_other_records_and_other_logs_are_told_apart() -> None:
    head = Head("meridian", "assay/1", 5, "aa", 0, "")
    assert "the same 5 records" in restoring._loss("meridian", 5, "aa", head)
    assert restoring._loss("meridian", 5, "bb", head) == "meridian: 5 records are here, 5 in the backup."
    assert restoring._loss("meridian", 3, "bb", head) == "meridian: 3 records are here, 5 in the backup."
    assert "all of them are lost" in restoring._loss("other", 3, "bb", None)


def test_a_database_that_cannot_be_read_is_said_to_be_lost(site: Site, kept: Path, settings: Any) -> None:
    database = site.data / "assay.sqlite3"
    with inside(site.data, settings):
        connection.close()
        for file in (database, *site.data.glob("assay.sqlite3-*")):
            file.unlink()
        database.write_bytes(b"no database at all" * 1000)
        with refused(site.data, "The database here cannot be read"):
            restore(kept)
        with refused(site.data, "if it is damaged, move .*assay.sqlite3 away"):
            restore(kept, "--over")
        database.unlink()
        restore(kept, "--verify")


def test_a_fresh_installation_without_records_is_taken(new: Path, kept: Path, settings: Any) -> None:
    migrated.copy_to(new / "assay.sqlite3")
    with inside(new, settings):
        restore(kept, "--verify")


def test_it_refuses_while_the_data_folder_is_in_use(new: Path, kept: Path, settings: Any) -> None:
    with inside(new, settings), (new / "run.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with refused(new, "Assay is running on this data folder"):
            restore(kept)
        fcntl.flock(lock, fcntl.LOCK_UN)
        restore(kept)


def test_a_database_that_somebody_writes_to_is_left_alone(
    site: Site, kept: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "PATIENCE", 0.2)
    with inside(site.data, settings):
        connection.close()
        writer = sqlite3.connect(site.data / "assay.sqlite3")
        writer.execute("BEGIN IMMEDIATE")
        with pytest.raises(CommandError, match=r"The database is in use\. Stop Assay"):
            restore(kept, "--over")
        writer.rollback()
        writer.close()
        assert Log.unscoped.count() == 2


def test_a_full_disk_leaves_the_database_alone(
    site: Site, kept: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with inside(site.data, settings):
        write_more()
        size = Log.unscoped.order_by("pk")[0].size
        shutil.rmtree(configured.EVIDENCE_ROOT)

        def full(*_args: Any) -> None:
            raise NoRoom("The disk of this installation is full.")

        monkeypatch.setattr("evidence.store.Staging.write", full)
        with pytest.raises(CommandError, match="full"):
            restore(kept, "--over")
        assert Log.unscoped.order_by("pk")[0].size == size


def test_an_older_backup_is_migrated(site: Site, tmp_path: Path, new: Path, settings: Any) -> None:
    with inside(site.data, settings):
        with connection.cursor() as cursor:
            newest = ("historicalsuggestion", "suggestion", "historicalreview", "review")
            for table in (*newest, "integritycheck", "scan", "filetext"):
                cursor.execute(f"DROP TABLE evidence_{table}")
        for name in ("0006_matching", "0005_review", "0004_examining", "0003_integrity_check"):
            MigrationRecorder(connection).record_unapplied("evidence", name)
        call_command("backup", "--out", str(tmp_path / "old"), stdout=StringIO(), stderr=StringIO())
    assert about(tmp_path / "old")["migrations"]["evidence"] == "0002_linked_at"
    with inside(new, settings):
        _said, warned = restore(tmp_path / "old", "--verify")
        assert "The backup was made by an older version: its tables were migrated." in warned
        assert "evidence_integritycheck" in connection.introspection.table_names()


def test_a_backup_without_all_files_restores_and_does_not_verify(
    site: Site, tmp_path: Path, new: Path, settings: Any
) -> None:
    digest = sha256(b"%PDF-three").hexdigest()
    with inside(site.data, settings):
        place_of(Path(configured.EVIDENCE_ROOT), digest).unlink()
        with pytest.raises(SystemExit):
            call_command("backup", "--out", str(tmp_path / "part"), stdout=StringIO(), stderr=StringIO())
    with inside(new, settings):
        said, _warned = restore(tmp_path / "part", "--verify", status=1)
    assert f"northwind: log.pdf of evidence:EV-002@1: the file is missing; SHA-256 {digest} was given." in said


def test_planning_touches_nothing(new: Path, kept: Path, settings: Any) -> None:
    with inside(new, settings):
        before = tree(new)
        told, costs = plan(kept, is_over=False, is_without_secrets=False)
        assert (told.files.count, costs) == (3, [])
        assert tree(new) == before
        (new / "secrets" / "ledger_key").write_text("another")
    with inside(new, settings), pytest.raises(NotRestorable, match="LEDGER_KEY"):
        plan(kept, is_over=False, is_without_secrets=False)


def test_a_database_that_holds_other_logs_is_told(
    new: Path, kept: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "check_dump", lambda *_: None)
    rewrite(kept, lambda told: told["logs"].pop())
    rewrite(kept, lambda told: told["logs"][0].update(root="00" * 32))
    with inside(new, settings):
        _said, warned = restore(kept, "--verify", status=1)
    assert "meridian: the database holds another log than backup.json names." in warned
    assert "the database holds a log that backup.json does not name." in warned
