"""What shuts a child process in before it reads what somebody gave us: no network, no files, limits of the kernel.

Standard library only: children load this by its path, without Django and without the rest of the code in reach.
On Linux Landlock and an empty network namespace hold native code too; elsewhere Python's own audit hook is what holds.
"""

import ctypes
import os
import resource
import struct
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

NEWUSER, NEWNET = 0x10000000, 0x40000000
NO_NEW_PRIVILEGES = 38
LANDLOCK_CREATE, LANDLOCK_ADD, LANDLOCK_RESTRICT = 444, 445, 446
EVERY_FILE_RIGHT, READ_RIGHTS, EVERY_TCP_RIGHT = (1 << 13) - 1, 0b1101, 0b11
READABLE = ("/usr", "/lib", "/lib64", "/etc", "/opt", "/System/Library", "/Library", "/var/cache/fontconfig")
FORBIDDEN = (
    "socket.",
    "subprocess.",
    "os.system",
    "os.exec",
    "os.posix_spawn",
    "os.fork",
    "ftplib.",
    "urllib.",
    "http.",
)


def limit(memory: int, seconds: int) -> None:
    """Set what the process may use; bytes and seconds of CPU."""
    for kind, most in (
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_NOFILE, 128),
        (resource.RLIMIT_CORE, 0),
    ):
        with suppress(ValueError, OSError):
            resource.setrlimit(kind, (most, most))


def leave_the_network(libc: ctypes.CDLL) -> None:
    """Move to a network namespace without interfaces, where the kernel lets us."""
    if hasattr(libc, "unshare") and libc.unshare(NEWNET) != 0:
        libc.unshare(NEWUSER | NEWNET)


def confine(readable: list[str]) -> None:
    """Give up, on Linux, every right to files but reading code and fonts, and every right to TCP."""
    if not sys.platform.startswith("linux"):
        return
    libc = ctypes.CDLL(None, use_errno=True)
    leave_the_network(libc)
    libc.prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    version = libc.syscall(LANDLOCK_CREATE, None, 0, 1)
    if version < 1:
        return
    rights = (
        struct.pack("QQ", EVERY_FILE_RIGHT, EVERY_TCP_RIGHT) if version >= 4 else struct.pack("Q", EVERY_FILE_RIGHT)
    )
    ruleset = libc.syscall(LANDLOCK_CREATE, rights, len(rights), 0)
    for place in readable:
        with suppress(OSError):
            handle = os.open(place, os.O_PATH | os.O_CLOEXEC)
            libc.syscall(LANDLOCK_ADD, ruleset, 1, struct.pack("=Qi", READ_RIGHTS, handle), 0)
            os.close(handle)
    libc.syscall(LANDLOCK_RESTRICT, ruleset, 0)
    os.close(ruleset)


def watch(readable: list[str]) -> None:
    """Stop Python itself from opening files for writing, files elsewhere, sockets and programs, from now on."""
    prefixes = tuple(f"{place.rstrip('/')}/" for place in readable)

    def hook(name: str, args: tuple[Any, ...]) -> None:
        if name.startswith(FORBIDDEN):
            raise PermissionError(f"{name} is shut")
        if name == "open" and not isinstance(args[0], int):
            path, flags = os.path.abspath(os.fsdecode(args[0])), args[2]  # noqa: PTH100
            if flags & (os.O_WRONLY | os.O_RDWR) or not path.startswith(prefixes):
                raise PermissionError(f"{path} is shut")

    sys.addaudithook(hook)


def readable_places() -> list[str]:
    """Return the folders of code and fonts: the interpreter's, the packages', the system's and the user's fonts."""
    home = Path(os.environ.get("HOME", "/nonexistent"))
    fonts = [str(home / part) for part in (".fonts", ".local/share/fonts", ".cache/fontconfig")]
    code = [sys.prefix, sys.base_prefix, *(place for place in sys.path if Path(place).is_dir())]
    return list(dict.fromkeys([*code, *(os.path.realpath(place) for place in code), *READABLE, *fonts]))


def shut_in() -> None:
    """Close every door: nothing is written, and nothing read but code and fonts."""
    sys.dont_write_bytecode = True
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    readable = readable_places()
    confine(readable)
    watch(readable)
