"""The part of the chain that goes into a pack: all leaves, the records it speaks of, and the texts beside those."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Q

from ledger.canonical import canonical
from ledger.models import Annex, Leaf, Log
from reports.pack.zipping import Writer

CHUNK = 2_000
ALWAYS = (
    "aims:",
    "certificate:",
    "checkpoint:",
    "log",
    "membership:",
    "pack:",
    "record:",
    "scope:",
    "statement:",
    "version:",
)


@dataclass(frozen=True, slots=True)
class Slice:
    """Which records: those about these references, or of these kinds; without any, all of them."""

    subjects: frozenset[str] = frozenset()

    def holds(self, subject: str) -> bool:
        """Whether a record about this subject belongs into the pack."""
        if not self.subjects:
            return True
        return subject.startswith(ALWAYS) or subject in self.subjects or subject.partition("/")[0] in self.subjects


def write_leaves(writer: Writer, log: Log, size: int) -> None:
    """Write every leaf hash (hex), a line each, in order of number: the whole tree, however little else is told."""
    rows = Leaf.objects.filter(log=log, number__lte=size).order_by("number").values_list("leaf_hash", flat=True)
    for leaf in rows.iterator(chunk_size=CHUNK):
        writer.write(b"%s\n" % leaf.encode())


def write_records(writer: Writer, log: Log, size: int, wanted: Slice) -> int:
    """Write the canonical bytes of the records wanted, each with its number, and return how many."""
    count = 0
    rows = Leaf.objects.filter(log=log, number__lte=size).order_by("number")
    for number, subject, body in rows.values_list("number", "record__subject", "record__body").iterator(CHUNK):
        if wanted.holds(subject):
            writer.write(b'{"number":%d,"record":%s}\n' % (number, bytes(body)))
            count += 1
    return count


def write_texts(writer: Writer, log: Log, size: int, wanted: Slice) -> None:
    """Write the texts that are kept beside those records, with the salts that open their commitments."""
    for number, field, salt, text in _texts(log, size, wanted):
        line = {"field": field, "number": number, "salt": bytes(salt).hex(), "text": text}
        writer.write(canonical(line) + b"\n")


def _texts(log: Log, size: int, wanted: Slice) -> Iterator[tuple[int, str, bytes, str]]:
    rows = Annex.objects.filter(record__leaf__log=log, record__leaf__number__lte=size).exclude(Q(text="") & Q(salt=b""))
    names = ("record__leaf__number", "field", "salt", "text", "record__subject")
    for *told, subject in rows.order_by("record__leaf__number", "field").values_list(*names).iterator(CHUNK):
        if wanted.holds(subject):
            number, field, salt, text = told
            yield number, field, salt, text
