"""A backup holds one instant of the database and every file it names, and is there whole or not at all."""

import errno
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, nullcontext
from hashlib import sha256
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from accounts import sealed
from accounts.models import User
from backup import fingerprints, folder, sqlite
from backup.making import make_backup
from backup.refusals import NotMade
from evidence.models import File
from evidence.store import place_of
from ledger.models import Checkpoint, Log
from tests.backup.make import ROOT, Site, about, inside, write_more
from tests.databases import guards_lifted

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _inside(site: Site, settings: Any) -> Iterator[None]:
    with inside(site.data, settings):
        yield


def backup(out: Path, *, status: int = 0) -> tuple[str, str]:
    """Run the command in this process."""
    said, warned = StringIO(), StringIO()
    with pytest.raises(SystemExit) if status else nullcontext() as stopped:
        call_command("backup", "--out", str(out), stdout=said, stderr=warned)
    assert stopped is None or stopped.value.code == status
    return said.getvalue(), warned.getvalue()


def place(digest: str) -> Path:
    return place_of(Path(settings.EVIDENCE_ROOT), digest)


def left_beside(out: Path) -> list[str]:
    return [path.name for path in out.parent.iterdir() if path.name.endswith(".part")]


def test_it_holds_database_files_and_what_they_have_to_be(tmp_path: Path) -> None:
    out = tmp_path / "out"
    said, warned = backup(out)
    assert warned == ""
    assert sorted(path.name for path in out.iterdir()) == ["backup.json", "database.sqlite3", "files", "manifest.txt"]
    told = about(out)
    assert (told["form"], told["assay"], told["database"]["vendor"]) == (1, "0.1.0", "sqlite")
    dump = (out / "database.sqlite3").read_bytes()
    assert (told["database"]["sha256"], told["database"]["size"]) == (sha256(dump).hexdigest(), len(dump))
    lines = (out / "manifest.txt").read_text().splitlines()
    digests = sorted(sha256(data).hexdigest() for data in (b"%PDF-one", b"%PDF-two", b"%PDF-three"))
    assert [line.split()[0] for line in lines] == digests
    assert told["files"]["count"] == 3
    assert told["files"]["bytes"] == 8 + 8 + 10
    assert told["files"]["manifest"] == sha256((out / "manifest.txt").read_bytes()).hexdigest()
    for digest in digests:
        assert sha256((place_of(out / "files", digest)).read_bytes()).hexdigest() == digest
    assert told["migrations"]["evidence"].startswith("0006_")
    for log, line in zip(told["logs"], said.splitlines(), strict=False):
        assert line == f"{log['aims']}: {log['size']} records, root {log['root']}"
    assert f"backup.json has SHA-256 {sha256((out / 'backup.json').read_bytes()).hexdigest()}" in said


def test_every_log_was_signed_to_its_end_before(tmp_path: Path) -> None:
    write_more()
    backup(tmp_path / "out")
    for log in about(tmp_path / "out")["logs"]:
        origin, size, _root = log["checkpoint"].splitlines()[:3]
        assert (origin, int(size)) == (log["origin"], log["size"])
        assert log["size"] == Log.unscoped.get(origin=origin).size


def test_no_secret_is_in_it(tmp_path: Path, settings: Any) -> None:
    backup(tmp_path / "out")
    told = about(tmp_path / "out")["secrets"]
    assert told.keys() == {"SECRET_KEY", "LEDGER_KEY", "SIGNING_SECRET"}
    assert told["SIGNING_SECRET"] == sealed.fingerprint()
    assert all(len(mark) == 16 for mark in told.values())
    for path in (tmp_path / "out").rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            assert not any(getattr(settings, name).encode() in data for name in told)
    same = settings.SECRET_KEY
    settings.LEDGER_KEY = same
    marks = fingerprints.fingerprints()
    assert marks["SECRET_KEY"] != marks["LEDGER_KEY"]
    assert fingerprints.others(told) == ["LEDGER_KEY"]


def test_nobody_else_may_read_it(tmp_path: Path) -> None:
    out = tmp_path / "out"
    before = os.umask(0o022)
    backup(out)
    assert os.umask(before) == 0o022
    assert out.stat().st_mode & 0o777 == 0o700
    assert all(path.stat().st_mode & 0o077 == 0 for path in out.rglob("*"))


def test_the_snapshot_needs_no_other_file_and_is_one_instant(tmp_path: Path) -> None:
    out = tmp_path / "out"
    backup(out)
    write_more(3)
    told = about(out)
    with sqlite3.connect(f"file:{out / 'database.sqlite3'}?mode=ro&immutable=1", uri=True) as copy:
        rows = dict(copy.execute("SELECT origin, size FROM ledger_log"))
        assert copy.execute("PRAGMA journal_mode").fetchone() == ("delete",)
    assert rows == {log["origin"]: log["size"] for log in told["logs"]}


def test_an_altered_and_a_missing_file_are_named_and_left_out(tmp_path: Path) -> None:
    altered, missing = (sha256(data).hexdigest() for data in (b"%PDF-one", b"%PDF-three"))
    place(altered).chmod(0o600)
    place(altered).write_bytes(b"forged")
    place(missing).unlink()
    _said, warned = backup(tmp_path / "out", status=3)
    assert f"policy.pdf of evidence:EV-001@1, minutes.pdf of evidence:EV-001@1 ({altered}), altered" in warned
    assert f"log.pdf of evidence:EV-002@1 ({missing}), missing: No such file or directory" in warned
    told = about(tmp_path / "out")["files"]
    assert (told["count"], told["altered"], told["missing"]) == (1, 1, 1)
    assert not place_of(tmp_path / "out" / "files", altered).exists()


def test_files_without_end_are_counted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("backup.files.NAMED", 1)
    for file in File.unscoped.all():
        place(file.sha256).unlink(missing_ok=True)
    made = make_backup(tmp_path / "out")
    assert made.warnings[-1] == "2 more files are not in the backup."


def test_a_log_that_cannot_be_signed_is_backed_up_with_a_warning(tmp_path: Path, settings: Any) -> None:
    write_more()
    settings.SIGNING_SECRET = "another secret altogether"
    _said, warned = backup(tmp_path / "out", status=3)
    assert "has no checkpoint over all its records: A private key cannot be opened" in warned
    first = about(tmp_path / "out")["logs"][0]
    assert first["size"] > Checkpoint.unscoped.filter(log__origin=first["origin"]).latest("size").size


def test_a_removed_aims_is_in_it(tmp_path: Path) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE aims_aims SET removed_at = '2026-01-01 00:00:00'")
    backup(tmp_path / "out")
    assert about(tmp_path / "out")["files"]["count"] == 3


@pytest.mark.parametrize("spoil", ["file", "full", "parent", "link"])
def test_a_place_that_cannot_take_it_is_refused(tmp_path: Path, spoil: str) -> None:
    out = tmp_path / "out"
    match spoil:
        case "file":
            out.write_text("mine")
        case "full":
            out.mkdir()
            (out / "mine").write_text("mine")
        case "parent":
            out = tmp_path / "no" / "such" / "out"
        case "link":
            out.symlink_to(tmp_path)
    with pytest.raises(CommandError):
        backup(out)
    assert left_beside(tmp_path / "out") == []


def test_a_mounted_disk_itself_is_refused() -> None:
    with pytest.raises(NotMade, match="where a disk is mounted"):
        make_backup(Path("/proc"))


def test_an_empty_folder_is_taken(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    backup(tmp_path / "out")
    assert about(tmp_path / "out")["form"] == 1


@pytest.mark.parametrize("moment", ["copy", "describe", "rename"])
def test_a_full_disk_leaves_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, moment: str) -> None:
    def full(handle: Any, *_args: Any) -> Any:
        if moment != "copy" or ".part/files/" in str(Path(f"/proc/self/fd/{handle}").readlink()):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    where = {
        "copy": "backup.files.os.fsync",
        "describe": "backup.form.Path.write_bytes",
        "rename": "backup.folder.sync",
    }
    monkeypatch.setattr(where[moment], full)
    with pytest.raises(CommandError, match=r"is full\. Nothing was kept"):
        backup(tmp_path / "out")
    monkeypatch.undo()
    assert not (tmp_path / "out").exists()
    assert left_beside(tmp_path / "out") == []


def test_a_disk_that_is_full_for_real_leaves_nothing(site: Site, tmp_path: Path) -> None:
    script = (
        "import resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN); "
        "resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, resource.RLIM_INFINITY)); "
        f"sys.argv = ['manage.py', 'backup', '--out', {str(tmp_path / 'out')!r}]; "
        "import runpy; runpy.run_path('manage.py', run_name='__main__')"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, env=site.environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "Nothing was kept" in done.stderr
    assert not (tmp_path / "out").exists()
    assert left_beside(tmp_path / "out") == []


def test_an_end_by_signal_leaves_nothing(site: Site, tmp_path: Path) -> None:
    script = (
        "import sys, time; import backup.files as files; files._copy = lambda *_: (print('copying', flush=True), "
        "time.sleep(60)); from django.core.management import call_command; "
        f"call_command('backup', '--out', {str(tmp_path / 'out')!r})"
    )
    process = site.popen("shell", "--no-imports", "-c", script)
    assert process.stdout is not None
    assert process.stdout.readline() == "copying\n"
    assert len(left_beside(tmp_path / "out")) == 1
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=30)
    assert process.returncode == 143
    assert left_beside(tmp_path / "out") == []


def test_a_damaged_database_is_not_backed_up(site: Site, tmp_path: Path) -> None:
    connection.close()
    database = site.data / "assay.sqlite3"
    with closing(sqlite3.connect(database)) as direct:
        direct.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (page,) = direct.execute("SELECT rootpage FROM sqlite_master WHERE name = 'accounts_token'").fetchone()
    data = bytearray(database.read_bytes())
    data[(page - 1) * 4096 : page * 4096] = b"\xff" * 4096
    database.write_bytes(data)
    with pytest.raises(CommandError, match=r"The database is damaged: .* bring back an older backup"):
        backup(tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_database_that_cannot_be_copied_says_why(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def broken(_seconds: object) -> None:
        raise sqlite3.OperationalError("database disk image is malformed")

    monkeypatch.setattr(sqlite, "_patient", broken)
    with pytest.raises(CommandError, match="could not be copied: database disk image is malformed"):
        backup(tmp_path / "out")
    assert left_beside(tmp_path / "out") == []


def test_a_file_with_a_name_that_is_no_hash_is_named(tmp_path: Path) -> None:
    with guards_lifted(), connection.cursor() as cursor:
        cursor.execute("UPDATE evidence_file SET sha256 = '../../etc/passwd' WHERE name = 'log.pdf'")
    _said, warned = backup(tmp_path / "out", status=3)
    assert "log.pdf of evidence:EV-002@1 (../../etc/passwd), missing: This is no SHA-256 in hex." in warned


def test_a_database_that_was_never_migrated_says_so(tmp_path: Path, site: Site) -> None:
    connection.close()
    (site.data / "assay.sqlite3").unlink()
    with pytest.raises(CommandError, match="cannot be read"):
        backup(tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_it_is_made_outside_of_transactions(tmp_path: Path) -> None:
    with transaction.atomic(), pytest.raises(NotMade, match="outside of any transaction"):
        make_backup(tmp_path / "out")


def test_a_copy_of_a_locked_database_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite, "PATIENCE", 0.0)
    look = sqlite._patient(NotMade("busy"))
    look(sqlite3.SQLITE_OK, 0, 0)
    time.sleep(0.01)
    with pytest.raises(NotMade, match="busy"):
        look(sqlite3.SQLITE_BUSY, 1, 1)


def test_a_disk_that_fails_otherwise_is_told_in_words(tmp_path: Path) -> None:
    with pytest.raises(NotMade, match="Permission denied"), folder.made_whole(tmp_path / "out"):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))


def test_what_the_snapshot_reads_is_not_the_live_database(tmp_path: Path) -> None:
    with sqlite.snapshot(tmp_path / "copy"):
        User.objects.all()[0]
        with pytest.raises(Exception, match="readonly"):
            User.objects.update(name="changed")
    assert not User.objects.filter(name="changed").exists()


def test_an_anchor_that_cannot_be_written_is_a_warning(tmp_path: Path, settings: Any) -> None:
    write_more()
    (tmp_path / "taken").write_text("a file")
    settings.ANCHOR_ROOT = tmp_path / "taken"
    _said, warned = backup(tmp_path / "out", status=3)
    assert "may have no checkpoint over all its records" in warned


def test_logs_that_cannot_be_read_are_not_taken_for_none(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("backup.describing.logs", lambda: ())
    with pytest.raises(CommandError, match="none of its logs can be read"):
        backup(tmp_path / "out")
    assert not (tmp_path / "out").exists()
