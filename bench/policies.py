"""All shipped policies over 2,000 systems, and `check_systems` on 100 files, each in fresh processes."""

import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path
from time import perf_counter

from bench.table import Row, show

SYSTEMS, FILES = 2_000, 100
JUDGED, CHECKED = 2.0, 1.5
ROOT = Path(__file__).resolve().parent.parent
JUDGE = f"""
import sys, time
from datetime import date
from django.conf import settings
settings.configure(USE_I18N=False)
from policies.engine import judge
from policies.files import shipped
from systems.record.reading import read
record = read(open(sys.argv[1], "rb").read()).record
records = [record | {{"id": f"s-{{number}}"}} for number in range({SYSTEMS})]
begun = time.perf_counter()
judge(shipped(), [], today=date(2026, 6, 18))
started = time.perf_counter()
told = judge(shipped(), records, today=date(2026, 6, 18))
done = time.perf_counter()
assert len(told.outcomes) == {SYSTEMS} and not told.faults
print(started - begun, done - started)
"""
EXAMPLE = ROOT / "tests" / "systems" / "check" / "example.yaml"


def main() -> int:
    """Time both, with the example record many times over."""
    told = subprocess.run(
        [sys.executable, "-c", JUDGE, str(EXAMPLE)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    start, whole = map(float, told.stdout.split())
    checked = _checked()
    beyond = whole - start
    return show(
        (__doc__ or "").strip(),
        [
            Row("start of the child, policies compiled", f"{start:.2f} s"),
            Row(
                f"all policies over {SYSTEMS:,} systems beyond it",
                f"{beyond:.2f} s",
                f"under {JUDGED} s",
                beyond < JUDGED,
            ),
            Row(f"check_systems on {FILES} files", f"{checked:.2f} s", f"under {CHECKED} s", checked < CHECKED),
        ],
    )


def _checked() -> float:
    text = EXAMPLE.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        for number in range(FILES):
            file = Path(folder) / f"{number}.yaml"
            file.write_text(text.replace("id: support-rag-assistant", f"id: s-{number}"), encoding="utf-8")
        begun = perf_counter()
        door = [sys.executable, "manage.py", "check_systems", folder, "--today", date(2026, 6, 18).isoformat()]
        told = subprocess.run(door, cwd=ROOT, capture_output=True, check=False)
        took = perf_counter() - begun
    if told.returncode != 1 or told.stderr:
        raise RuntimeError(told.stderr.decode())
    return took
