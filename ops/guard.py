"""The last resort: ends what a killed supervisor could not, then ends itself.

The supervisor writes `+` and the process id of every child to our standard input, and `-` when one has ended. When
that input closes, the supervisor is gone, be it of kill -9, and whatever still runs in a child's group or carries the
run's mark is ended.
"""

import os
import signal
import sys
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

MARK = "ASSAY_RUN"
GRACE_SECONDS = 8.0


def main() -> None:
    """Wait for our supervisor's end, then see to its children's."""
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    groups = still_named(sys.stdin)
    mark = f"{MARK}={os.environ[MARK]}".encode()
    for group in groups:
        _send(group, signal.SIGTERM)
    until = time.monotonic() + GRACE_SECONDS
    while time.monotonic() < until and (any(map(_group_lives, groups)) or marked(mark)):
        time.sleep(0.1)
    for group in groups:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(group, signal.SIGKILL)
    for pid in marked(mark):
        _send(pid, signal.SIGKILL)


def still_named(lines: Iterable[str]) -> set[int]:
    """The children that were named and not taken back."""
    named: set[int] = set()
    for line in lines:
        change = named.add if line.startswith("+") else named.discard
        change(int(line[1:]))
    return named


def marked(mark: bytes) -> Iterable[int]:
    """Every other process whose environment carries the run's mark (Linux)."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if int(folder.name) != os.getpid() and mark in (folder / "environ").read_bytes().split(b"\0"):
                found.append(int(folder.name))
    return found


def _group_lives(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except (ProcessLookupError, PermissionError):
        return False
    return True


def _send(pid: int, number: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.kill(pid, number)


if __name__ == "__main__":
    main()
