"""The newest checkpoint of each log that is known outside the database: what a restored, older one is held against.

One small file for each log in ANCHOR_ROOT, which no backup of the database brings back (trust.md section 1, Restore),
and a second one where a copy that came back from outside does not lie on the way to what the log holds.
"""

import os
from functools import lru_cache
from pathlib import Path
from tempfile import NamedTemporaryFile

from django.conf import settings

from accounts.refusals import Refusal
from ledger.notes import Head, NotANote, Note

ROLLBACK = "ROLLBACK"


class RolledBack(Refusal):
    """The database is older than a checkpoint that was signed: nothing is numbered until a person resumes the log."""


def place_of(origin: str) -> Path:
    """Return the file that knows the newest checkpoint of an origin."""
    return Path(settings.ANCHOR_ROOT) / f"{origin.replace('/', '-')}.txt"


def place_against(origin: str) -> Path:
    """Return the file that holds a checkpoint of an origin which its log contradicts."""
    return place_of(origin).with_suffix(".against.txt")


def newest(origin: str) -> Head | None:
    """Return what the newest checkpoint known of this origin says, or None before the first; costs a `stat`."""
    return _told(place_of(origin))


def against(origin: str) -> Head | None:
    """Return the checkpoint from outside that the log of this origin contradicts, None for none; costs a `stat`."""
    return _told(place_against(origin))


def _told(place: Path) -> Head | None:
    try:
        told = place.stat()
    except FileNotFoundError:
        return None
    return _read(place, told.st_mtime_ns, told.st_size, told.st_ino)


@lru_cache(maxsize=4096)
def _read(place: Path, _changed: int, _size: int, _inode: int) -> Head | None:
    try:
        return Head.read(Note.read(place.read_text(encoding="utf-8")).text)
    except NotANote:
        return None


def keep(note: str) -> None:
    """Keep a checkpoint as the newest known of its origin, whole or not at all; an older one changes nothing."""
    head = Head.read(Note.read(note).text)
    known = newest(head.origin)
    if known is None or known.size < head.size:
        _write(place_of(head.origin), note)


def contradict(note: str) -> None:
    """Keep a checkpoint of ours that the log does not lead to, though it is long enough: nothing is numbered until a
    person has looked."""
    _write(place_against(Head.read(Note.read(note).text).origin), note)


def settle(origin: str) -> None:
    """Forget the contradiction: the log leads to that checkpoint again, its newest database was brought back."""
    place_against(origin).unlink(missing_ok=True)


def _write(place: Path, note: str) -> None:
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with NamedTemporaryFile("w", encoding="utf-8", newline="", dir=place.parent, prefix=".new-", delete=False) as file:
        file.write(note)
        file.flush()
        os.fsync(file.fileno())
    Path(file.name).replace(place)


def hold(origin: str, size: int, root: bytes) -> None:
    """Raise RolledBack for a log that has fewer leaves than were signed, or other ones than those."""
    if (other := against(origin)) is not None:
        raise RolledBack(
            f"{ROLLBACK}: a checkpoint over {other.size} records came back from outside, and the first {other.size} "
            "records of this log are others. An older database went on, or this one was rewritten. Bring the newest "
            "one back, or have an administrator resume the log (manage.py resume_log)."
        )
    known = newest(origin)
    if known is None or size > known.size:
        return
    if size < known.size:
        raise RolledBack(
            f"{ROLLBACK}: this log has {size} records, but a checkpoint over {known.size} was signed. The database is "
            "an older one. Bring the newest one back, or have an administrator resume the log (manage.py resume_log)."
        )
    if root != known.root:
        raise RolledBack(
            f"{ROLLBACK}: a checkpoint over {size} records was signed with another root. The database was replaced or "
            "rewritten. Run manage.py verify_chain."
        )
