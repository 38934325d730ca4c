"""How evidence leaves: as an attachment, under a type that no browser runs."""

from typing import BinaryIO

from django.http import FileResponse

from accounts.serving import streamed
from evidence.models import File

SAFE_TYPES = frozenset({"application/pdf", "image/png", "image/jpeg", "text/csv", "text/plain"})
BYTES = "application/octet-stream"


def attachment(file: File, stream: BinaryIO) -> FileResponse:
    """Return the bytes as an attachment: sandboxed, never sniffed, never cached."""
    return streamed(stream, file.name, file.media_type if file.media_type in SAFE_TYPES else BYTES)
