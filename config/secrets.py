"""Secrets come from `NAME`, from the file that `NAME_FILE` names, or are made once in the data folder."""

import contextlib
import os
import secrets
import tempfile
from pathlib import Path


def secret(name: str, folder: Path) -> str:
    """Read a secret, making one of 256 bits on first use so that a new installation needs no set-up."""
    if value := os.environ.get(name):
        return value
    if path := os.environ.get(f"{name}_FILE"):
        return Path(path).read_text(encoding="utf-8").strip()
    return _kept(folder / name.lower())


def _kept(path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not path.exists():
        _make(path)
    return path.read_text(encoding="utf-8").strip()


def _make(path: Path) -> None:
    """Write the secret whole before it bears its name: of two first starts the second takes the first one's."""
    handle, draft = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(secrets.token_urlsafe(32))
    with contextlib.suppress(FileExistsError):
        Path(path).hardlink_to(draft)
    Path(draft).unlink()
