"""The store keeps bytes once, under their hash, and leaves nothing behind when it cannot."""

import errno
import os
import resource
import subprocess
import sys
import time
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from evidence.store import LocalStore, NoRoom, Stored, TooLarge, check, keep, megabytes, open_stored, place_of, store
from tests.evidence.make import files_on_disk


def test_bytes_lie_under_their_hash_readable_by_nobody_else() -> None:
    stored = keep(BytesIO(b"proof"))
    digest = sha256(b"proof").hexdigest()
    assert stored == Stored(digest, 5)
    (path,) = files_on_disk()
    assert path.parts[-4:] == ("sha256", digest[:2], digest[2:4], digest)
    assert path.stat().st_mode & 0o777 == 0o400
    with open_stored(digest) as file:
        assert file.read() == b"proof"


def test_the_same_bytes_are_kept_once() -> None:
    assert keep(BytesIO(b"proof")) == keep(BytesIO(b"proof"))
    assert len(files_on_disk()) == 1


def test_giving_the_same_bytes_again_mends_a_damaged_file() -> None:
    stored = keep(BytesIO(b"proof"))
    (path,) = files_on_disk()
    path.chmod(0o600)
    path.write_bytes(b"forged")
    assert not check(stored)
    keep(BytesIO(b"proof"))
    assert check(stored)


@pytest.mark.parametrize("size", [11, 5_000_000])
def test_too_large_leaves_nothing(size: int) -> None:
    with pytest.raises(TooLarge, match="10 bytes"):
        keep(BytesIO(b"x" * size), limit=10)
    assert files_on_disk() == []


def test_the_limit_itself_is_allowed() -> None:
    assert keep(BytesIO(b"x" * 10), limit=10).size == 10


@pytest.mark.parametrize("broken", ["fsync", "replace", "open"])
def test_a_full_disk_leaves_nothing(monkeypatch: pytest.MonkeyPatch, broken: str) -> None:
    def full(*_args: Any, **_kwargs: Any) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Path if broken == "replace" else os, broken, full)
    with pytest.raises(NoRoom, match="full"):
        keep(BytesIO(b"proof"))
    monkeypatch.undo()
    assert files_on_disk() == []


def test_a_disk_that_is_full_for_real_leaves_nothing(tmp_path: Path) -> None:
    script = f"""
import resource, signal, pathlib, django
django.setup()
from evidence.store import LocalStore, NoRoom
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (2_000_000, {resource.RLIM_INFINITY}))
root = pathlib.Path({str(tmp_path)!r})
staging = LocalStore(root).stage(10_000_000)
try:
    for _ in range(5):
        staging.write(b"x" * 1_000_000)
    staging.finish()
except NoRoom:
    print("refused", [str(path) for path in root.rglob("*") if path.is_file()])
"""
    env = os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings", "PYTHONPATH": str(settings.BASE_DIR)}
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, env=env)
    assert done.stdout.strip() == "refused []"


def test_other_troubles_of_the_disk_are_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_handle: int) -> None:
        raise OSError(errno.EIO, "broken")

    monkeypatch.setattr(os, "fsync", broken)
    with pytest.raises(OSError, match="broken"):
        keep(BytesIO(b"proof"))
    assert files_on_disk() == []


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "A" * 64, "g" * 64, "a" * 63 + "/"])
def test_only_a_hash_names_stored_bytes(name: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="SHA-256"):
        place_of(tmp_path, name)


def test_missing_and_changed_bytes_are_noticed() -> None:
    stored = keep(BytesIO(b"proof"))
    assert check(stored)
    assert not check(Stored(stored.sha256, 6))
    (path,) = files_on_disk()
    path.unlink()
    assert not check(stored)


def test_what_a_killed_process_left_is_swept_after_a_day() -> None:
    old, new = store().stage(10), store().stage(10)
    os.utime(old.path, (time.time() - 90_000,) * 2)
    assert store().sweep() == 1
    assert files_on_disk() == [new.path]


@given(chunks=st.lists(st.binary(max_size=2_000), max_size=8))
def test_the_hash_is_that_of_all_pieces_together(chunks: list[bytes], tmp_path_factory: Any) -> None:
    staging = LocalStore(tmp_path_factory.mktemp("store")).stage(20_000)
    for chunk in chunks:
        staging.write(chunk)
    whole = b"".join(chunks)
    assert staging.finish().settle() == Stored(sha256(whole).hexdigest(), len(whole))


@pytest.mark.parametrize(
    ("size", "words"),
    [(12, "12 bytes"), (2_048, "2 KB"), (1_887_437, "1.8 MB"), (50 * 1024 * 1024, "50 MB")],
)
def test_sizes_are_written_as_people_read_them(size: int, words: str) -> None:
    assert megabytes(size) == words
