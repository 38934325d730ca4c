"""The chain as JSON lines: each record's canonical bytes as they were hashed, with its number and leaf."""

from collections.abc import Iterator
from tempfile import SpooledTemporaryFile
from typing import IO

from ledger.models import Leaf, Log

IN_MEMORY = 4 * 1024 * 1024


def json_lines(log: Log) -> IO[bytes]:
    """Write the whole log to a temporary file, from memory to disk above 4 MB, and return it at its beginning.

    It is complete before the first byte leaves, because the tenant context ends with the view.
    """
    file = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115  (the answer closes it)
    for line in _lines(log):
        file.write(line)
    file.seek(0)
    return file


def _lines(log: Log) -> Iterator[bytes]:
    leaves = Leaf.objects.filter(log=log, number__lte=log.size).select_related("record").order_by("number")
    for leaf in leaves.iterator(chunk_size=1_000):
        body = bytes(leaf.record.body)
        yield b'{"leaf":"%s","number":%d,"record":%s}\n' % (leaf.leaf_hash.encode(), leaf.number, body)
