"""`backup.json`: what a backup says of itself, so that a restore can tell what it needs and what must come out."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Self

from backup.refusals import NotABackup
from ledger.notes import Head, Note

FORM = 1
ABOUT = "backup.json"
MANIFEST = "manifest.txt"
FILES = "files"
DUMPS = {"sqlite": "database.sqlite3", "postgresql": "database.dump"}


@dataclass(frozen=True, slots=True)
class Log:
    """A log as the snapshot has it: `checkpoint` is its newest signed one as text, or empty."""

    aims: str
    origin: str
    size: int
    root: str
    waiting: int
    checkpoint: str


@dataclass(frozen=True, slots=True)
class Database:
    """The snapshot: its vendor, its file with size and SHA-256 (hex), and the roles its rights name (PostgreSQL)."""

    vendor: str
    server: str
    file: str
    sha256: str
    size: int
    roles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Files:
    """The stored files: how many are here, the SHA-256 (hex) of their list, and which of them could not be kept."""

    count: int
    bytes: int
    manifest: str
    altered: int = 0
    missing: int = 0
    not_kept: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class About:
    """Everything that `backup.json` says."""

    assay: str
    made_at: str
    database: Database
    migrations: dict[str, str]
    logs: tuple[Log, ...]
    files: Files
    secrets: dict[str, str]
    form: int = field(default=FORM)

    def write(self, folder: Path) -> bytes:
        """Write the file and return its bytes."""
        data = json.dumps(asdict(self), ensure_ascii=False, indent=1, sort_keys=True).encode() + b"\n"
        (folder / ABOUT).write_bytes(data)
        return data

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Read and check the file, raising NotABackup."""
        try:
            told = json.loads((folder / ABOUT).read_bytes())
        except FileNotFoundError as error:
            raise NotABackup(f"{folder} holds no {ABOUT}: it is no backup, or an unfinished one.") from error
        except (OSError, ValueError) as error:
            raise NotABackup(f"{folder / ABOUT} cannot be read: {error}.") from error
        if not isinstance(told, dict) or told.get("form") != FORM:
            form = told.get("form") if isinstance(told, dict) else None
            raise NotABackup(f"{folder / ABOUT} has form {form!r}; this version of Assay reads form {FORM}.")
        try:
            return cls._of(told)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise NotABackup(f"{folder / ABOUT} does not say what a backup has to say: {error}.") from error

    @classmethod
    def _of(cls, told: dict[str, Any]) -> Self:
        database, files = told["database"], told["files"]
        logs = tuple(Log(**log) for log in told["logs"])
        about = cls(
            assay=str(told["assay"]),
            made_at=str(told["made_at"]),
            database=Database(**{**database, "roles": tuple(database["roles"])}),
            migrations={str(app): str(name) for app, name in told["migrations"].items()},
            logs=logs,
            files=Files(**{**files, "not_kept": tuple(files["not_kept"])}),
            secrets={str(name): str(mark) for name, mark in told["secrets"].items()},
        )
        for log in logs:
            _check(log)
        if DUMPS.get(about.database.vendor) != about.database.file:
            raise ValueError(f"the database is {about.database.vendor} in {about.database.file}")
        return about


def _check(log: Log) -> None:
    """Refuse a log whose newest checkpoint is none of its own, raising ValueError."""
    if not log.checkpoint:
        return
    head = Head.read(Note.read(log.checkpoint).text)
    if head.origin != log.origin or head.size > log.size:
        raise ValueError(f"the checkpoint of {log.origin} is over {head.size} records of {head.origin}")
