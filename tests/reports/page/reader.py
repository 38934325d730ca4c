"""verify.html as an auditor uses it: opened from a file in Chromium, given a ZIP or a folder, and read."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from runpy import run_path
from types import SimpleNamespace
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

from playwright.sync_api import Page, Request, sync_playwright

from reports.pack.build import FILES
from tests.browser.conftest import CHROMIUM
from tests.reports.packs import Unpacked

PAGE = (FILES / "verify.html").as_uri()
VERIFIER = SimpleNamespace(**run_path(str(FILES / "verify.py")))
STORED = (".pdf", ".txt")


@dataclass(frozen=True, slots=True)
class Reader:
    """One open page, used many times; whatever it asked the network for is in `asked`, what it threw in `thrown`."""

    page: Page
    asked: list[str]
    thrown: list[str]

    def verdict(self, chosen: Path, *, pin: Path | None = None, pasted: str = "") -> dict[str, Any]:
        """Choose a ZIP or a folder and perhaps a checkpoint, have it checked, and return what the page answers."""
        self.page.evaluate("let_go()")
        self.page.set_input_files("#folder" if chosen.is_dir() else "#zip", chosen)
        self.page.set_input_files("#pin", [pin] if pin else [])
        self.page.evaluate("text => { document.getElementById('pasted').value = text; }", pasted)
        self.page.evaluate("document.getElementById('form').requestSubmit()")
        self.page.wait_for_selector("#answer:not([hidden])", timeout=60_000)
        said: dict[str, Any] = json.loads(self.page.evaluate("document.getElementById('verdict').textContent"))
        return said


@contextmanager
def reading(**screen: Any) -> Iterator[Reader]:
    """Open the page in a browser of its own; its event loop bars the database while it runs."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        page = chromium.new_page(**screen)
        asked: list[str] = []
        thrown: list[str] = []

        def ask(request: Request) -> None:
            if not request.url.startswith(("file:", "blob:")):
                asked.append(request.url)

        page.on("request", ask)
        page.on("pageerror", lambda error: thrown.append(str(error)))
        page.on("console", lambda line: thrown.append(line.text) if "Security Policy" in line.text else None)
        page.goto(PAGE)
        yield Reader(page, asked, thrown)
        chromium.close()


def zipped(pack: Unpacked, where: Path, *, root: str = "") -> Path:
    """Pack a folder as we do, or as an auditor would who packs the folder itself; some members are stored."""
    with ZipFile(where, "w") as archive:
        for path in sorted(path for path in pack.folder.rglob("*") if path.is_file()):
            name = path.relative_to(pack.folder).as_posix()
            archive.write(path, root + name, ZIP_STORED if name.endswith(STORED) else ZIP_DEFLATED)
    return where


def python_says(pack: Unpacked, pin: Path | None = None) -> dict[str, Any]:
    """What `verify.py --json` answers, run in this process, since a Python for each of many packs takes its time."""
    said = VERIFIER.Pack(str(pack.folder), str(pin) if pin else None)
    checks = list(VERIFIER.check(said))
    keys = [f"{name}+{key_id}" for name, key_id in said.keys]
    return {"ok": all(step["ok"] for step in checks), "pinned": bool(pin), "checks": checks, "keys": keys}
