"""PostgreSQL: the dump is the snapshot that is described, and a restore happens whole or not at all."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from hashlib import sha256
from io import StringIO
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings as configured
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from accounts.context import acting_in
from aims.models import Aims
from backup import postgres
from backup.database import through
from backup.refusals import NotMade
from evidence.models import File
from evidence.store import place_of
from ledger.models import Log
from tests.backup.make import SECRETS, Server, Site, about, inside_postgres, write_more

pytestmark = [pytest.mark.postgres, pytest.mark.django_db]


@pytest.fixture(scope="session")
def pg_site(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Site:
    return Site(tmp_path_factory.mktemp("pg") / "data", server.a_database()).made()


@pytest.fixture(scope="session")
def pg_backup(pg_site: Site, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pg-backups") / "first"
    pg_site.manage("backup", "--out", str(folder))
    return folder


@pytest.fixture
def kept(pg_backup: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(pg_backup, tmp_path / "backup"))


@pytest.fixture
def new(server: Server, pg_site: Site, tmp_path: Path, settings: Any) -> Iterator[Site]:
    """A new machine with an empty database of its own; the test is its process."""
    site = Site(tmp_path / "new", server.a_database())
    shutil.copytree(pg_site.data / "secrets", site.data / "secrets")
    with inside_postgres(site.data, site.env, settings):
        yield site


def restore(folder: Path, *words: str) -> tuple[str, str]:
    said, warned = StringIO(), StringIO()
    call_command("restore", str(folder), *words, stdout=said, stderr=warned)
    return said.getvalue(), warned.getvalue()


def rewrite(folder: Path, **database: Any) -> None:
    told = about(folder)
    told["database"] |= database
    (folder / "backup.json").write_text(json.dumps(told))


def with_sum(folder: Path, data: bytes) -> None:
    """Put another dump into a backup, with a sum that fits."""
    (folder / "database.dump").write_bytes(data)
    rewrite(folder, sha256=sha256(data).hexdigest(), size=len(data))


def test_it_says_what_is_in_the_dump(pg_backup: Path) -> None:
    told = about(pg_backup)
    assert told["database"]["vendor"] == "postgresql"
    assert {"assay_app", "assay_owner"} <= set(told["database"]["roles"])
    assert (pg_backup / "database.dump").read_bytes()[:5] == b"PGDMP"
    assert [log["aims"] for log in told["logs"]] == ["meridian", "northwind"]
    assert told["files"]["count"] == 3


def test_a_new_machine_gets_everything_with_its_rights(new: Site, kept: Path) -> None:
    said, warned = restore(kept, "--verify")
    assert warned == ""
    for log in about(kept)["logs"]:
        assert f"{log['aims']}: {log['size']} records verified, root {log['root']}\n" in said
    assert "meridian: 2 files hashed again, 0 altered, 0 missing\n" in said
    write_more()
    with pytest.raises(DatabaseError, match="permission denied"), connection.cursor() as cursor:
        cursor.execute("TRUNCATE ledger_record CASCADE")
    inside = acting_in(Aims.objects.get(slug="meridian"))
    with pytest.raises(DatabaseError, match="append-only"), inside, connection.cursor() as cursor:
        cursor.execute("UPDATE ledger_record SET mac = ''")


def test_records_are_not_overwritten_unasked(new: Site, kept: Path) -> None:
    restore(kept)
    write_more(2)
    call_command("ticker", "--once")
    size = about(kept)["logs"][0]["size"]
    with pytest.raises(CommandError, match=f"meridian: {size + 2} records are here, {size} in the backup"):
        restore(kept)
    assert Log.unscoped.order_by("pk")[0].size == size + 2


def test_over_drops_what_the_backup_does_not_know(new: Site, kept: Path) -> None:
    restore(kept)
    write_more()
    with through(postgres.owner()), connection.cursor() as cursor:
        cursor.execute("CREATE TABLE later (id serial PRIMARY KEY, log_id bigint REFERENCES ledger_log)")
        cursor.execute("CREATE VIEW latest AS SELECT * FROM later")
        cursor.execute("CREATE FUNCTION later_still() RETURNS int LANGUAGE sql AS 'SELECT 1'")
        cursor.execute("CREATE SEQUENCE alone")
    restore(kept, "--over", "--verify")
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relname IN ('later', 'latest', 'alone')")
        assert cursor.fetchall() == []
        cursor.execute("SELECT proname FROM pg_proc WHERE proname = 'later_still'")
        assert cursor.fetchall() == []


@pytest.mark.parametrize("share", [0.5, 0.98])
def test_a_truncated_dump_leaves_the_database_as_it_was(new: Site, kept: Path, share: float) -> None:
    restore(kept)
    write_more()
    names = sorted(File.unscoped.values_list("name", flat=True))
    data = (kept / "database.dump").read_bytes()
    with_sum(kept, data[: int(len(data) * share)])
    with pytest.raises(CommandError, match=r"it is as it was|no dump that can be read"):
        restore(kept, "--over")
    assert sorted(File.unscoped.values_list("name", flat=True)) == names


def test_a_dump_that_was_changed_or_is_none_is_refused(new: Site, kept: Path) -> None:
    data = (kept / "database.dump").read_bytes()
    (kept / "database.dump").write_bytes(data[:-1])
    with pytest.raises(CommandError, match="was changed or cut off"):
        restore(kept)
    with_sum(kept, b"PGDMP? no")
    with pytest.raises(CommandError, match="no dump that can be read"):
        restore(kept)
    assert connection.introspection.table_names() == []


def test_a_role_that_the_server_does_not_have_is_named(new: Site, kept: Path) -> None:
    rewrite(kept, roles=["assay_app", "auditors"])
    with pytest.raises(CommandError, match=r"grants rights to auditors, .* CREATE ROLE auditors LOGIN"):
        restore(kept)


def test_a_database_in_use_is_left_alone(new: Site, kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    restore(kept)
    monkeypatch.setattr(postgres, "EMPTY", postgres.EMPTY.replace("'10s'", "'300ms'"))
    with psycopg.connect(new.env["DATABASE_URL"]) as worker:
        worker.execute("SELECT count(*) FROM ledger_log")
        with pytest.raises(CommandError, match="lock timeout"):
            restore(kept, "--over")
    assert Log.unscoped.count() == 2


def test_it_is_made_outside_of_transactions(new: Site, tmp_path: Path) -> None:
    with transaction.atomic(), pytest.raises(NotMade, match="outside of any transaction"), postgres.snapshot(tmp_path):
        pytest.fail("it was made")


def test_a_dump_that_fails_leaves_nothing(
    new: Site, kept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    restore(kept)
    monkeypatch.setattr(postgres, "owner", lambda: {**connection.settings_dict, "PASSWORD": "wrong"})
    with pytest.raises(CommandError, match=r"pg_dump failed; nothing was kept\.\n.*password authentication failed"):
        call_command("backup", "--out", str(tmp_path / "out"))
    assert not (tmp_path / "out").exists()
    assert [path.name for path in tmp_path.iterdir() if path.name.endswith(".part")] == []


def test_no_password_is_on_a_command_line(
    monkeypatch: pytest.MonkeyPatch, new: Site, kept: Path, tmp_path: Path
) -> None:
    seen: list[list[str]] = []
    honest = subprocess.Popen.__init__

    def watch(self: Any, argv: list[str], *args: Any, **kwargs: Any) -> None:
        seen.append(argv)
        honest(self, argv, *args, **kwargs)

    monkeypatch.setattr(subprocess.Popen, "__init__", watch)
    restore(kept)
    call_command("backup", "--out", str(tmp_path / "out"), stdout=StringIO())
    words = " ".join(str(word) for argv in seen for word in argv)
    assert "pg_dump" in words
    assert "psql" in words
    assert not any(str(role["PASSWORD"]) in words for role in (connection.settings_dict, configured.DATABASE_OWNER))


def test_an_altered_file_and_another_secret_are_refused_here_too(new: Site, kept: Path, settings: Any) -> None:
    settings.LEDGER_KEY = "another"
    with pytest.raises(CommandError, match="Bring back LEDGER_KEY"):
        restore(kept)
    settings.LEDGER_KEY = (new.data / "secrets" / SECRETS[1]).read_text().strip()
    place_of(kept / "files", sha256(b"%PDF-one").hexdigest()).unlink()
    with pytest.raises(CommandError, match="cannot be read: No such file"):
        restore(kept)
    assert connection.introspection.table_names() == []


@pytest.mark.django_db(transaction=True)
def test_a_role_from_which_rows_are_hidden_makes_no_backup(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL")
    with postgres.snapshot(tmp_path / "whole"):
        assert (tmp_path / "whole").stat().st_size > 0
    monkeypatch.setattr(configured, "DATABASE_OWNER", {})
    with pytest.raises(NotMade, match="a backup of a part"), postgres.snapshot(tmp_path / "part"):
        pass
    assert not (tmp_path / "part").exists()
