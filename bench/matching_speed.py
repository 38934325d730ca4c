"""Matching a PDF of twenty pages, start of the process included, on one core."""

import json
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.place import ROOT
from bench.table import Row, show

PAGES, SECONDS = 20, 3.0


def main() -> int:
    """Print twenty pages of prose, match them in a fresh process, and count the seconds of CPU of it and its child."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "twenty.pdf"
        file.write_bytes(_printed())
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        argv = [sys.executable, "manage.py", "match_evidence", str(file), "--json"]
        done = subprocess.run(argv, cwd=ROOT, capture_output=True, check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    took = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    said = json.loads(done.stdout)[str(file)]
    rows = [
        Row(f"matched, {PAGES} pages, CPU", f"{took:.1f} s", f"under {SECONDS:.0f} s", took < SECONDS),
        Row("says something", "no" if said["abstain"] else "yes", "yes", not said["abstain"]),
    ]
    return show((__doc__ or "").strip(), rows)


def _printed() -> bytes:
    from weasyprint import HTML

    from bench.matching.labelled import labelled

    texts = [one.text for one in labelled("train") if one.author == "bank"][:PAGES]
    pages = "".join(
        f"<section style='break-after: page'><p>{'</p><p>'.join((text * 2).split(chr(10)))}</p></section>"
        for text in texts
    )
    return bytes(HTML(string=pages).write_pdf())
