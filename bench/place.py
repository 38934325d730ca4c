"""Where benchmarks work: an empty data folder, migrated and with the catalogue, that goes away afterwards."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@contextmanager
def empty_folder() -> Iterator[Mapping[str, str]]:
    """Return the environment of a fresh installation that has never been started."""
    with tempfile.TemporaryDirectory(prefix="assay-bench-") as folder:
        ours = {"ASSAY_DATA": folder, "DJANGO_SETTINGS_MODULE": "config.settings", "PYTHONPATH": str(ROOT)}
        yield {name: value for name, value in os.environ.items() if name not in ("REDIS_URL", "DEBUG")} | ours


def manage(*words: str, env: Mapping[str, str]) -> None:
    """Run a management command as a process of its own."""
    subprocess.run([sys.executable, "manage.py", *words], cwd=ROOT, env=env, check=True, stdout=subprocess.DEVNULL)


def fresh(module: str, *words: str) -> str:
    """Run a module of this folder in a fresh, migrated installation and return what it prints."""
    with empty_folder() as env:
        manage("migrate", "--verbosity", "0", env=env)
        manage("load_catalogue", env=env)
        done = subprocess.run(
            [sys.executable, "-m", f"bench.{module}", *words],
            cwd=ROOT,
            env=env,
            check=True,
            capture_output=True,
            text=True,
        )
        return done.stdout
