"""A register of 2,133 systems in, and 2,000 files of YAML in sync: seconds of the commands, start included."""

import csv
import io
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from time import perf_counter
from typing import Any

from bench.place import ROOT, empty_folder, manage
from bench.table import Row, show

PUBLIC = Path(os.environ.get("PUBLIC_REGISTER", ROOT.parent / "shared" / "data" / "us_federal_2024_inventory_v2.csv"))
ROWS, COLUMNS, FILES = 2133, 62, 2000
IMPORT, SYNC = 20, 40
FOUND = """
import django; django.setup()
from accounts.models import User
from aims.actions import found
found("Bench", founder=User.objects.create_user("b@example.org", name="B"), roles_played=["provider"], slug="bench")
"""
RECORD = """\
id: system-{number}
name: System {number}   # as its team calls it
owner: team-{team}
deployment: {{environment: production, regions: [eu-west-1]}}
classification:
  purpose: {purpose}
  data_sensitivity: pii
  risk_tier: high
data:
  sources:
    - {{name: tickets, pii: true, retention_days: 365}}
    - {{name: handbook, pii: false}}
lifecycle: {{stage: production}}
"""


def main() -> int:
    """Measure the commands as a person runs them, in fresh installations on SQLite."""
    with tempfile.TemporaryDirectory(prefix="assay-bench-files-") as folder:
        made = Path(folder) / "register.csv"
        made.write_bytes(_register())
        rows = _imported("generated register", made)
        if PUBLIC.exists():
            rows += _imported("public register", PUBLIC)
        else:
            rows.append(Row("public register", f"skipped: {PUBLIC.name} is not here"))
        return show((__doc__ or "").strip(), rows + _synced(Path(folder) / "systems"))


def _imported(what: str, file: Path) -> list[Row]:
    with empty_folder() as env:
        _begin(env)
        told, first = _timed(env, "import_systems", str(file))
        again, second = _timed(env, "import_systems", str(file))
    is_whole = len(told["added"]) == ROWS and len(again["unchanged"]) == ROWS
    return [
        Row(f"{what}: rows in", str(len(told["added"])), f"all {ROWS}, and none the second time", is_whole),
        Row(f"{what}: import", f"{first:.1f} s", f"under {IMPORT} s", first < IMPORT),
        Row(f"{what}: the same file again", f"{second:.1f} s", f"under {IMPORT} s", second < IMPORT),
    ]


def _synced(folder: Path) -> list[Row]:
    _write(folder, "Answers questions")
    with empty_folder() as env:
        _begin(env)
        added, first = _timed(env, "sync_systems", str(folder))
        same, second = _timed(env, "sync_systems", str(folder))
        _write(folder, "Answers letters")
        changed, third = _timed(env, "sync_systems", str(folder))
    counts = [len(added["added"]), len(same["unchanged"]), len(changed["changed"])]
    return [
        Row("files added, unchanged, changed", ", ".join(map(str, counts)), f"{FILES} each", counts == [FILES] * 3),
        *(
            Row(f"sync of {FILES}: {what}", f"{seconds:.1f} s", f"under {SYNC} s", seconds < SYNC)
            for what, seconds in (("all new", first), ("none changed", second), ("all changed", third))
        ),
    ]


def _begin(env: Mapping[str, str]) -> None:
    manage("migrate", "--verbosity", "0", env=env)
    manage("load_catalogue", env=env)
    subprocess.run([sys.executable, "-c", FOUND], cwd=ROOT, env=env, check=True, stdout=subprocess.DEVNULL)


def _timed(env: Mapping[str, str], *words: str) -> tuple[dict[str, Any], float]:
    command = [sys.executable, "manage.py", *words, "--aims", "bench", "--as", "b@example.org", "--json"]
    begun = perf_counter()
    done = subprocess.run(command, cwd=ROOT, env=env, check=True, capture_output=True, text=True)
    return json.loads(done.stdout), perf_counter() - begun


def _register() -> bytes:
    """A register of the public one's shape: cp1252, newlines in cells, one header nine times, the same name often."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    again = ["If Other, please explain."] * 9
    rest = [f"Question {number}?" for number in range(COLUMNS - len(again) - 4)]
    writer.writerow(["Use Case Name", "Agency", "Intended purpose", "Stage of Development", *rest, *again])
    for number in range(ROWS):
        name = "Generative AI usage" if number % 40 == 0 else f"Système \u2013 {number}"
        said = [f"An answer of usual length to question {place}, “quoted”" if place % 2 else "" for place in range(58)]
        writer.writerow([name, f"Agency {number % 30}", f"Helps people\nof office {number}", "Initiated", *said])
    return out.getvalue().encode("cp1252")


def _write(folder: Path, purpose: str) -> None:
    folder.mkdir(exist_ok=True)
    for number in range(FILES):
        said = {"number": number, "team": number % 20, "purpose": f"{purpose} {number}"}
        (folder / f"{number}.yaml").write_text(RECORD.format(**said), encoding="utf-8")
