"""A folder that is there whole or not at all."""

import os
import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from uuid import uuid4

from backup.refusals import NotMade, disk_in_words


def refuse_taken(out: Path) -> None:
    """Refuse a place that cannot take the folder, raising NotMade."""
    if out.is_mount():
        raise NotMade(f"{out} is where a disk is mounted. Name a folder on it, such as {out / 'assay'}.")
    if out.is_symlink() or (out.exists() and not out.is_dir()):
        raise NotMade(f"{out} is not a folder.")
    if out.is_dir() and any(out.iterdir()):
        raise NotMade(f"{out} is not empty. Name a folder that does not exist yet.")
    if not out.parent.is_dir():
        raise NotMade(f"There is no folder {out.parent}.")


@contextmanager
def made_whole(out: Path) -> Iterator[Path]:
    """Give a folder beside `out` to write into; it takes the name once it is on disk, or goes. Raises NotMade."""
    part = out.parent / f".{out.name}-{uuid4().hex[:8]}.part"
    with disk_in_words(out.parent), _stopped_in_order(), _private():
        part.mkdir(mode=0o700)
        try:
            yield part
            _sync_folders(part)
            part.replace(out)
            sync(out.parent)
        except BaseException:
            shutil.rmtree(part, ignore_errors=True)
            raise


def sync(place: Path) -> None:
    """Bring a file or folder down to the disk."""
    handle = os.open(place, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _sync_folders(root: Path) -> None:
    for folder, _folders, _files in os.walk(root, topdown=False):
        sync(Path(folder))


@contextmanager
def _stopped_in_order() -> Iterator[None]:
    """Let SIGTERM end the work as Ctrl-C does, so that what was begun is taken away."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise SystemExit(143)

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def _private() -> Iterator[None]:
    """Let nobody else read what is made."""
    before = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(before)
