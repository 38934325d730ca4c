"""A clamd that speaks the real protocol over a real socket, and can be told to misbehave."""

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


@dataclass
class FakeClamd:
    """What it does: `limit` is its StreamMaxLength; `mood` is fine, silent, dropping or babbling."""

    port: int
    limit: int = 1_000_000
    mood: str = "fine"
    signatures: dict[bytes, str] = field(default_factory=lambda: {EICAR: "Eicar-Test-Signature"})
    asked: list[bytes] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"tcp://127.0.0.1:{self.port}"

    def answer(self, connection: socket.socket) -> None:
        """Serve one connection as clamd does."""
        command = _until_null(connection)
        if command == b"zVERSION":
            return connection.sendall(b"ClamAV 1.4.3/27803/Thu Jun 18 08:00:00 2026\0")
        assert command == b"zINSTREAM", command
        data = b""
        while size := struct.unpack(">I", _exactly(connection, 4))[0]:
            data += _exactly(connection, size)
            if self.mood == "dropping":
                return None
            if len(data) > self.limit:
                return connection.sendall(b"INSTREAM size limit exceeded. ERROR\0")
        self.asked.append(data)
        if self.mood == "silent":
            with suppress(OSError):
                connection.recv(1)
            return None
        if self.mood == "babbling":
            return connection.sendall(b"HTTP/1.1 200 OK\0")
        found = next((name for bytes_, name in self.signatures.items() if bytes_ in data), "")
        return connection.sendall(f"stream: {found} FOUND\0".encode() if found else b"stream: OK\0")


def _exactly(connection: socket.socket, size: int) -> bytes:
    data = b""
    while len(data) < size:
        piece = connection.recv(size - len(data))
        if not piece:
            raise ConnectionResetError
        data += piece
    return data


def _until_null(connection: socket.socket) -> bytes:
    data = b""
    while not data.endswith(b"\0"):
        data += _exactly(connection, 1)
    return data[:-1]


@contextmanager
def a_clamd(server: socket.socket | None = None) -> Iterator[FakeClamd]:
    """Listen until the block ends."""
    server = server or socket.create_server(("127.0.0.1", 0))
    server.listen()
    server.settimeout(0.05)
    name = server.getsockname()
    fake, done = FakeClamd(name[1] if isinstance(name, tuple) else 0), threading.Event()

    def serve() -> None:
        while not done.is_set():
            with suppress(TimeoutError, OSError):
                connection, _address = server.accept()
                with connection:
                    connection.settimeout(5)
                    fake.answer(connection)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield fake
    done.set()
    thread.join()
    server.close()
