"""A private S3 for tests: a real server process on this machine (moto) that enforces object lock."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.error import URLError
from urllib.request import urlopen

from ops.places import inherited
from ops.redis import free_port
from ops.say import Problem

CREDENTIALS = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing"}
START_SECONDS = 60


@contextmanager
def private_s3() -> Iterator[str]:
    """Serve at the address returned, until the block ends; nothing that was stored is kept."""
    port = free_port()
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    env = inherited() | CREDENTIALS
    process = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_for(f"http://127.0.0.1:{port}", process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)


def _wait_for(address: str, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            with urlopen(f"{address}/moto-api/", timeout=1):  # noqa: S310  (an address of ours)
                return
        except (URLError, OSError):
            time.sleep(0.2)
    raise Problem("The private S3 did not start.")
