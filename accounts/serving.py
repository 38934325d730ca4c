"""How files leave any room: harmless whatever they hold (trust.md 2). Nothing else names an attachment."""

from typing import IO, Any, TypeVar

from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header

R = TypeVar("R", bound=HttpResponseBase)
HARMLESS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cache-Control": "private, no-store",
}


def streamed(stream: IO[bytes], name: str, media_type: str) -> FileResponse:
    """Return an open file as an attachment: sandboxed, never sniffed, never cached."""
    return harmless(FileResponse(stream, as_attachment=True, filename=name, content_type=media_type))


def attached(data: bytes | str, name: str, media_type: str) -> HttpResponse:
    """Return what is in memory as an attachment: sandboxed, never sniffed, never cached."""
    disposition: Any = content_disposition_header(as_attachment=True, filename=name)
    return harmless(HttpResponse(data, content_type=media_type, headers={"Content-Disposition": disposition}))


def harmless(response: R) -> R:
    """Let a browser neither run nor guess nor keep the answer."""
    for header, value in HARMLESS.items():
        response[header] = value
    return response
