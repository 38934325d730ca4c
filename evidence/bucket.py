"""Evidence in an S3 bucket, under its SHA-256; what is on its way in lies on this machine until it is whole."""

from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from io import BufferedReader, RawIOBase
from pathlib import Path
from typing import Any, BinaryIO, cast

from boto3.exceptions import Boto3Error
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.utils.translation import gettext as _
from storages.backends.s3 import S3Storage

from accounts import clock
from config.stores import Bucket
from evidence.store import ABANDONED_AFTER, CHUNK, NoRoom, Store, StoreAway, Stored, key_of

PART = 16 * 1024 * 1024
WHOLE = 64 * 1024 * 1024
MISSING = frozenset({"NoSuchKey", "404", "NotFound"})
FULL = frozenset({"InsufficientStorage", "QuotaExceeded", "XMinioStorageFull", "XMinioAdminBucketQuotaExceeded"})
TRANSFER = TransferConfig(multipart_threshold=WHOLE, multipart_chunksize=PART, use_threads=False)
CONNECTION = {
    "connect_timeout": 5,
    "read_timeout": 60,
    "retries": {"max_attempts": 3, "mode": "standard"},
    "request_checksum_calculation": "when_required",
    "response_checksum_validation": "when_required",
}


class BucketStore(Store):
    """A bucket: objects appear whole or not at all, and the store itself holds their bytes to our hash."""

    def __init__(self, bucket: Bucket, incoming: Path) -> None:
        super().__init__(incoming)
        self._about = bucket
        self._storage = _storage(bucket)

    def open(self, sha256: str) -> BinaryIO:
        """Stream stored bytes; raises FileNotFoundError and StoreAway."""
        with self._asked():
            body = self._client.get_object(Bucket=self._about.name, Key=self.key(sha256))["Body"]
        return cast(BinaryIO, BufferedReader(Reading(body, self), CHUNK))

    def keep(self, path: Path, stored: Stored) -> None:
        """Send a finished file; a failed transfer is taken back by the store, and by us on this machine."""
        key = self.key(stored.sha256)
        if not self._has(key, stored):
            with path.open("rb") as file, self._asked():
                self._client.upload_fileobj(file, self._about.name, key, ExtraArgs=self._given(stored), Config=TRANSFER)
        path.unlink()

    def sweep(self, older_than: float = ABANDONED_AFTER) -> int:
        """Also break off the transfers that killed processes left, which the store would charge for."""
        latest, broken = datetime.now(UTC) - timedelta(seconds=older_than), 0
        with self._asked():
            pages = self._client.get_paginator("list_multipart_uploads")
            for page in pages.paginate(Bucket=self._about.name, Prefix=self._prefix):
                for row in page.get("Uploads", []):
                    if row["Initiated"] < latest:
                        self._client.abort_multipart_upload(
                            Bucket=self._about.name, Key=row["Key"], UploadId=row["UploadId"]
                        )
                        broken += 1
        return super().sweep(older_than) + broken

    def key(self, sha256: str) -> str:
        """Return what the object with these bytes is called; raises ValueError for anything but a hash."""
        return self._prefix + key_of(sha256)

    def fault(self) -> str:
        """Return why files cannot be kept here as the settings ask, or nothing."""
        try:
            with self._asked():
                self._client.list_objects_v2(Bucket=self._about.name, Prefix=self._prefix, MaxKeys=1)
            if self._about.lock:
                with self._asked():
                    self._client.get_object_lock_configuration(Bucket=self._about.name)
        except (StoreAway, NoRoom, FileNotFoundError) as error:
            return str(error)
        return ""

    @property
    def _client(self) -> Any:
        return self._storage.connection.meta.client

    @property
    def _prefix(self) -> str:
        return f"{self._about.prefix}/" if self._about.prefix else ""

    def _has(self, key: str, stored: Stored) -> bool:
        """Whether the store says that the very same bytes are there; with a lock they are written, and locked, anew."""
        if self._about.lock:
            return False
        try:
            with self._asked():
                found = self._client.head_object(Bucket=self._about.name, Key=key, ChecksumMode="ENABLED")
        except FileNotFoundError:
            return False
        return bool(found.get("ChecksumSHA256") == _checksum(stored) and found["ContentLength"] == stored.size)

    def _given(self, stored: Stored) -> dict[str, Any]:
        """Say what the bytes have to hash to: as a whole, or in parts once they are too many for one request."""
        given: dict[str, Any] = {"ContentType": "application/octet-stream", "ChecksumAlgorithm": "SHA256"}
        if stored.size < WHOLE:
            given["ChecksumSHA256"] = _checksum(stored)
        if self._about.lock == "hold":
            given["ObjectLockLegalHoldStatus"] = "ON"
        elif self._about.lock:
            given["ObjectLockMode"] = self._about.lock.upper()
            given["ObjectLockRetainUntilDate"] = clock.now() + timedelta(days=self._about.days)
        return given

    @contextmanager
    def _asked(self) -> Iterator[None]:
        """Tell what is not there from a store that is full, and both from one that cannot be asked."""
        try:
            yield
        except ClientError as error:
            code = error.response["Error"]["Code"]
            status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
            if code in MISSING:
                raise FileNotFoundError(_("The bucket %(name)s does not hold it.") % self._words) from error
            if status == 507 or code in FULL:
                words = _("The bucket %(name)s is full. Nothing was kept; tell the administrator.")
                raise NoRoom(words % self._words) from error
            words = _("The bucket %(name)s answered %(code)s (%(verb)s). Nothing was kept.")
            raise StoreAway(words % {**self._words, "code": code, "verb": error.operation_name}) from error
        except (BotoCoreError, Boto3Error) as error:
            words = _("The bucket %(name)s does not answer. Nothing was kept; try again in a few minutes.")
            raise StoreAway(words % self._words) from error

    @property
    def _words(self) -> dict[str, str]:
        return {"name": self._about.name}


class Reading(RawIOBase):
    """Bytes of an object as they come, with our own words when they stop coming."""

    def __init__(self, body: Any, store: BucketStore) -> None:
        super().__init__()
        self._body = body
        self._store = store

    def readable(self) -> bool:
        """It is read, in order, and nothing else."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill the buffer with what comes next; raises StoreAway."""
        with self._store._asked():
            data: bytes = self._body.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        """Let the connection go."""
        self._body.close()
        super().close()


def _checksum(stored: Stored) -> str:
    return b64encode(bytes.fromhex(stored.sha256)).decode()


@cache
def _storage(bucket: Bucket) -> S3Storage:
    """One door a process: it keeps a connection for each thread, and finds credentials as boto3 does."""
    return S3Storage(
        bucket_name=bucket.name,
        endpoint_url=bucket.endpoint or None,
        region_name=bucket.region or None,
        client_config=Config(
            **CONNECTION,
            signature_version="s3v4",
            s3={"addressing_style": "path"} if bucket.endpoint else {},
        ),
    )
