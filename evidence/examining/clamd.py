"""Ask a clamd about bytes, in its own protocol (INSTREAM); it never sees our files, only what is streamed to it."""

import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import BinaryIO
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

CHUNK = 64 * 1024
LONGEST_ANSWER = 4096
PORT = 3310


class NoAnswer(Exception):
    """The scanner is away or did not answer as it should; whatever it was asked about is not scanned."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the scanner found; an empty `found` is the only thing that means clean."""

    found: str


def scan(stream: BinaryIO, url: str, *, seconds: float) -> Answer:
    """Stream bytes to the scanner and return what it found, raising NoAnswer."""
    with _connected(url, seconds) as connection:
        connection.sendall(b"zINSTREAM\0")
        with suppress(BrokenPipeError, ConnectionResetError):  # it says why before it hangs up
            while chunk := stream.read(CHUNK):
                connection.sendall(struct.pack(">I", len(chunk)) + chunk)
            connection.sendall(struct.pack(">I", 0))
        return _understood(_line(connection))


def version(url: str, *, seconds: float) -> str:
    """Return which engine and signatures answer, such as `ClamAV 1.4.3/27803`; nothing when it does not say."""
    try:
        with _connected(url, seconds) as connection:
            connection.sendall(b"zVERSION\0")
            return _line(connection)[:120]
    except NoAnswer:
        return ""


@contextmanager
def _connected(url: str, seconds: float) -> Iterator[socket.socket]:
    try:
        with _connection(url, seconds) as connection:
            yield connection
    except TimeoutError as error:
        raise NoAnswer(_("the scanner did not answer in %(n)s seconds") % {"n": f"{seconds:g}"}) from error
    except (OSError, ValueError) as error:
        raise NoAnswer(_("the scanner cannot be reached")) from error


def _connection(url: str, seconds: float) -> socket.socket:
    where = urlsplit(url)
    if where.scheme == "unix":
        connection = socket.socket(socket.AF_UNIX)
        connection.settimeout(seconds)
        connection.connect(where.path)
        return connection
    if where.scheme != "tcp" or not where.hostname:
        raise ValueError(url)
    return socket.create_connection((where.hostname, where.port or PORT), seconds)


def _line(connection: socket.socket) -> str:
    answer = b""
    while b"\0" not in answer and len(answer) < LONGEST_ANSWER:
        piece = connection.recv(LONGEST_ANSWER)
        if not piece:
            break
        answer += piece
    if b"\0" not in answer:
        raise NoAnswer(_("the scanner hung up"))
    return answer.partition(b"\0")[0].decode("utf-8", "replace").strip()


def _understood(line: str) -> Answer:
    said = line.removeprefix("stream: ")
    if said == "OK":
        return Answer("")
    if said.endswith(" FOUND"):
        return Answer(said.removesuffix(" FOUND")[:200] or "?")
    raise NoAnswer(_("the scanner said: %(words)s") % {"words": line[:120]})
