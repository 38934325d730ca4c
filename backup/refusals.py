"""Why no backup is made, or none is brought back; the words are for whoever runs the command."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from accounts.refusals import Refusal

FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


class NotMade(Refusal):
    """The backup cannot be made; nothing of it was kept."""


class NotABackup(Refusal):
    """The folder is no backup, or no longer what was backed up; nothing was touched."""


class NotRestorable(Refusal):
    """The backup cannot be brought back here; nothing was touched."""


@contextmanager
def disk_in_words(place: Path) -> Iterator[None]:
    """Say what the disk answered, raising NotMade."""
    try:
        yield
    except OSError as error:
        if error.errno in FULL:
            raise NotMade(f"The disk of {place} is full. Nothing was kept.") from error
        raise NotMade(f"{error.filename or place}: {error.strerror or error}. Nothing was kept.") from error
