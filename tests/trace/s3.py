"""A bucket with object lock, in a real server process on this machine (moto)."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from socket import create_server
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import boto3

LOCKED, OPEN = "anchors", "no-lock"
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing"}
PATIENCE = 60


def free_port() -> int:
    """A port that nobody listens on."""
    with create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


@contextmanager
def a_store() -> Iterator[str]:
    """Serve at the address returned, until the block ends."""
    port = free_port()
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    env = {**os.environ, **CREDENTIALS}
    process = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_for(f"http://127.0.0.1:{port}", process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)


def _wait_for(address: str, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and process.poll() is None:
        try:
            with urlopen(f"{address}/moto-api/", timeout=1):  # noqa: S310  (an address of ours)
                return
        except (URLError, OSError):
            time.sleep(0.2)
    raise AssertionError("The store did not start.")


def client_of(address: str) -> Any:
    """Return a client that is not Assay's own."""
    session = boto3.session.Session("testing", "testing", region_name="eu-west-1")
    return session.client("s3", endpoint_url=address)


def empty_buckets(address: str) -> Any:
    """Begin anew with a bucket that has object lock and one that has not; return a client."""
    with urlopen(f"{address}/moto-api/reset", data=b"", timeout=5):  # noqa: S310
        client = client_of(address)
    place = {"LocationConstraint": "eu-west-1"}
    client.create_bucket(Bucket=LOCKED, ObjectLockEnabledForBucket=True, CreateBucketConfiguration=place)
    client.create_bucket(Bucket=OPEN, CreateBucketConfiguration=place)
    return client


def names_in(client: Any, bucket: str = LOCKED) -> list[str]:
    """The keys of all objects that show."""
    return [row["Key"] for row in client.list_objects_v2(Bucket=bucket).get("Contents", [])]
