"""The virtual environment: filled once for each requirements file, with uv or with pip."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from ops import places, venv
from ops.commands import Command


@pytest.fixture
def commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A set-up in a folder of its own whose commands are noted instead of run."""
    noted: list[str] = []

    def note(argv: Command, **_options: object) -> str:
        noted.append(
            " ".join(str(part) for part in argv).replace(f"{tmp_path}/", "").replace(venv.base_python(), "python")
        )
        (tmp_path / ".venv" / "bin").mkdir(parents=True, exist_ok=True)
        if not (tmp_path / ".venv" / "bin" / "python").exists():
            (tmp_path / ".venv" / "bin" / "python").symlink_to(sys.executable)
        return ""

    monkeypatch.setattr(venv, "run", note)
    monkeypatch.setattr(venv, "CACHE", tmp_path / ".cache")
    monkeypatch.setattr(venv, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(venv, "VENV_PYTHON", tmp_path / ".venv" / "bin" / "python")
    monkeypatch.setattr(venv, "RUN", tmp_path / "requirements.txt")
    monkeypatch.setattr(venv, "TEST", tmp_path / "requirements-dev.txt")
    monkeypatch.setattr(shutil, "which", lambda name: name)
    monkeypatch.setattr(venv, "works", lambda argv: argv[0] == "uv" or Path(argv[0]).exists())
    venv.RUN.write_text("django==5.2 \\\n    --hash=sha256:aa\n")
    venv.TEST.write_text("django==5.2 \\\n    --hash=sha256:aa\nruff==1.0 \\\n    --hash=sha256:bb\n")
    return noted


UV = "uv pip install --quiet --python .venv/bin/python --no-deps --require-hashes -r "
PIP = ".venv/bin/python -m pip install --quiet --no-input --disable-pip-version-check --no-deps --require-hashes -r "


def test_builds_and_fills_it_once(commands: list[str]) -> None:
    venv.ensure(venv.RUN)
    venv.ensure(venv.RUN)
    assert commands == ["uv venv --quiet --python python .venv", UV + "requirements.txt"]


def test_a_changed_file_is_installed_into_the_same_environment(commands: list[str]) -> None:
    venv.ensure(venv.RUN)
    commands.clear()
    venv.RUN.write_text("django==5.3 \\\n    --hash=sha256:cc\n")
    venv.ensure(venv.RUN)
    assert commands == [UV + "requirements.txt"]


def test_what_tests_need_holds_what_running_needs(commands: list[str]) -> None:
    venv.ensure(venv.TEST)
    commands.clear()
    venv.ensure(venv.RUN)
    assert commands == []


def test_running_first_still_brings_what_tests_need(commands: list[str]) -> None:
    venv.ensure(venv.RUN)
    commands.clear()
    venv.ensure(venv.TEST)
    assert commands == [UV + "requirements-dev.txt"]


def test_an_environment_whose_python_is_gone_is_built_again(commands: list[str], tmp_path: Path) -> None:
    venv.ensure(venv.RUN)
    commands.clear()
    python = tmp_path / ".venv" / "bin" / "python"
    python.unlink()
    python.symlink_to("/nowhere/python")
    venv.ensure(venv.RUN)
    assert commands == ["uv venv --quiet --python python .venv", UV + "requirements.txt"]


def test_without_uv_the_standard_library_builds_it(commands: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    venv.ensure(venv.RUN)
    assert commands == ["python -m venv .venv", PIP + "requirements.txt"]


def test_without_uv_an_environment_that_uv_made_gets_pip(commands: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    venv.ensure(venv.RUN)
    commands.clear()
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    monkeypatch.setattr(venv, "works", lambda argv: "pip" not in argv)
    venv.ensure(venv.TEST)
    assert commands == [".venv/bin/python -m ensurepip", PIP + "requirements-dev.txt"]


def test_both_requirement_files_pin_alike_and_with_hashes() -> None:
    run, test = places.ROOT / "requirements.txt", places.ROOT / "requirements-dev.txt"
    assert venv.pins(run) < venv.pins(test)
    for file in (run, test):
        text = file.read_text()
        assert not re.search(r"://|--(extra-)?index-url|--find-links", text), "a package host is named"
        assert all("--hash=sha256:" in entry for entry in re.split(r"\n(?=\w)", text.strip()))


def test_a_python_that_is_too_old_is_refused_in_one_line(tmp_path: Path) -> None:
    for name in ("python3", "python3.11", "python3.12", "python3.13", "python3.14"):
        (tmp_path / name).write_text("#!/bin/sh\nexit 1\n")
        (tmp_path / name).chmod(0o755)
    script = str(places.ROOT / "ops" / "python.sh")
    done = subprocess.run(["/bin/sh", script], env={"PATH": str(tmp_path)}, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("Assay needs Python 3.11 or newer")
    assert done.stderr.count("\n") == 1
