"""Secrets come from `NAME`, from the file that `NAME_FILE` names, or are made once in the data folder."""

import contextlib
import os
import secrets
import tempfile
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured


def secret(name: str, folder: Path) -> str:
    """Read a secret, making one of 384 bits on first use so that a new installation needs no set-up."""
    if value := os.environ.get(name):
        return value
    if path := os.environ.get(f"{name}_FILE"):
        return _read(Path(path), name)
    return _kept(folder / name.lower(), name)


def optional_secret(name: str) -> str:
    """Read a secret that opens something, from `NAME` or the file of `NAME_FILE`; without one it stays shut."""
    if path := os.environ.get(f"{name}_FILE"):
        return _read(Path(path), name)
    return os.environ.get(name, "")


def _read(path: Path, name: str) -> str:
    """An empty secret would be everybody's: it stops the start."""
    value = path.read_text(encoding="utf-8").strip()
    if not value:
        raise ImproperlyConfigured(f"{path} is empty; it should hold {name}.")
    return value


def _kept(path: Path, name: str) -> str:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not path.exists():
        _make(path)
    return _read(path, name)


def _make(path: Path) -> None:
    """Write the secret whole before it bears its name: of two first starts the second takes the first one's."""
    handle, draft = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(secrets.token_urlsafe(48))
    with contextlib.suppress(FileExistsError):
        Path(path).hardlink_to(draft)
    Path(draft).unlink()
