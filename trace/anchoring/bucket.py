"""A bucket whose objects nobody can change or delete for years (S3 Object Lock, compliance mode).

Importing this takes a third of a second; only the job that writes imports it.
"""

import re
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from hashlib import md5
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    NoCredentialsError,
    ParamValidationError,
    PartialCredentialsError,
)
from django.conf import settings
from django.utils.translation import gettext as _

from accounts.refusals import Refusal

NAME = re.compile(r"(\d{12,})\.txt")
LARGEST = 64 * 1024
NO_LOCK = "ObjectLockConfigurationNotFoundError"
BUSY = ("RequestTimeout", "SlowDown", "Throttling", "ThrottlingException", "InternalError", "ServiceUnavailable")
CONFIG = {
    "connect_timeout": 5,
    "read_timeout": 20,
    "retries": {"max_attempts": 2, "mode": "standard"},
    "request_checksum_calculation": "when_required",
    "response_checksum_validation": "when_required",
}


class Refused(Refusal):
    """The bucket does not take checkpoints as they have to be kept: a person has to see to it."""

    code = ""


class Away(Exception):
    """The bucket did not answer; the job tries again."""


@dataclass(frozen=True, slots=True)
class Copy:
    """One version of an object that is named like a checkpoint of the log: how many records it covers by its name."""

    size: int
    key: str
    version: str


def key_of(origin: str, size: int) -> str:
    """Return what the object with a checkpoint is called; names sort by size."""
    return f"{origin}/{size:012d}.txt"


class Bucket:
    """The bucket that ANCHOR_BUCKET names; every call raises Refused or Away."""

    def __init__(self, name: str) -> None:
        self.name = name
        style = {"addressing_style": "path"} if settings.ANCHOR_ENDPOINT else {}
        with _asked(name):
            self._client: Any = boto3.session.Session().client(
                "s3",
                endpoint_url=settings.ANCHOR_ENDPOINT or None,
                region_name=settings.ANCHOR_REGION or None,
                config=Config(**CONFIG, s3=style),
            )

    def check_lock(self) -> None:
        """Refuse a bucket whose objects could be deleted."""
        try:
            with _asked(self.name):
                found = self._client.get_object_lock_configuration(Bucket=self.name)
        except Refused as error:
            if error.code != NO_LOCK:
                raise
            found = {}
        if found.get("ObjectLockConfiguration", {}).get("ObjectLockEnabled") != "Enabled":
            raise Refused(
                _(
                    "The bucket %(name)s has no object lock, so that what is written to it could be deleted. Make one "
                    "with object lock, and name it in ANCHOR_BUCKET."
                )
                % {"name": self.name}
            )

    def copies(self, origin: str, since: int) -> list[Copy]:
        """Return every version over `since` records or more, largest first, be it hidden by a delete marker."""
        asked: dict[str, str] = {"Prefix": f"{origin}/"}
        found = set()
        if since:
            asked["KeyMarker"] = key_of(origin, since)
            found |= set(self._versions({"Prefix": key_of(origin, since)}))
        found |= set(self._versions(asked))
        return sorted(found, key=lambda copy: (-copy.size, copy.version))

    def _versions(self, asked: dict[str, str]) -> Iterator[Copy]:
        while True:
            with _asked(self.name):
                page = self._client.list_object_versions(Bucket=self.name, **asked)
            for row in page.get("Versions", []):
                if name := NAME.fullmatch(row["Key"].rpartition("/")[2]):
                    yield Copy(int(name[1]), row["Key"], row["VersionId"])
            if not page.get("IsTruncated"):
                return
            asked = asked | {"KeyMarker": page["NextKeyMarker"]}
            if version := page.get("NextVersionIdMarker"):
                asked["VersionIdMarker"] = version

    def read(self, copy: Copy) -> bytes:
        """Return an object's bytes, or of a large one so many that it cannot be a checkpoint."""
        with _asked(self.name):
            found = self._client.get_object(Bucket=self.name, Key=copy.key, VersionId=copy.version)
            data: bytes = found["Body"].read(LARGEST)
        return data

    def put(self, key: str, data: bytes, until: datetime) -> None:
        """Write an object that nobody, not the account's owner either, can delete before then."""
        with _asked(self.name):
            self._client.put_object(
                Bucket=self.name,
                Key=key,
                Body=data,
                ContentType="text/plain; charset=utf-8",
                ContentMD5=b64encode(md5(data, usedforsecurity=False).digest()).decode(),
                ObjectLockMode="COMPLIANCE",
                ObjectLockRetainUntilDate=until,
            )


@contextmanager
def _asked(name: str) -> Iterator[None]:
    """Tell what a person has to mend from what may pass by itself."""
    try:
        yield
    except ClientError as error:
        told, status = error.response["Error"], error.response["ResponseMetadata"]["HTTPStatusCode"]
        if status >= 500 or told["Code"] in BUSY:
            raise Away(f"The bucket {name} answered {told['Code']}.") from error
        words = {"name": name, "verb": error.operation_name, "code": told["Code"], "why": told.get("Message", "")}
        refused = Refused(_("The bucket %(name)s refused %(verb)s: %(code)s. %(why)s") % words)
        refused.code = told["Code"]
        raise refused from error
    except (NoCredentialsError, PartialCredentialsError, ParamValidationError, ValueError) as error:
        raise Refused(_("The bucket %(name)s cannot be asked: %(why)s") % {"name": name, "why": error}) from error
    except BotoCoreError as error:
        raise Away(f"The bucket {name} did not answer: {error}") from error
