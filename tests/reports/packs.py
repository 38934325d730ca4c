"""Packs as a certification body gets them, made through the actions, with a stand-in for the laid-out report.

What lays the PDF out and signs it has tests of its own, and takes seconds.
"""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from accounts import clock
from accounts.actor import Actor
from accounts.context import acting_in
from accounts.roles import Role
from aims.models import Aims
from ledger.actions import checkpoint, seal_all
from ledger.keys import private_of
from ledger.models import Log, LogKey
from ledger.notes import signed
from reports.actions.pack import ask_pack, freeze_pack
from reports.pack.build import Builder, Frame, Report
from reports.pack.content import read_content
from reports.pack.selection import Selection
from tests.assessments.make import a_decided_assessment
from tests.evidence.make import a_version, an_evidence
from tests.make import a_member
from tests.reports.flow import two_versions

PDF = b"%PDF-1.7 stands for the report"
VERIFIER = "verify.py"


def a_state(aims: Aims, officer: Actor) -> None:
    """Two approved versions, a decided assessment, an item with two versions and one without a file of its own."""
    two_versions(aims, officer)
    approver = a_member(aims, Role.APPROVER, by=officer, name="Oda Oversight")
    with acting_in(aims, officer):
        a_decided_assessment(officer, approver)
        item = an_evidence(actor=officer, name="test report.pdf", data=b"%PDF-1 first", serves=["A.6.2.4"])
        a_version(item, actor=officer, data=b"%PDF-1 second")
        an_evidence(actor=officer, name="minutes.pdf", data=b"%PDF-1 minutes", serves=["A.2.2"])
    seal_all(aims.pk, wait=True)


@dataclass(frozen=True, slots=True)
class Unpacked:
    """A pack in the folder in which somebody unpacked it, and the key that a thief would need to mend it."""

    code: str
    folder: Path
    log: str
    key: Ed25519PrivateKey

    def path(self, name: str) -> Path:
        """A file of the pack."""
        return self.folder / name

    def verdict(self, *options: str) -> dict[str, Any]:
        """What `verify.py --json` says, run as an auditor runs it: bare Python, empty environment."""
        command = [sys.executable, "-I", str(self.path(VERIFIER)), "--json", *options]
        ran = subprocess.run(command, capture_output=True, env={}, check=False)
        assert ran.stderr == b"", ran.stderr.decode()
        said: dict[str, Any] = json.loads(ran.stdout)
        assert ran.returncode == (0 if said["ok"] else 1)
        return said

    def fault(self, *options: str) -> tuple[str, str]:
        """The check that failed and what it found; the pack must not be good."""
        said = self.verdict(*options)
        assert not said["ok"]
        return said["checks"][-1]["check"], said["checks"][-1]["found"]

    def reword(self, name: str, change: Callable[[bytes], bytes]) -> None:
        """Change a file in the folder; the change must be one."""
        before = self.path(name).read_bytes()
        after = change(before)
        assert after != before
        self.path(name).write_bytes(after)

    def sign_again(self, key: Ed25519PrivateKey | None = None) -> None:
        """Sign a manifest of what lies in the folder now, with the log's own key: a thief who has it could."""
        head = self.path("MANIFEST.txt").read_text().split("\n")[:4]
        lines = [_line(path, self.folder) for path in self.files()]
        text = "\n".join([*head, f"files {len(lines)}", *lines]) + "\n"
        self.path("MANIFEST.txt").write_text(signed(text, self.log, key or self.key))

    def files(self) -> list[Path]:
        """Every file but the manifest, by path."""
        every = (path for path in self.folder.rglob("*") if path.is_file() and path.name != "MANIFEST.txt")
        return sorted(every, key=lambda path: path.relative_to(self.folder).as_posix())

    def copied_to(self, where: Path) -> "Unpacked":
        """The same pack in another folder."""
        shutil.copytree(self.folder, where)
        return replace(self, folder=where)


def _line(path: Path, folder: Path) -> str:
    data = path.read_bytes()
    return f"{sha256(data).hexdigest()} {len(data)} {path.relative_to(folder).as_posix()}"


def a_pack(aims: Aims, officer: Actor, where: Path, **chosen: Any) -> Unpacked:
    """Have a pack made of what stands, and unpack it."""
    with acting_in(aims, officer):
        pack = ask_pack(aims, Selection(**chosen), actor=officer, queued=False)
        content = read_content(aims, Selection(**chosen))
        report = Report("SoA.pdf", PDF, 1)
        digest = sha256(PDF).hexdigest()
        freeze_pack(pack, content, name=report.path, sha256=digest, size=len(PDF), actor=officer)
    seal_all(aims.pk, wait=True)
    row = checkpoint(aims.pk)
    frame = Frame(Log.unscoped.get(aims_id=aims.pk), row, clock.now(), pack.code)
    where.mkdir(parents=True)
    with acting_in(aims, officer), where.with_suffix(".zip").open("w+b") as file:
        Builder(file, content, report, frame, lambda _percent, _step: None).build()
        ZipFile(file).extractall(where)
    key = private_of(LogKey.unscoped.filter(log=frame.log).latest("number"))
    return Unpacked(pack.code, where, frame.log.origin, key)
