"""The client programs of PostgreSQL are found and new enough, and a script is committed only when all of it came."""

import subprocess
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from backup import postgres, programs
from backup.programs import NoProgram, find, run


def a_program(place: Path, version: str) -> Path:
    """Something that says which version it is."""
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(f"#!/bin/sh\necho 'pg_dump (PostgreSQL) {version}'\n")
    place.chmod(0o755)
    return place


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine with no programs yet."""
    monkeypatch.setattr(programs, "DEBIAN", tmp_path / "lib")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    return tmp_path


def test_the_oldest_that_is_new_enough_is_taken(machine: Path) -> None:
    for version in ("9.6.1", "15.3", "17.2 (Debian 17.2-1)", "16.1"):
        a_program(machine / "lib" / version.partition(".")[0] / "bin" / "pg_dump", version)
    assert find("pg_dump", 16).parts[-3] == "16"
    assert find("pg_dump", 12).parts[-3] == "15"
    on_path = a_program(machine / "bin" / "pg_dump", "16.4")
    assert find("pg_dump", 16) == on_path


def test_none_is_told_with_what_to_install(machine: Path) -> None:
    with pytest.raises(NoProgram, match=r"pg_dump was not found\. Install .* version 17 or later"):
        find("pg_dump", 17)


def test_one_that_is_too_old_is_told_with_both_versions(machine: Path) -> None:
    a_program(machine / "bin" / "pg_dump", "15.3")
    with pytest.raises(NoProgram, match=r"pg_dump is version 15, version 17 is needed\. Install"):
        find("pg_dump", 17)


def test_what_says_no_version_is_passed_over(machine: Path) -> None:
    broken = a_program(machine / "bin" / "pg_dump", "15.3")
    broken.write_text("not even a script")
    with pytest.raises(NoProgram, match="was not found"):
        find("pg_dump", 15)


def test_a_failure_is_told_by_what_was_said_last() -> None:
    assert run(["sh", "-c", "exit 0"], password="") == ""
    assert run(["sh", "-c", "echo because >&2; exit 3"], password="") == "because"
    assert run(["sh", "-c", "exit 3"], password="") == "exit status 3"
    assert run(["sh", "-c", 'echo "$PGPASSWORD" >&2; exit 1'], password="secret") == "secret"


def pumped(source: str, target: str, *, is_old: bool = False) -> bool:
    """Pump one shell's output into another's input."""
    with (
        postgres._popen(["sh", "-c", source], stdout=subprocess.PIPE) as reader,
        postgres._popen(["sh", "-c", target], stdin=subprocess.PIPE) as writer,
    ):
        return postgres._pump(reader, writer, is_old=is_old)


def test_a_script_that_came_whole_is_committed(tmp_path: Path) -> None:
    assert pumped("echo 'CREATE TABLE a ();'", f"cat > {tmp_path}/got")
    got = (tmp_path / "got").read_text()
    assert got.startswith("BEGIN;\n")
    assert got.endswith("CREATE TABLE a ();\n\nCOMMIT;\n")


def test_a_script_that_broke_off_is_not_committed(tmp_path: Path) -> None:
    assert not pumped("echo 'CREATE TABLE a ();'; exit 1", f"cat > {tmp_path}/got")
    assert "COMMIT" not in (tmp_path / "got").read_text()


def test_a_reader_is_ended_when_nobody_takes_the_script() -> None:
    assert not pumped("yes", "exec <&-; exit 1")


@pytest.mark.parametrize("is_old", [True, False])
def test_what_an_older_server_does_not_know_is_left_out_once(tmp_path: Path, is_old: bool) -> None:
    line = "SET transaction_timeout = 0;"
    pumped(f"printf 'a\\n{line}\\nb\\n{line}\\n'", f"cat > {tmp_path}/got", is_old=is_old)
    assert (tmp_path / "got").read_text().count(line) == (1 if is_old else 2)


def test_a_password_never_stands_in_the_address(settings: Any) -> None:
    role = {"NAME": "assay", "USER": "owner", "PASSWORD": "secret", "HOST": "db.example.org", "PORT": 5432}
    told = postgres._conninfo({**role, "OPTIONS": {"sslmode": "verify-full", "isolation_level": 4}})
    assert told == "dbname=assay user=owner host=db.example.org port=5432 sslmode=verify-full"


def test_all_of_an_output_is_read_from_its_beginning() -> None:
    output = BytesIO(b"one two")
    output.read()
    assert postgres._all(output) == b"one two"
