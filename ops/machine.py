"""What the operating system must provide: looked for by use, not by package name, and installed where we may."""

import os
import shutil
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ops.commands import run, works
from ops.say import Problem, step

FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.fonts", "~/.local/share/fonts")
BREW_LIBRARIES = ("/opt/homebrew/lib", "/usr/local/lib")
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@dataclass(frozen=True, slots=True)
class Need:
    """Something the machine must have: how to tell, and which packages bring it."""

    what: str
    present: Callable[[], bool]
    apt: str
    brew: str


def library(linux: str, mac: str) -> Callable[[], bool]:
    """A test for a shared library, loaded in a process of its own: a loaded library would stay loaded in ours."""

    def present() -> bool:
        if sys.platform == "darwin":
            return any((Path(folder) / mac).exists() for folder in BREW_LIBRARIES)
        return works([sys.executable, "-c", f"import ctypes; ctypes.CDLL({linux!r})"])

    return present


def font(*patterns: str) -> Callable[[], bool]:
    """A test for a font file, by any of its names, in the places where fontconfig looks."""

    def present() -> bool:
        folders = [Path(folder).expanduser() for folder in FONT_FOLDERS]
        found = (any(folder.rglob(pattern)) for pattern in patterns for folder in folders)
        return sys.platform == "darwin" or any(found)

    return present


def program(*names: str) -> Callable[[], bool]:
    """A test for a program on the PATH that starts: a stub that only names another package does not count."""
    return lambda: any(works([path, "--version"]) for name in names if (path := shutil.which(name)))


LIBRARIES = (
    Need("Pango", library("libpango-1.0.so.0", "libpango-1.0.0.dylib"), "libpango-1.0-0", "pango"),
    Need("PangoFT2", library("libpangoft2-1.0.so.0", "libpangoft2-1.0.0.dylib"), "libpangoft2-1.0-0", "pango"),
    Need(
        "HarfBuzz", library("libharfbuzz-subset.so.0", "libharfbuzz-subset.0.dylib"), "libharfbuzz-subset0", "harfbuzz"
    ),
    Need("libmagic", library("libmagic.so.1", "libmagic.1.dylib"), "libmagic1", "libmagic"),
    Need("DejaVu fonts", font("DejaVuSans.ttf"), "fonts-dejavu-core", ""),
)
INTER = Need("Inter font", font("Inter*.[ot]t[fc]"), "fonts-inter", "")
EAST_ASIAN = Need("East Asian font", font("*CJK*", "wqy-zenhei*"), "fonts-wqy-zenhei", "")
REDIS = Need("Redis", program("redis-server"), "redis-server", "redis")
BROWSER = Need("Chromium", program(*BROWSERS), "chromium", "")
POPPLER = Need("Poppler", lambda: shutil.which("pdftotext") is not None, "poppler-utils", "poppler")
QPDF = Need("qpdf", program("qpdf"), "qpdf", "qpdf")


def ensure(needs: Iterable[Need], *, optional: Iterable[Need] = ()) -> None:
    """Install what is missing, or say in one line what to install; optional needs ride along and never fail."""
    missing = [need for need in needs if not need.present()]
    if missing:
        install(missing)
    for need in optional:
        if not need.present():
            _offer(need)
    if still := [need.what for need in missing if not need.present()]:
        raise Problem(f"{', '.join(still)} cannot be used here although its package is installed.")


def install(needs: Iterable[Need]) -> None:
    """Install packages with the machine's own package manager, where that needs nobody's password."""
    missing = list(needs)
    packages = package_names(missing)
    prefix = apt_get()
    if prefix is not None:
        with step(f"installing {' '.join(packages)}"):
            _apt_install(prefix, packages, missing)
    elif sys.platform == "darwin" and shutil.which("brew") and packages:
        with step(f"installing {' '.join(packages)}"):
            run(["brew", "install", *packages], doing="Installing packages")
    else:
        raise Problem(what_to_install(missing))


def package_names(needs: Iterable[Need]) -> list[str]:
    """The packages of this machine's package manager that bring what is needed."""
    names = (need.brew if sys.platform == "darwin" else need.apt for need in needs)
    return sorted({name for name in names if name})


def what_to_install(needs: Iterable[Need]) -> str:
    """The one line for somebody who must install packages by hand."""
    missing = list(needs)
    what, names = ", ".join(need.what for need in missing), " ".join(package_names(missing))
    manager = "brew" if sys.platform == "darwin" else "sudo apt-get"
    return f"Assay needs {what}: run `{manager} install {names}` (or what brings it on this system) and start again."


def _apt_install(prefix: list[str], packages: list[str], needs: list[Need]) -> None:
    """Install at once if the package lists allow it, else after one update."""
    argv = [*prefix, "install", "-y", "--no-install-recommends", *packages]
    with suppress(Problem):
        run(argv, doing="Installing packages")
        return
    try:
        run([*prefix, "update"], doing="Updating the package lists")
        run(argv, doing="Installing packages")
    except Problem as problem:
        raise Problem(f"{problem}\n{what_to_install(needs)}") from problem


def _offer(need: Need) -> None:
    """Install something nice to have when that is easy; nothing depends on it."""
    prefix = apt_get()
    if prefix is not None and works(["apt-cache", "show", need.apt]):
        with suppress(Problem):
            run([*prefix, "install", "-y", "--no-install-recommends", need.apt], doing="Installing packages")


@cache
def apt_get() -> list[str] | None:
    """How to call apt-get here without a password, or None when that cannot be done."""
    if shutil.which("apt-get") is None:
        return None
    argv = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", "-o", "DPkg::Lock::Timeout=120"]
    if os.geteuid() == 0:
        return argv
    return ["sudo", "-n", *argv] if works(["sudo", "-n", "true"]) else None
