"""Build a pack: every section, the report, the chain, and the signed manifest, into one file in constant memory."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.context import acting_in
from accounts.refusals import Refusal
from evidence.examining.standing import found_in
from evidence.handover import HandedFile, HandedItem
from evidence.store import open_stored
from ledger.actions.record import instant as told_instant
from ledger.canonical import canonical
from ledger.events import binding
from ledger.keys import keys_of, note_of
from ledger.models import Checkpoint, Log, Record
from ledger.receipts import covering, proof_of
from ledger.verifying import origins_of
from reports.pack.content import Content
from reports.pack.index import index_csv
from reports.pack.readme import readme_of
from reports.pack.slice import write_leaves, write_records, write_texts
from reports.pack.zipping import Packer, safe_name

FILES = Path(__file__).parent / "files"
MOST_CHECKPOINTS = 200

Told = Callable[[int, str], None]


class Altered(Refusal):
    """A stored file is not the one that was given, so nothing is handed over as proof."""


@dataclass(frozen=True, slots=True)
class Report:
    """The signed report: its name, its bytes, and how many pages it has."""

    name: str
    pdf: bytes
    pages: int
    records: int = 0

    @property
    def path(self) -> str:
        """Where it lies in the pack."""
        return f"statement/{self.name}"


@dataclass(frozen=True, slots=True)
class Frame:
    """What a pack is written from besides its content: the log, its checkpoint over all of it, when, code, by whom."""

    log: Log
    checkpoint: Checkpoint
    made_at: datetime
    code: str
    actor: Actor


class Builder:
    """Writes one pack; `told` is given percent and step outside any transaction, and may raise to stop."""

    def __init__(self, file: BinaryIO, content: Content, report: Report, frame: Frame, told: Told) -> None:
        self.packer = Packer(file, frame.made_at)
        self.content = content
        self.report = report
        self.frame = frame
        self.told = told
        self.harmful: dict[str, str] = {}

    def build(self) -> int:
        """Write everything and return how many files the pack holds; raises Altered."""
        try:
            with self._within():
                self._about()
            self._statement()
            self._evidence()
            self._sections()
            self.told(86, _("Write the chain up to record #%(n)s") % {"n": self.frame.checkpoint.size})
            with self._within():
                count = self._records()
            self.told(93, _("Write the texts and proofs beside the records"))
            with self._within():
                self._proofs()
            self.told(97, _("Write the manifest"))
            with self._within():
                self._manifest(count)
        except BaseException:
            self.packer.abandon()
            raise
        return len(self.packer.entries)

    def _within(self) -> AbstractContextManager[None]:
        return acting_in(self.content.aims, self.frame.actor)

    def _about(self) -> None:
        keys = keys_of(self.frame.log)
        self.packer.add("README.html", readme_of(self.content, self.report, self.frame, keys[-1]).encode())
        for name in ("verify.py", "verify.html"):
            self.packer.add(name, (FILES / name).read_bytes())

    def _statement(self) -> None:
        self.packer.add("statement/statement.json", bytes(self.content.version.body))
        self.packer.add(self.report.path, self.report.pdf)
        for row in self.content.assessments:
            self.packer.add(f"assessments/{row.ref_code}.json", row.data)

    def _evidence(self) -> None:
        taken = {item.code: self._paths(item) for item in self.content.items}
        with self._within():
            self.harmful = found_in([file.sha256 for files in taken.values() for file in files])
        whole = sum(file.size for item in self.content.items for file in item.files if taken[item.code].get(file)) or 1
        done = 0
        for item in self.content.items:
            for file, path in taken[item.code].items():
                self.told(55 + 30 * done // whole, _("Check and pack %(file)s") % {"file": file.name[:60]})
                self._copy(item, file, path)
                done += file.size
        listed = [_listed(item, taken[item.code]) for item in self.content.items]
        self.packer.add("evidence/index.json", canonical(listed))
        self.packer.add("evidence/index.csv", index_csv(self.content.items, taken))

    def _paths(self, item: HandedItem) -> dict[HandedFile, str]:
        if not self.content.selection.takes_files_of(item, self.content.since):
            return {}
        folder = f"evidence/{item.code}/{item.number}"
        return {file: f"{folder}/{safe_name(file.name, place)}" for place, file in enumerate(item.files, 1)}

    def _copy(self, item: HandedItem, file: HandedFile, path: str) -> None:
        given = {"name": file.name, "code": f"{item.code}@{item.number}"}
        if file.sha256 in self.harmful:
            raise Altered(_("%(name)s of %(code)s is quarantined. Nothing was made.") % given)
        try:
            with open_stored(file.sha256) as stream:
                entry = self.packer.copy(path, stream, file.size)
        except FileNotFoundError as error:
            raise Altered(_("%(name)s of %(code)s is missing from the store. Nothing was made.") % given) from error
        if (entry.sha256, entry.size) != (file.sha256, file.size):
            raise Altered(_("%(name)s of %(code)s was altered in the store. Nothing was made.") % given)

    def _sections(self) -> None:
        for section in self.content.sections:
            for file in section.files:
                path = f"{section.folder}/{file.path}"
                if file.sha256:
                    with open_stored(file.sha256) as stream:
                        self.packer.copy(path, stream, file.size)
                else:
                    self.packer.add(path, file.data)

    def _records(self) -> int:
        log, size = self.frame.log, self.frame.checkpoint.size
        with self.packer.entry("chain/leaves.txt") as writer:
            write_leaves(writer, log, size)
        with self.packer.entry("chain/records.jsonl") as writer:
            return write_records(writer, log, size, self.content.slice)

    def _proofs(self) -> None:
        log = self.frame.log
        with self.packer.entry("chain/texts.jsonl") as writer:
            write_texts(writer, log, self.frame.checkpoint.size, self.content.slice)
        self.packer.add("chain/keys.txt", "".join(f"{key.text}\n" for key in keys_of(log)).encode())
        for row in _checkpoints(log, self.frame.checkpoint):
            self.packer.add(f"chain/checkpoints/{row.size:012d}.txt", bytes(row.note))
        self._receipts()

    def _receipts(self) -> None:
        log = self.frame.log
        rows = Record.objects.filter(event__in=binding(), leaf__number__lte=self.frame.checkpoint.size)
        for number, subject, body in rows.order_by("leaf__number").values_list("leaf__number", "subject", "body"):
            if not self.content.slice.holds(subject):
                continue
            row = covering(log, number) or self.frame.checkpoint
            self.packer.add(f"chain/receipts/{number}.tlog-proof", proof_of(log, number, bytes(body), row).encode())

    def _manifest(self, count: int) -> None:
        content, log, row = self.content, self.frame.log, self.frame.checkpoint
        about = {
            "aims": {"organisation": content.aims.organisation, "slug": content.aims.slug},
            "code": self.frame.code,
            "content": content.told,
            "content_digest": content.digest,
            "is_demo": content.aims.is_demo,
            "log": {
                "origin": log.origin,
                "origins": [{"after": after, "origin": origin} for after, origin in origins_of(log)],
                "root": row.root,
                "size": row.size,
            },
            "made_at": told_instant(self.frame.made_at),
            "records": count,
            "report": self.report.path,
            "v": 1,
        }
        self.packer.add("pack.json", canonical(about))
        head = ["Assay pack manifest 1", f"origin {log.origin}"]
        head += [f"statement {content.version.ref_code} {content.version.digest}", f"content {content.digest}"]
        self.packer.close(head, lambda text: note_of(log, text))


def _listed(item: HandedItem, taken: dict[HandedFile, str]) -> dict[str, object]:
    return {
        "code": item.code,
        "controls": list(item.controls),
        "files": [
            {"name": file.name, "path": taken.get(file), "sha256": file.sha256, "size": file.size}
            for file in item.files
        ],
        "given_at": told_instant(item.given_at),
        "kind": item.kind,
        "said": item.said,
        "title": item.title,
    }


def _checkpoints(log: Log, last: Checkpoint) -> list[Checkpoint]:
    """The newest checkpoint and those that went outside before, so that somebody finds the one they hold."""
    rows = Checkpoint.objects.filter(log=log, size__lt=last.size, anchors__isnull=False).order_by("-size").distinct()
    return [last, *rows[:MOST_CHECKPOINTS]]
