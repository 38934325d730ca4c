"""The SoA report against WeasyPrint alone, on the same HTML, both as fresh processes (at most 1.15 times)."""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

ROUNDS = 5
TARGET = 1.15
ROOT = Path(__file__).resolve().parent.parent
SLUG = "bench"
PREPARE = """
import sys
from pathlib import Path
import django
django.setup()
from hashlib import sha256
from django.core.management import call_command
from accounts import clock
from accounts.context import acting_in
from accounts.models import User
from aims.actions import found
from ledger.canonical import canonical
from reports.html import assets, html_of
from reports.paper.build import paper_of
from reports.sources import latest_approved, source_of
from soa.actions import open_statement
from soa.models import StatementVersion
from tests.reports.make import a_body
call_command("migrate", verbosity=0)
call_command("load_catalogue", verbosity=0)
founder, approver = (User.objects.create_user(f"{name}@example.org", None, name=name) for name in ("Priya", "Marcus"))
aims, actor = found("Meridian Assist Ltd", founder=founder, roles_played=["provider"], slug=sys.argv[2])
with acting_in(aims, actor):
    data = canonical(a_body())
    facts = {"number": 1, "state": "approved", "body": data, "digest": sha256(data).hexdigest(), "summary": "First."}
    StatementVersion(
        aims=aims, statement=open_statement(actor=actor), submitted_by=founder, submitted_at=clock.now(),
        decided_by=approver, decided_at=clock.now(), **facts,
    ).save()
    source = source_of(aims, edition="full", version=latest_approved())
folder = Path(sys.argv[1])
(folder / "report.html").write_text(html_of(paper_of(source.body, source.meta)).replace("asset:", ""))
for name, content in assets().items():
    (folder / name).write_bytes(content)
"""


def run(command: list[str], folder: Path) -> float:
    """Return the wall time of one fresh process in seconds."""
    places = {"ASSAY_DATA": str(folder / "data"), "DJANGO_SETTINGS_MODULE": "config.settings", "PYTHONPATH": str(ROOT)}
    began = time.perf_counter()
    subprocess.run(command, check=True, cwd=ROOT, stdout=subprocess.DEVNULL, env=os.environ | places)
    return time.perf_counter() - began


def measure(folder: Path) -> dict[str, list[float]]:
    """Take the times in turns, so that a busy machine slows all alike; the first turn only warms caches."""
    run([sys.executable, "-c", PREPARE, str(folder), SLUG], folder)
    weasyprint = [sys.executable, "-m", "weasyprint", "--pdf-variant", "pdf/a-3a"]
    commands = {
        "WeasyPrint alone": [*weasyprint, str(folder / "report.html"), str(folder / "alone.pdf")],
        "render_soa, database and all": [
            sys.executable, "manage.py", "render_soa", "--aims", SLUG, "--out", str(folder / "ours.pdf"),
        ],
    }  # fmt: skip
    times: dict[str, list[float]] = {name: [] for name in commands}
    for turn in range(ROUNDS + 1):
        for name, command in commands.items():
            taken = run(command, folder)
            if turn:
                times[name].append(taken)
    return times


def main() -> int:
    """Print the table and return 1 when the target is missed."""
    with tempfile.TemporaryDirectory() as folder:
        times = measure(Path(folder))
    alone, ours = (median(values) for values in times.values())
    ratio = ours / alone
    print(f"SoA report of 40 rows as PDF/A-3a, fresh processes, median of {ROUNDS} in turns")
    for name, values in times.items():
        print(f"  {name:34}{median(values):8.2f} s   ({min(values):.2f} to {max(values):.2f})")
    print(f"  {f'ratio, at most {TARGET}':34}{ratio:8.2f}     {'holds' if ratio <= TARGET else 'MISSED'}")
    return 0 if ratio <= TARGET else 1


if __name__ == "__main__":
    raise SystemExit(main())
