"""`make test`: which databases it takes, what it keeps away from the tests, what it says it did not run."""

from collections.abc import Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from ops import not_run, prepare, suite
from ops.say import Problem


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Sequence[str], Mapping[str, str]]]:
    """Note each pytest run instead of making it, on a machine that lacks nothing."""
    noted: list[tuple[Sequence[str], Mapping[str, str]]] = []

    def note(argv: Sequence[Any], *, env: Mapping[str, str]) -> int:
        noted.append(([str(part) for part in argv[4:]], env))
        return int(env.get("STATUS", "0"))

    @contextmanager
    def a_server() -> Any:
        yield {"DATABASE_URL": "postgresql://app", "DATABASE_OWNER_URL": "postgresql://owner"}

    monkeypatch.setattr(suite, "show", note)
    monkeypatch.setattr(suite, "private_postgres", a_server)
    monkeypatch.setattr(prepare, "missing_for_tests", lambda _databases: [])
    monkeypatch.setattr(prepare, "browser_environment", dict)
    for name in ("DB", "ARGS"):
        monkeypatch.delenv(name, raising=False)
    return noted


def test_runs_all_on_sqlite_and_the_marked_on_postgres(runs: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARGS", "-x -k 'a or b'")
    assert suite.main() == 0
    (sqlite, _), (postgres, env) = runs
    assert sqlite == ["ops.not_run", "-n", "2", "--dist", "loadscope", "-m", "not faults", "-x", "-k", "a or b"]
    assert postgres == [
        "ops.not_run",
        "-n",
        "2",
        "--dist",
        "loadscope",
        "-m",
        "(db_both or postgres) and not faults",
        "--no-cov",
        "-x",
        "-k",
        "a or b",
    ]
    assert env["DATABASE_OWNER_URL"] == "postgresql://owner"


def test_a_test_never_sees_real_data(runs: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    for name in suite.OUR_OWN:
        monkeypatch.setenv(name, "/real")
    suite.main()
    for _argv, env in runs:
        assert "/real" not in env.values()
        assert not Path(env["ASSAY_DATA"]).exists(), "the folder goes with the run"


@pytest.mark.parametrize("database", ["sqlite", "postgres"])
def test_one_database_can_be_chosen(runs: list[Any], monkeypatch: pytest.MonkeyPatch, database: str) -> None:
    monkeypatch.setenv("DB", database)
    suite.main()
    assert [("DATABASE_URL" in env) for _argv, env in runs] == [database == "postgres"]


def test_another_database_is_refused() -> None:
    with pytest.raises(Problem, match="DB must be sqlite or postgres, not 'mysql'"):
        suite.wanted_databases("mysql")


def test_a_failure_on_either_database_fails(runs: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STATUS", "1")
    assert suite.main() == 1
    assert len(runs) == 2


def test_no_marked_test_is_no_failure(runs: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STATUS", str(suite.NOTHING_COLLECTED))
    monkeypatch.setenv("DB", "postgres")
    assert suite.main() == 0


def test_says_loudly_what_cannot_run(
    runs: list[Any], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(prepare, "missing_for_tests", lambda _databases: [prepare.BROWSER, prepare.DATABASE])
    assert suite.main() == 0
    assert "!! Chromium cannot be had here: NOT RUN: the browser tests" in capsys.readouterr().out
    assert len(runs) == 1
    assert "PostgreSQL cannot be had here" in runs[0][1]["ASSAY_NOT_RUN"]


def test_only_postgres_without_postgres_fails(runs: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prepare, "missing_for_tests", lambda _databases: [prepare.DATABASE])
    monkeypatch.setenv("DB", "postgres")
    assert suite.main() == 1
    assert runs == []


def test_without_a_browser_the_tests_are_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert prepare.browser_environment() == {"ASSAY_NO_BROWSER": "1"}


def test_the_report_repeats_it_above_the_summary(monkeypatch: pytest.MonkeyPatch) -> None:
    class Paper:
        def __init__(self) -> None:
            self.text: list[str] = []

        def section(self, title: str, sep: str = "=", **_markup: bool) -> None:
            self.text.append(sep + title)

        def line(self, msg: str, **_markup: bool) -> None:
            self.text.append(msg)

    monkeypatch.setenv("ASSAY_NOT_RUN", "one\ntwo")
    paper = Paper()
    not_run.pytest_terminal_summary(paper)
    assert paper.text == ["!NOT RUN ON THIS MACHINE", "one", "two"]
