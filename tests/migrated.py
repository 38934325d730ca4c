"""A migrated SQLite database with the catalogue, made once and copied: to migrate anew takes half a minute."""

import fcntl
import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path

from django.apps import apps

from ops.places import CACHE, ROOT

KEPT = CACHE / "migrated"
OF_OTHERS = ("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_SEALER_URL", "REDIS_URL")
MAKING = "from django.core.management import call_command as call; [call(c, verbosity=0) for c in ({})]"
STEPS = MAKING.format("'migrate', 'createcachetable', 'load_catalogue'")


def copy_to(place: Path) -> Path:
    """Put a database there as `migrate` and `load_catalogue` leave it; the first of all processes makes it."""
    KEPT.mkdir(parents=True, exist_ok=True)
    with (KEPT / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        made = KEPT / f"{fingerprint()}.sqlite3"
        if not made.exists():
            for outdated in KEPT.glob("*.sqlite3*"):
                outdated.unlink()
            _make(made)
        shutil.copyfile(made, place)
    return place


def fingerprint() -> str:
    """A hash of all that could make another database of it: our code, the catalogue, and what it runs on."""
    rooms = [Path(app.path) for app in apps.get_app_configs() if Path(app.path).is_relative_to(ROOT)]
    ours = [path for room in rooms if ".venv" not in room.parts for path in room.rglob("*.py")]
    files = [*ours, *(ROOT / "fixtures").rglob("*.*"), *(ROOT / "config").glob("*.py"), ROOT / "requirements.txt"]
    told = hashlib.sha256(f"{sys.version} {sqlite3.sqlite_version}".encode())
    for path in sorted(files):
        told.update(f"{path.relative_to(ROOT)} {hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return told.hexdigest()[:32]


def _make(place: Path) -> None:
    """Migrate in a process of its own, as an installation does, and keep what stands in its database."""
    with tempfile.TemporaryDirectory(prefix="assay-migrated-") as data:
        env = {name: value for name, value in os.environ.items() if name not in OF_OTHERS} | {"ASSAY_DATA": data}
        argv = [sys.executable, "manage.py", "shell", "--no-imports", "-c", STEPS]
        subprocess.run(argv, cwd=ROOT, env=env, check=True, capture_output=True)
        begun = place.with_suffix(".sqlite3.begun")
        with closing(sqlite3.connect(Path(data) / "assay.sqlite3")) as database:
            database.execute("VACUUM INTO ?", [str(begun)])
        begun.rename(place)
