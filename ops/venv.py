"""The virtual environment: built once, brought up to date only when a requirements file changed."""

import fcntl
import hashlib
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ops import machine
from ops.commands import Command, run, works
from ops.places import CACHE, ROOT, VENV, VENV_PYTHON
from ops.say import say, step
from ops.stop import stop

RUN = ROOT / "requirements.txt"
TEST = ROOT / "requirements-dev.txt"
NEW_ENOUGH = "import sys; sys.exit(sys.version_info < (3, 11))"


def ensure(requirements: Path) -> None:
    """Have every pinned package of a file installed, leaving alone what another file brought."""
    if not is_current(requirements):
        _bring(requirements)
    if sys.dont_write_bytecode:
        _compile(*(file.parent for file in ROOT.glob("*/__init__.py")))


def _bring(requirements: Path) -> None:
    with _only_set_up():
        if is_current(requirements):
            return
        has_uv = shutil.which("uv") is not None and works(["uv", "--version"])
        if not has_uv:
            _need_ensurepip()
        if not works([VENV_PYTHON, "-c", NEW_ENOUGH]):
            with step("virtual environment"):
                _build(has_uv=has_uv)
        with step(f"packages of {requirements.name}"):
            _install(requirements, has_uv=has_uv)
            _compile(VENV / "lib")
        _stamp(requirements)


def is_current(requirements: Path) -> bool:
    """Tell whether the environment works and was filled from this very file."""
    stamp = _stamp_of(requirements)
    return stamp.is_file() and stamp.read_text() == _digest(requirements) and works([VENV_PYTHON, "-c", NEW_ENOUGH])


def pins(requirements: Path) -> set[str]:
    """The `name==version` pins of a compiled file."""
    lines = requirements.read_text(encoding="utf-8").splitlines()
    return {line.split()[0] for line in lines if "==" in line and not line.startswith((" ", "#"))}


def _stamp(requirements: Path) -> None:
    """Remember what was installed; the test file holds all that the run file pins."""
    files = [
        file for file in (RUN, TEST) if file == requirements or (file.exists() and pins(file) <= pins(requirements))
    ]
    for file in files:
        _stamp_of(file).write_text(_digest(file))


def _stamp_of(requirements: Path) -> Path:
    return VENV / f".{requirements.name}.sha256"


def _digest(requirements: Path) -> str:
    return hashlib.sha256(requirements.read_bytes()).hexdigest()


def base_python() -> str:
    """The interpreter behind us, also when we were started from inside a virtual environment."""
    return getattr(sys, "_base_executable", "") or sys.executable


def _build(*, has_uv: bool) -> None:
    shutil.rmtree(VENV, ignore_errors=True)
    argv: Command = ["uv", "venv", "--quiet", "--python", base_python()] if has_uv else [base_python(), "-m", "venv"]
    run([*argv, VENV], doing="Making the virtual environment")


def _install(requirements: Path, *, has_uv: bool) -> None:
    installer: Command = ["uv", "pip", "install", "--quiet", "--python", VENV_PYTHON]
    if not has_uv:
        installer = [VENV_PYTHON, "-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check"]
        if not works([VENV_PYTHON, "-m", "pip", "--version"]):
            run([VENV_PYTHON, "-m", "ensurepip"], doing="Bringing pip into the virtual environment")
    run([*installer, "--no-deps", "--require-hashes", "-r", requirements], doing="Installing packages")


def _compile(*folders: Path) -> None:
    """Have every module compiled once: where Python is told to write no bytecode, each process compiles them all anew.

    Some packages carry files for other versions of Python that do not compile; they are never imported.
    """
    works([VENV_PYTHON, "-m", "compileall", "-q", "-j", "0", *folders])


def _need_ensurepip() -> None:
    """Debian keeps the parts that make virtual environments in a package of their own."""
    works_here = [base_python(), "-c", "import ensurepip, venv"]
    package = "python3-venv" if _is_default_python() else f"python3.{sys.version_info.minor}-venv"
    machine.ensure([machine.Need("Python's venv module", lambda: works(works_here), package, "python")])


def _is_default_python() -> bool:
    default = Path("/usr/bin/python3")
    return default.exists() and default.resolve() == Path(base_python()).resolve()


@contextmanager
def _only_set_up() -> Iterator[None]:
    """Wait while another make fills the same environment."""
    CACHE.mkdir(exist_ok=True)
    with (CACHE / "venv.lock").open("w") as lock:
        _take(lock.fileno())
        yield


def _take(lock: int) -> None:
    waiting = False
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if not waiting:
                say("  another set-up is filling .venv; waiting for it")
                waiting = True
            stop.pause()
        else:
            return
