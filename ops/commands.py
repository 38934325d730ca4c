"""Running one command to its end: quietly, loudly or only to ask whether it works."""

import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from ops.places import ROOT, inherited
from ops.processes import Process, end, spawn
from ops.say import Problem
from ops.stop import stop

Command = Sequence[str | Path]

GRACE_SECONDS = 8.0
SHOWN_LINES = 60


def run(argv: Command, *, doing: str, env: Mapping[str, str] | None = None, user: str | None = None) -> str:
    """Run a command and return what it printed; when it fails, that output is the problem's text."""
    with tempfile.TemporaryFile() as output:
        process = spawn(argv, env=env or inherited(), output=output, user=user, cwd=Path("/") if user else ROOT)
        status = _wait(process)
        output.seek(0)
        printed = output.read().decode(errors="replace")
    if status:
        raise Problem(f"{doing} failed (exit status {status}): {_shown(argv)}\n{_tail(printed)}")
    return printed


def show(argv: Command, *, env: Mapping[str, str]) -> int:
    """Run a command that prints for itself, and return its exit status."""
    return _wait(spawn(argv, env=env))


def works(argv: Command) -> bool:
    """Tell whether a command can be run and succeeds."""
    try:
        done = subprocess.run([str(part) for part in argv], capture_output=True, check=False, cwd=ROOT)
    except OSError:
        return False
    return done.returncode == 0


def _wait(process: Process) -> int:
    try:
        while process.poll() is None:
            stop.pause()
    finally:
        end([process], grace=GRACE_SECONDS)
    return process.returncode


def _shown(argv: Command) -> str:
    return " ".join(str(part) for part in argv)


def _tail(text: str) -> str:
    return "\n".join(text.rstrip().splitlines()[-SHOWN_LINES:])
