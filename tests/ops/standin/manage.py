"""A stand-in for manage.py: notes what it was asked, fails where FAIL says, and ticks."""

import os
import sys
from pathlib import Path

from tests.ops.standin.children import sleep_for_ever


def main() -> None:
    """Do what the command line says."""
    data = Path(os.environ["ASSAY_DATA"])
    with (data / "calls.txt").open("a") as calls:
        calls.write(" ".join(sys.argv[1:]) + "\n")
    if os.environ.get("FAIL") == sys.argv[1]:
        sys.exit("the reason it failed")
    if sys.argv[1] == "load_demo":
        (data / "demo-sign-in.txt").write_text(
            "compliance officer ada@example.org secret-1\nauditor bo@example.org s2\n"
        )
    if sys.argv[1] == "ticker":
        sleep_for_ever()
