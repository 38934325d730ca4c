"""Starting processes that cannot outlive us, and ending them with everything they started."""

import ctypes
import os
import pwd
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from ops import guard
from ops.places import ROOT, inherited
from ops.stop import POLL_SECONDS, stop

Process = subprocess.Popen[bytes]

PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def die_with_parent(parent: int) -> None:
    """Have the kernel send us SIGTERM when the parent dies, even of kill -9 (Linux)."""
    if _libc is not None:
        _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
        if os.getppid() != parent:
            os.kill(os.getpid(), signal.SIGTERM)


def adopt_orphans() -> None:
    """Become the parent of grandchildren whose parent died, so that they can be found and ended (Linux)."""
    if _libc is not None:
        _libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


class Guard:
    """The process that ends our children should we be killed before we can."""

    def __init__(self) -> None:
        self.mark = secrets.token_hex(8)
        self._process = subprocess.Popen(
            [sys.executable, "-m", "ops.guard"],
            cwd=ROOT,
            env=inherited() | {guard.MARK: self.mark},
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def watch(self, pid: int) -> None:
        """Name a child to the guard."""
        self._tell(f"+{pid}\n")

    def forget(self, pid: int) -> None:
        """Take a child back that has ended: its number may go to a stranger."""
        self._tell(f"-{pid}\n")

    def _tell(self, line: str) -> None:
        if self._process.stdin is not None:
            with suppress(OSError):
                self._process.stdin.write(line.encode())
                self._process.stdin.flush()

    def dismiss(self) -> None:
        """Send the guard home: everything has ended in order."""
        self._process.kill()
        self._process.wait()


_guard: Guard | None = None


@contextmanager
def guarded() -> Iterator[None]:
    """Have every child of the block ended even if we are killed; at its orderly end nothing descends from us."""
    global _guard
    adopt_orphans()
    _guard = Guard()
    try:
        yield
    finally:
        _guard.dismiss()
        _guard = None
        end_orphans()


def spawn(
    argv: Sequence[str | Path],
    *,
    env: Mapping[str, str],
    cwd: Path = ROOT,
    output: IO[bytes] | None = None,
    user: str | None = None,
) -> Process:
    """Start a command in a session of its own, away from the terminal's Ctrl-C, tied to our life."""
    parent = os.getpid()
    mark = {guard.MARK: _guard.mark} if _guard else {}
    process = subprocess.Popen(
        [str(part) for part in argv],
        env={**env, **mark},
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT if output else None,
        start_new_session=True,
        preexec_fn=lambda: die_with_parent(parent),
        user=user,
        group=pwd.getpwnam(user).pw_gid if user else None,
        extra_groups=[] if user else None,
    )
    if _guard:
        _guard.watch(process.pid)
    return process


def end(processes: Iterable[Process], *, grace: float) -> None:
    """SIGTERM each leader, wait, then SIGKILL what is left of its group; a second Ctrl-C skips the wait."""
    running = list(processes)
    for process in running:
        if process.poll() is None:
            process.terminate()
    wait_until(lambda: all(process.poll() is not None for process in running), seconds=grace)
    for process in running:
        kill_group(process)


def kill_group(process: Process) -> None:
    """SIGKILL a process and everything in its group."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    if _guard:
        _guard.forget(process.pid)


def end_orphans() -> None:
    """SIGKILL whatever still descends from us: children of children that made sessions of their own."""
    reap_orphans(known=set())
    for _round in range(20):
        left = descendants(os.getpid())
        if not left:
            return
        for pid in left:
            with suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(0.05)
        reap_orphans(known=set())


def reap_orphans(*, known: set[int]) -> None:
    """Bury adopted processes that have ended, leaving our own children to their owners (Linux)."""
    while _libc is not None:
        try:
            ended = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        except ChildProcessError:
            return
        if ended is None or ended.si_pid in known:
            return
        with suppress(ChildProcessError):
            os.waitpid(ended.si_pid, os.WNOHANG)


def descendants(root: int) -> set[int]:
    """Every living process below one (Linux; elsewhere none are found)."""
    table = process_table()
    found: set[int] = set()
    wanted = {root}
    while wanted:
        wanted = {pid for pid, (parent, _state) in table.items() if parent in wanted and pid not in found}
        found |= wanted
    return {pid for pid in found if table[pid][1] != "Z"}


def process_table() -> dict[int, tuple[int, str]]:
    """Each process id with its parent's and its state, from /proc."""
    table = {}
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            fields = (folder / "stat").read_bytes().rpartition(b")")[2].split()
            table[int(folder.name)] = (int(fields[1]), fields[0].decode())
    return table


def wait_until(done: Callable[[], bool], *, seconds: float) -> bool:
    """Wait for something during an orderly end; a second Ctrl-C cuts it short."""
    until = time.monotonic() + seconds
    while not done():
        if stop.hurried or time.monotonic() > until:
            return False
        time.sleep(POLL_SECONDS / 2)
    return True
