"""What the operating system must bring: found by use, installed where we may, else named in one line."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ops import machine
from ops.machine import Need
from ops.say import Problem

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="stands in for apt-get")


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An otherwise empty PATH, to put stand-in programs in."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    machine.apt_get.cache_clear()
    yield folder
    machine.apt_get.cache_clear()


def a_program(folder: Path, name: str, script: str = "exit 0") -> None:
    """Put a shell script on the PATH; /bin's programs are named in full."""
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


def a_need(folder: Path, package: str = "libthing0") -> Need:
    """A need that is met when a file of the package's name exists."""
    return Need("Thing", (folder / package).exists, package, "thing")


def apt_get_that(folder: Path, script: str) -> Path:
    """A stand-in apt-get that notes its arguments, and the `env` it is called through."""
    log = folder / "log.txt"
    a_program(folder, "env", 'shift; exec "$@"')
    a_program(folder, "apt-get", f'echo "$*" >> "{log}"\n{script}')
    return log


def calls(log: Path) -> list[str]:
    """What apt-get was asked, without its options."""
    return [line.partition("DPkg::Lock::Timeout=120 ")[2] for line in log.read_text().splitlines()]


def test_installs_nothing_when_nothing_is_missing(programs: Path) -> None:
    log = apt_get_that(programs, "exit 1")
    (programs / "libthing0").touch()
    machine.ensure([a_need(programs)])
    assert not log.exists()


def test_root_installs_without_an_update_when_the_lists_are_there(
    programs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    log = apt_get_that(programs, f': > "{programs}/libthing0"')
    machine.ensure([a_need(programs)])
    assert calls(log) == ["install -y --no-install-recommends libthing0"]


def test_updates_the_lists_once_when_the_package_is_unknown(programs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    lists, package = programs / "lists", programs / "libthing0"
    script = f'case "$*" in *update) : > "{lists}";; *) test -e "{lists}" && : > "{package}";; esac'
    log = apt_get_that(programs, script)
    machine.ensure([a_need(programs)])
    install = "install -y --no-install-recommends libthing0"
    assert calls(log) == [install, "update", install]


def test_uses_sudo_that_asks_for_no_password(programs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    apt_get_that(programs, f': > "{programs}/libthing0"')
    a_program(programs, "sudo", f'printf "%s " "$1" >> "{programs}/sudo.txt"; shift; test "$1" = true || exec "$@"')
    a_program(programs, "true")
    machine.ensure([a_need(programs)])
    assert (programs / "sudo.txt").read_text() == "-n -n "


def test_names_what_to_install_in_one_line_without_a_password(programs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    log = apt_get_that(programs, "exit 1")
    a_program(programs, "sudo", "exit 1")
    with pytest.raises(Problem, match=r"^Assay needs Thing: run `sudo apt-get install libthing0` .*start again\.$"):
        machine.ensure([a_need(programs)])
    assert not log.exists()


def test_shows_why_the_installation_failed_and_what_to_install(programs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    apt_get_that(programs, "echo no network; exit 100")
    with pytest.raises(Problem) as caught:
        machine.ensure([a_need(programs)])
    assert "no network" in str(caught.value)
    assert str(caught.value).endswith(machine.what_to_install([a_need(programs)]))


def test_says_so_when_an_installed_package_does_not_help(programs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    apt_get_that(programs, "exit 0")
    with pytest.raises(Problem, match="Thing cannot be used here"):
        machine.ensure([a_need(programs)])


def test_an_optional_need_never_fails(programs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    log = apt_get_that(programs, "exit 100")
    a_program(programs, "apt-cache")
    machine.ensure([], optional=[a_need(programs)])
    assert calls(log) == ["install -y --no-install-recommends libthing0"]


def test_a_program_that_does_not_start_does_not_count(programs: Path) -> None:
    a_program(programs, "chromium-browser", "exit 1")
    assert not machine.BROWSER.present()
    a_program(programs, "chromium")
    assert machine.BROWSER.present()


def test_a_library_is_found_by_loading_it() -> None:
    assert machine.library("libc.so.6", "")()
    assert not machine.library("libthing-of-nobody.so.0", "")()


def test_a_font_is_found_below_the_font_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "FONT_FOLDERS", (str(tmp_path),))
    assert not machine.font("DejaVuSans*.ttf")()
    (tmp_path / "truetype").mkdir()
    (tmp_path / "truetype" / "DejaVuSans-Bold.ttf").touch()
    assert machine.font("DejaVuSans*.ttf")()
