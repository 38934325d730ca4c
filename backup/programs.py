"""The client programs of PostgreSQL: found, new enough, and run without their password on any command line."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

from accounts.refusals import Refusal

DEBIAN = Path("/usr/lib/postgresql")
VERSION = re.compile(r"\(PostgreSQL\) (\d+)")
SHOWN = 2_000


class NoProgram(Refusal):
    """A client program of PostgreSQL is missing or too old."""


def find(name: str, needed: int) -> Path:
    """Return the oldest client program that is at least of this major version, raising NoProgram.

    A dump or script of a newer one may hold what an older server does not know.
    """
    found = {place: version for place in _places(name) if (version := _version(place))}
    usable = sorted((version, order) for order, version in enumerate(found.values()) if version >= needed)
    if usable:
        return list(found)[usable[0][1]]
    wanted = f"Install the PostgreSQL client programs of version {needed} or later (Debian: postgresql-client)."
    if not found:
        raise NoProgram(f"{name} was not found. {wanted}")
    raise NoProgram(f"{name} is version {max(found.values())}, version {needed} is needed. {wanted}")


def run(argv: Sequence[object], *, password: str) -> str:
    """Run a program to its end; return what it said on standard error where it failed, or nothing."""
    done = subprocess.run(  # noqa: S603  (a program that was found above, without a shell)
        [str(part) for part in argv], env=environment(password), capture_output=True, check=False
    )
    if done.returncode == 0:
        return ""
    return tail(done.stderr) or f"exit status {done.returncode}"


def environment(password: str) -> dict[str, str]:
    """Return our environment with the password where the programs look for it, and messages in English."""
    given = {"PGPASSWORD": password} if password else {}
    return dict(os.environ) | given | {"LC_MESSAGES": "C"}


def tail(output: bytes) -> str:
    """Return the end of what a program said."""
    return output.decode(errors="replace").strip()[-SHOWN:]


def _places(name: str) -> Iterator[Path]:
    if on_path := shutil.which(name):
        yield Path(on_path)
    folders = [folder for folder in DEBIAN.glob("*/bin") if folder.parent.name.isdecimal()]
    for folder in sorted(folders, key=lambda folder: int(folder.parent.name), reverse=True):
        if (folder / name).exists():
            yield folder / name


def _version(place: Path) -> int:
    try:
        said = subprocess.run([str(place), "--version"], capture_output=True, text=True, check=False).stdout  # noqa: S603
    except OSError:
        return 0
    found = VERSION.search(said)
    return int(found[1]) if found else 0
