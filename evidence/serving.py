"""How stored files leave: harmless whatever they hold (trust.md 2)."""

from typing import BinaryIO

from django.http import FileResponse

from evidence.models import File

SAFE_TYPES = frozenset({"application/pdf", "image/png", "image/jpeg", "text/csv", "text/plain"})
BYTES = "application/octet-stream"


def attachment(file: File, stream: BinaryIO) -> FileResponse:
    """Return the bytes as an attachment: sandboxed, never sniffed, never cached."""
    media_type = file.media_type if file.media_type in SAFE_TYPES else BYTES
    response = FileResponse(stream, as_attachment=True, filename=file.name, content_type=media_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-store"
    return response
