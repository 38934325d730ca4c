"""Secrets come from `NAME`, from the file that `NAME_FILE` names, or are made once in the data folder."""

import os
import secrets
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
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="utf-8").strip()
    value = secrets.token_urlsafe(32)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(value)
    return value
