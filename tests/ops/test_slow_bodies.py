"""A client that sends its body a drop at a time holds no thread for ever: a real gunicorn, one thread."""

import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
APP = """
def application(environ, start):
    try:
        size = len(environ["wsgi.input"].read())
    except TimeoutError:
        start("408 Request Timeout", [("Content-Length", "0")])
        return [b""]
    start("200 OK", [("Content-Length", str(len(str(size))))])
    return [str(size).encode()]
"""
HEAD = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n"


def asked(port: int, size: int, pieces: list[bytes], pause: float) -> bytes:
    """Send a body piece by piece and return the status line."""
    with socket.create_connection(("127.0.0.1", port), 10) as connection:
        connection.settimeout(10)
        connection.sendall(HEAD % size)
        for piece in pieces:
            try:
                connection.sendall(piece)
            except OSError:
                break
            time.sleep(pause)
        return connection.recv(200).split(b"\r\n")[0]


@pytest.mark.parametrize(("pieces", "pause"), [([b"x"], 0.0), ([b"x"] * 12, 0.3)], ids=["stalls", "trickles"])
def test_a_slow_body_is_given_up(tmp_path: Path, pieces: list[bytes], pause: float) -> None:
    (tmp_path / "app.py").write_text(APP)
    settings = (ROOT / "config" / "patience.py").read_text()
    settings = settings.replace("STALLED = 30.0", "STALLED = 1.0").replace("LONGEST = 900.0", "LONGEST = 2.0")
    (tmp_path / "gunicorn_settings.py").write_text(settings)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    options = [
        "--config",
        "gunicorn_settings.py",
        "--bind",
        f"127.0.0.1:{port}",
        "--threads",
        "1",
        "--no-control-socket",
    ]
    with subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "app:application", *options], cwd=tmp_path, stderr=subprocess.DEVNULL
    ) as server:
        try:
            _wait_for(port)
            assert b"408" in asked(port, 1_000, pieces, pause)
            assert b"200" in asked(port, 5, [b"hello"], 0)
        finally:
            server.terminate()


def _wait_for(port: int) -> None:
    until = time.monotonic() + 20
    while time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    pytest.fail("gunicorn did not start")
