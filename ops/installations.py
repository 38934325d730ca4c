"""Throw-away installations that real processes share: for tests that kill them and for benchmarks."""

import os
import secrets
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg

from ops.places import ROOT, VENV_PYTHON, inherited

OWNER, SEALER = "DATABASE_OWNER_URL", "PRIVATE_SEALER_URL"
OURS = ("REDIS_URL", "DEBUG", "DATABASE_URL", "DATABASE_SEALER_URL", OWNER, SEALER)


@contextmanager
def installation(folder: Path, servers: Mapping[str, str] | None = None) -> Iterator[dict[str, str]]:
    """Return the environment of a migrated installation with its catalogue, in a folder of its own.

    `servers` are the URLs of `private_postgres`: a database of its own is made there, with the three roles; without
    them it is SQLite.
    """
    env = {name: value for name, value in inherited().items() if name not in OURS}
    env |= {"ASSAY_DATA": str(folder), "DJANGO_SETTINGS_MODULE": "config.settings", "PYTHONPATH": str(ROOT)}
    if not servers:
        _prepare(env, {})
        yield env
        return
    name = f"assay_{secrets.token_hex(6)}"
    with _database(servers[OWNER], name):
        env |= {"DATABASE_URL": _at(servers["DATABASE_URL"], name), "DATABASE_SEALER_URL": _at(servers[SEALER], name)}
        _prepare(env, {"DATABASE_URL": _at(servers[OWNER], name)})
        yield env


def servers_here() -> dict[str, str] | None:
    """Return the URLs of the private server that this process was started beside, if it was."""
    found = {name: os.environ[name] for name in ("DATABASE_URL", OWNER, SEALER) if name in os.environ}
    return found if len(found) == 3 else None


def _prepare(env: Mapping[str, str], owner: Mapping[str, str]) -> None:
    for words in (("migrate", "--verbosity", "0"), ("load_catalogue",)):
        argv = [str(VENV_PYTHON), "manage.py", *words]
        subprocess.run(argv, cwd=ROOT, env={**env, **owner}, check=True, stdout=subprocess.DEVNULL)


@contextmanager
def _database(owner: str, name: str) -> Iterator[None]:
    with psycopg.connect(owner, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')  # type: ignore[call-overload]
    try:
        yield
    finally:
        with psycopg.connect(owner, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')  # type: ignore[call-overload]


def _at(url: str, name: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))
