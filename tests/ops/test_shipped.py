"""What ships runs with what ships: no room needs a package that only the tests install."""

import re
import subprocess
import sys
from importlib.metadata import packages_distributions

from tests.test_contracts import ROOMS, ROOT

NAME = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==", re.M)
# Named by what ships and never asked for: it is read by the interpreter's own tools.
OF_PYTHON = {"pip", "setuptools", "wheel"}
IMPORTING = """
import sys
from importlib import import_module
from importlib.machinery import PathFinder
from pkgutil import walk_packages

absent, rooms = set(sys.argv[1].split(",")), sys.argv[2].split(",")


class Shipped(PathFinder):
    @classmethod
    def find_spec(cls, name, path=None, target=None):
        return None if name.partition(".")[0] in absent else super().find_spec(name, path, target)


sys.meta_path[:] = [Shipped if finder is PathFinder else finder for finder in sys.meta_path]
import django

django.setup()
for room in rooms:
    for found in walk_packages(import_module(room).__path__, f"{room}."):
        import_module(found.name)
"""


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_every_module_of_the_rooms_imports_with_what_ships() -> None:
    ships = {plain(name) for name in NAME.findall((ROOT / "requirements.txt").read_text(encoding="utf-8"))}
    absent = {
        top for top, of in packages_distributions().items() if not {plain(name) for name in of} & (ships | OF_PYTHON)
    }
    assert {"pytest", "hypothesis", "playwright"} <= absent
    asked = [sys.executable, "-c", IMPORTING, ",".join(sorted(absent)), ",".join(ROOMS)]
    told = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)
    assert told.returncode == 0, told.stderr
