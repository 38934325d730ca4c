"""A mail server that takes everything and remembers whose Message-ID came how often."""

import re
import socketserver
from threading import Thread
from typing import Self

MESSAGE_ID = re.compile(rb"^Message-ID: *(\S+)", re.I | re.M)


class Sink(socketserver.ThreadingTCPServer):
    """Listens on a free port of this machine as long as the block lasts."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.port = int(self.server_address[1])
        self.came: list[str] = []

    def __enter__(self) -> Self:
        Thread(target=self.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.shutdown()
        self.server_close()


class _Conversation(socketserver.StreamRequestHandler):
    """The few words of SMTP that a client needs."""

    server: Sink

    def handle(self) -> None:
        self._say("220 sink")
        while line := self.rfile.readline():
            verb = line[:4].upper()
            if verb == b"DATA":
                self._say("354 go on")
                self._take()
            elif verb == b"QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 ok")

    def _take(self) -> None:
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line)
        if found := MESSAGE_ID.search(b"".join(lines)):
            self.server.came.append(found[1].decode())
        self._say("250 taken")

    def _say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())
