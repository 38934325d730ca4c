"""Asking outside: http and https only, nowhere else than asked, a size and a time."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from trace.anchoring import fetching
from trace.anchoring.fetching import LARGEST, NoAnswer, is_address, posted

Answer = Callable[[BaseHTTPRequestHandler, bytes], None]


@contextmanager
def a_server(answer: Answer) -> Iterator[str]:
    """Serve one answer to every request, at the address returned."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            answer(self, self.rfile.read(int(self.headers["Content-Length"])))

        def do_GET(self) -> None:
            answer(self, b"")

        def log_message(self, *_args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


def send(handler: BaseHTTPRequestHandler, status: int, body: bytes = b"", **headers: str) -> None:
    """Answer with a status, headers and a body."""
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(body)


def test_bytes_go_out_and_come_back() -> None:
    seen: list[tuple[bytes, str | None]] = []

    def answer(handler: BaseHTTPRequestHandler, body: bytes) -> None:
        seen.append((body, handler.headers["Content-Type"]))
        send(handler, 200, b"\x00\xff" * 5000)

    with a_server(answer) as url:
        assert posted(url, b"\x01\x02", "application/timestamp-query") == b"\x00\xff" * 5000
    assert seen == [(b"\x01\x02", "application/timestamp-query")]


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ftp://127.0.0.1/x", "data:text/plain,x", "/etc/passwd", "http://", "http://[::1", ""]
)
def test_other_addresses_are_refused_before_anything_is_opened(url: str) -> None:
    assert not is_address(url)
    with pytest.raises(NoAnswer, match="neither an http nor an https address"):
        posted(url, b"x", "text/plain")


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_nobody_is_followed_elsewhere(status: int, tmp_path: Path) -> None:
    asked: list[str] = []

    def answer(handler: BaseHTTPRequestHandler, _body: bytes) -> None:
        asked.append(handler.path)
        send(handler, status, Location="/elsewhere")

    with a_server(answer) as url, pytest.raises(NoAnswer, match=f"answered {status}"):
        posted(url, b"x", "text/plain")
    assert asked == ["/"]


@pytest.mark.parametrize("status", [400, 404, 500, 503])
def test_an_error_is_no_answer(status: int) -> None:
    with a_server(lambda handler, _body: send(handler, status, b"sorry")) as url, pytest.raises(NoAnswer) as told:
        posted(url, b"x", "text/plain")
    assert str(told.value).startswith(f"127.0.0.1 answered {status} ")


def test_a_large_answer_is_not_read_to_its_end() -> None:
    with a_server(lambda handler, _body: send(handler, 200, b"x" * LARGEST)) as url:
        assert len(posted(url, b"x", "text/plain")) == LARGEST
    too_large = b"x" * (LARGEST + 1)
    with (
        a_server(lambda handler, _body: send(handler, 200, too_large)) as url,
        pytest.raises(NoAnswer, match="larger than 64 KB"),
    ):
        posted(url, b"x", "text/plain")


def test_an_answer_in_drops_and_one_that_never_comes_are_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    def drop(handler: BaseHTTPRequestHandler, _body: bytes) -> None:
        send(handler, 200)
        for _second in range(30):
            try:
                handler.wfile.write(b"x")
            except OSError:
                return
            time.sleep(0.1)

    monkeypatch.setattr(fetching, "ALTOGETHER", 0.5)
    with a_server(drop) as url, pytest.raises(NoAnswer, match="took too long"):
        posted(url, b"x", "text/plain")
    monkeypatch.setattr(fetching, "PATIENCE", 0.3)
    with a_server(lambda _handler, _body: time.sleep(1)) as url, pytest.raises(NoAnswer, match="did not answer"):
        posted(url, b"x", "text/plain")


def test_what_is_no_http_is_no_answer() -> None:
    def garble(handler: BaseHTTPRequestHandler, _body: bytes) -> None:
        handler.wfile.write(b"220 mail.example.org ESMTP\r\n")

    with a_server(garble) as url, pytest.raises(NoAnswer, match="did not answer"):
        posted(url, b"x", "text/plain")
