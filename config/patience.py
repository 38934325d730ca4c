"""How long gunicorn waits for a body: one that stalls or trickles is given up, and its thread is free again."""

import socket
from time import monotonic
from typing import Any

STALLED = 30.0
LONGEST = 900.0


class Patient:
    """A connection that waits for a body only so long: STALLED seconds for each piece, LONGEST for all of them."""

    def __init__(self, connection: socket.socket) -> None:
        self.connection = connection
        self.until = monotonic() + LONGEST

    def recv(self, size: int) -> bytes:
        """Read a piece, raising TimeoutError."""
        left = self.until - monotonic()
        if left <= 0:
            raise TimeoutError("The body took too long.")
        self.connection.settimeout(min(STALLED, left))
        try:
            return self.connection.recv(size)
        finally:
            self.connection.settimeout(None)


def pre_request(_worker: Any, request: Any) -> None:
    """Wrap what the body is read from, for this request."""
    held = request.unreader.sock
    request.unreader.sock = Patient(held.connection if isinstance(held, Patient) else held)
