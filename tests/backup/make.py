"""Makers of an installation with something to lose, in a data folder of its own and by real processes."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import environ
import psycopg

from accounts.context import acting_in
from accounts.models import User
from accounts.roles import Role
from aims.models import Aims
from aims.queries import actor_for
from backup.database import through
from tests import migrated
from tests.assessments.make import a_decided_assessment
from tests.evidence.make import a_version, an_evidence
from tests.make import a_member, an_organisation
from tests.soa.make import a_version as a_statement_version
from tests.soa.make import approved, decided

ROOT = Path(__file__).resolve().parents[2]
HIDDEN = ("ASSAY_DATA", "DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "SECRET_KEY", "LEDGER_KEY", "SIGNING_SECRET")
CALL = "from django.core.management import call_command as call; "
MIGRATE = f"{CALL}call('migrate', verbosity=0)"
FILL = f"{CALL}call('load_catalogue', verbosity=0); from tests.backup.make import fill; fill()"
SECRETS = ("secret_key", "ledger_key", "signing_secret")


def fill() -> None:
    """An AIMS with one of everything that is frozen or stored, and a second one beside it."""
    aims, officer = an_organisation("Meridian")
    with acting_in(aims, officer):
        approver = a_member(aims, Role.APPROVER, by=officer)
        decided(officer)
        approved(aims, a_statement_version(aims, officer), officer)
        a_decided_assessment(officer, approver)
        item = an_evidence(actor=officer, name="policy.pdf", data=b"%PDF-one")
        a_version(item, actor=officer, data=b"%PDF-two")
    other, founder = an_organisation("Northwind")
    with acting_in(other, founder):
        an_evidence(actor=founder, name="minutes.pdf", data=b"%PDF-one")
        an_evidence(actor=founder, name="log.pdf", data=b"%PDF-three")


def write_more(times: int = 1) -> None:
    """Go on working in the first AIMS."""

    aims = Aims.objects.order_by("pk")[0]
    officer = actor_for(User.objects.order_by("pk")[0], aims, auth_method="password")
    assert officer is not None
    for number in range(times):
        with acting_in(aims, officer):
            an_evidence(actor=officer, name=f"later-{number}.pdf", data=os.urandom(2_000))


@dataclass(frozen=True, slots=True)
class Site:
    """One installation: its data folder, and what else its processes are told."""

    data: Path
    env: dict[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        """The environment of its processes."""
        kept = {name: value for name, value in os.environ.items() if name not in HIDDEN}
        return kept | {"ASSAY_DATA": str(self.data)} | self.env

    def popen(self, *words: str) -> "subprocess.Popen[str]":
        """Start a process of manage.py."""
        argv = [sys.executable, "manage.py", *words]
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        return subprocess.Popen(argv, cwd=ROOT, env=self.environment, **pipes)  # type: ignore[call-overload,no-any-return]

    def manage(self, *words: str, status: int = 0) -> tuple[str, str]:
        """Run manage.py to its end and return what it printed on both streams."""
        process = self.popen(*words)
        out, err = process.communicate(timeout=240)
        assert process.returncode == status, f"{words}: {process.returncode}\n{out}\n{err}"
        return out, err

    def run(self, script: str) -> str:
        """Run a line of Python with Django set up."""
        return self.manage("shell", "--no-imports", "-c", script)[0]

    def made(self) -> "Site":
        """Make its database, as the role that owns it where there is one, and fill it."""
        if owner := self.env.get("DATABASE_OWNER_URL"):
            Site(self.data, self.env | {"DATABASE_URL": owner}).run(MIGRATE)
        else:
            self.data.mkdir(0o700, parents=True)
            migrated.copy_to(self.data / "assay.sqlite3")
        self.run(FILL)
        return self

    def verified(self, *, status: int = 0) -> list[dict[str, Any]]:
        """What `verify_chain --deep --json` says."""
        told: list[dict[str, Any]] = json.loads(self.manage("verify_chain", "--deep", "--json", status=status)[0])
        return told


def a_copy(site: Site, data: Path) -> Site:
    """The same installation in another folder, which a test may spoil."""
    shutil.copytree(site.data, data)
    return Site(data)


@contextmanager
def inside(data: Path, settings: Any) -> Iterator[None]:
    """Be the process of an installation: its SQLite database, its files, its secrets."""
    with _at_home(data, settings, {"NAME": str(data / "assay.sqlite3")}):
        yield


@contextmanager
def _at_home(data: Path, settings: Any, database: dict[str, Any]) -> Iterator[None]:
    settings.ASSAY_DATA = data
    settings.EVIDENCE_ROOT = data / "files"
    settings.ANCHOR_ROOT = data / "anchors"
    for name in SECRETS:
        setattr(settings, name.upper(), (data / "secrets" / name).read_text().strip())
    with through(database):
        yield


def about(folder: Path) -> dict[str, Any]:
    """What a backup says of itself."""
    told: dict[str, Any] = json.loads((folder / "backup.json").read_text())
    return told


def tree(folder: Path) -> dict[str, bytes]:
    """Everything in a folder."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@dataclass(slots=True)
class Server:
    """The PostgreSQL that this run has, and the databases that were made on it for a while."""

    app: str = field(default_factory=lambda: os.environ["DATABASE_URL"])
    owner: str = field(default_factory=lambda: os.environ["DATABASE_OWNER_URL"])
    made: list[str] = field(default_factory=list)

    def a_database(self) -> dict[str, str]:
        """Make an empty database and return the two doors to it."""
        name = f"assay_{uuid4().hex[:12]}"
        self._execute(f"CREATE DATABASE {name}")
        self.made.append(name)
        return {"DATABASE_URL": _named(self.app, name), "DATABASE_OWNER_URL": _named(self.owner, name)}

    def drop(self, env: dict[str, str]) -> None:
        """Lose a database, whoever is in it, and make it again, empty."""
        name = env["DATABASE_URL"].rpartition("/")[2]
        self._execute(f"DROP DATABASE {name} WITH (FORCE)")
        self._execute(f"CREATE DATABASE {name}")

    def clean_up(self) -> None:
        """Drop what was made."""
        for name in self.made:
            self._execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def _execute(self, statement: str) -> None:
        with psycopg.connect(self.owner, autocommit=True) as owner:
            owner.execute(statement)


def _named(url: str, name: str) -> str:
    return f"{url.rpartition('/')[0]}/{name}"


@contextmanager
def inside_postgres(data: Path, env: dict[str, str], settings: Any) -> Iterator[None]:
    """Be the process of an installation on PostgreSQL: its database and owner, its files, its secrets."""
    settings.DATABASE_OWNER = environ.Env.db_url_config(env["DATABASE_OWNER_URL"])
    place = environ.Env.db_url_config(env["DATABASE_URL"])
    told = {name: place[name] for name in ("NAME", "USER", "PASSWORD", "HOST", "PORT")}
    with _at_home(data, settings, told):
        yield
