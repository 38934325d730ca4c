"""A bucket with object lock, in a real server process on this machine (moto)."""

from typing import Any
from urllib.request import urlopen

import boto3

from ops.redis import free_port
from ops.s3 import CREDENTIALS
from ops.s3 import private_s3 as a_store

__all__ = ["CREDENTIALS", "LOCKED", "OPEN", "a_store", "client_of", "empty_buckets", "free_port", "names_in"]

LOCKED, OPEN = "anchors", "no-lock"


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
