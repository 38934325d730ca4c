"""Ask git which commit of whom a file is from; nothing that a work tree configures is run."""

import os
import shutil
import subprocess
from collections import defaultdict
from collections.abc import Iterator, Mapping
from hashlib import new
from pathlib import Path
from typing import IO

SECONDS = 30
QUIET = (
    *("-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c", "log.showSignature=false"),
    *("-c", "log.follow=false", "--no-pager", "--literal-pathspecs"),
)
SAFE = {"GIT_ALLOW_PROTOCOL": "none", "GIT_NO_LAZY_FETCH": "1", "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"}
LOG = ("log", "-z", "--no-show-signature", "--no-renames", "--name-only", "--format=%x01%H%x02%an <%ae>%x02", "--")
LONGEST_AUTHOR = 320
CHUNK = 65_536

Commit = tuple[str, str]


def top_of(folder: Path) -> Path | None:
    """Return the top of the work tree a folder lies in; None without git, or outside one."""
    told = _told(folder, "rev-parse", "--show-toplevel").decode(errors="replace").rstrip("\n")
    return Path(told) if told and folder.is_relative_to(told) else None


def commits_of(files: Mapping[Path, bytes]) -> dict[Path, Commit]:
    """Return commit and author (name and address) of each file as it is committed; changed and new ones have none.

    Three children for each work tree, however many files there are.
    """
    by_folder: dict[Path, set[Path]] = defaultdict(set)
    for place in files:
        by_folder[place.parent].add(place)
    by_top: dict[Path, set[Path]] = defaultdict(set)
    tops: dict[Path, Path | None] = {}
    for folder, places in by_folder.items():
        if top := _known_top(folder, tops):
            by_top[top] |= places
    return {place: commit for top, places in by_top.items() for place, commit in _commits(top, places, files).items()}


def _known_top(folder: Path, tops: dict[Path, Path | None]) -> Path | None:
    """Ask git for the first folder alone: one below it that has no tree of its own lies in the same."""
    if folder not in tops:
        above = next((up for up in folder.parents if tops.get(up)), None)
        is_same = above and not any(
            (up / ".git").exists() for up in (folder, *folder.parents) if up.is_relative_to(above)
        )
        tops[folder] = tops[above] if above and is_same else top_of(folder)
    return tops[folder]


def _commits(top: Path, places: set[Path], files: Mapping[Path, bytes]) -> dict[Path, Commit]:
    below = os.path.commonpath([place.parent for place in places])
    inner = Path(below).relative_to(top).as_posix()
    blobs = _blobs(_told(top, "ls-tree", "-r", "-z", "HEAD", "--", inner))
    wanted = {place.relative_to(top).as_posix(): place for place in places}
    committed = {name for name, place in wanted.items() if _is_blob(files[place], blobs.get(name, ""))}
    return {wanted[name]: commit for name, commit in _last(top, inner, committed).items()}


def _blobs(listing: bytes) -> dict[str, str]:
    rows = (row.partition("\t") for row in listing.decode(errors="surrogateescape").split("\0") if row)
    return {name: head.rsplit(" ", 1)[-1] for head, _tab, name in rows}


def _is_blob(data: bytes, digest: str) -> bool:
    """Tell whether git holds these bytes, or the same with the line ends that it keeps."""
    kind = "sha256" if len(digest) == 64 else "sha1"
    kept = {data, data.replace(b"\r\n", b"\n")}
    return any(new(kind, b"blob %d\0" % len(each) + each, usedforsecurity=False).hexdigest() == digest for each in kept)


def _last(top: Path, inner: str, names: set[str]) -> dict[str, Commit]:
    """Go back through the history until every file was met, and no further."""
    found: dict[str, Commit] = {}
    if not names:
        return found
    command, quiet = _command(top, *LOG, inner), subprocess.DEVNULL
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=quiet, env=_env()) as child:  # noqa: S603
        assert child.stdout  # noqa: S101  (it was asked for)
        commit = ("", "")
        for word in _words(child.stdout):
            if word.startswith("\1"):
                sha, author, *_rest = word[1:].split("\2")
                commit = (sha, author[:LONGEST_AUTHOR])
            elif (name := word.removeprefix("\n")) in names:
                found.setdefault(name, commit)
                if len(found) == len(names):
                    break
        child.kill()
    return found


def _words(stream: IO[bytes]) -> Iterator[str]:
    rest = b""
    while chunk := stream.read(CHUNK):
        *whole, rest = (rest + chunk).split(b"\0")
        yield from (word.decode(errors="surrogateescape") for word in whole)
    yield rest.decode(errors="surrogateescape")


def _told(folder: Path, *words: str) -> bytes:
    """Return what git says, or nothing where it refuses, takes too long or is not there."""
    try:
        done = subprocess.run(  # noqa: S603  (a fixed command; paths are arguments)
            _command(folder, *words), capture_output=True, timeout=SECONDS, check=True, env=_env()
        )
    except (OSError, subprocess.SubprocessError):
        return b""
    return done.stdout


def _command(folder: Path, *words: str) -> list[str]:
    return [shutil.which("git") or "git", "-C", str(folder), *QUIET, *words]


def _env() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name in ("HOME", "PATH")} | SAFE
