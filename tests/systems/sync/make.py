"""Folders of records, and what syncing them says."""

import json
import subprocess
from contextlib import nullcontext
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from accounts.actor import Actor
from accounts.models import User
from aims.models import Aims

RECORD = """\
# {name}, as its team keeps it
id: {id}
name: {name}
owner: {owner}
deployment:
  environment: production   # where it runs
classification:
  purpose: {purpose}
  data_sensitivity: pii
  risk_tier: high
lifecycle:
  stage: {stage}
"""


def text_of(id: str, **said: str) -> str:
    """The text of a record that fits."""
    about = {"name": id.title(), "owner": "team-a", "purpose": "Answers questions", "stage": "inception"} | said
    return RECORD.format(id=id, **about)


def put(folder: Path, *ids: str, **said: str) -> Path:
    """Write records into a folder, each in a file of its id."""
    folder.mkdir(parents=True, exist_ok=True)
    for each in ids:
        (folder / f"{each}.yaml").write_text(text_of(each, **said), encoding="utf-8")
    return folder


def email_of(actor: Actor) -> str:
    """Whom the command acts for."""
    return User.objects.get(pk=actor.user_id).email


def sync(aims: Aims, actor: Actor | None, *paths: Path, status: int = 0) -> dict[str, Any]:
    """What the command prints, checked to be one JSON document; without an actor it is a dry run."""
    return run("sync_systems", aims, actor, *map(str, paths), status=status)


def run(command: str, aims: Aims, actor: Actor | None, *words: str, status: int = 0) -> dict[str, Any]:
    """Run a command of the registry and return its one JSON document."""
    who = ["--as", email_of(actor)] if actor else ["--dry-run"]
    out = StringIO()
    ended = pytest.raises(SystemExit, match=str(status)) if status else nullcontext()
    with ended:
        call_command(command, *words, "--aims", aims.slug, "--json", *who, stdout=out)
    told: dict[str, Any] = json.loads(out.getvalue())
    return told


def counts(told: dict[str, Any]) -> dict[str, int]:
    """How many systems there are of each verdict, those without any left out."""
    verdicts = ("added", "changed", "unchanged", "behind", "vanished", "faults")
    return {verdict: len(told[verdict]) for verdict in verdicts if told.get(verdict)}


def git(folder: Path, *words: str) -> str:
    """Run git as Ada."""
    who = ("-c", "user.name=Ada Byron", "-c", "user.email=ada@example.org", "-c", "commit.gpgsign=false")
    return subprocess.run(["git", *who, *words], cwd=folder, check=True, capture_output=True, text=True).stdout.strip()
