"""Ask an address outside for a few bytes: http and https only, no redirects, within seconds and a size."""

import time
from http.client import HTTPException
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import (
    HTTPDefaultErrorHandler,
    HTTPErrorProcessor,
    HTTPHandler,
    HTTPSHandler,
    OpenerDirector,
    ProxyHandler,
    Request,
)

SCHEMES = ("http", "https")
PATIENCE = 10
ALTOGETHER = 30
LARGEST = 64 * 1024
PIECE = 4 * 1024


class NoAnswer(Exception):
    """Nothing came back that can be used; the message says why."""


def is_address(url: str) -> bool:
    """Whether the text is an http or https address."""
    try:
        parts = urlsplit(url)
        return parts.scheme in SCHEMES and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def posted(url: str, data: bytes, content_type: str) -> bytes:
    """Post the bytes and return the answer's, raising NoAnswer."""
    if not is_address(url):
        raise NoAnswer(f"{url} is neither an http nor an https address.")
    headers = {"Content-Type": content_type, "User-Agent": "Assay"}
    request = Request(url, data=data, headers=headers, method="POST")  # noqa: S310  (its scheme was looked at)
    until = time.monotonic() + ALTOGETHER
    try:
        with _opener().open(request, timeout=PATIENCE) as answer:
            return _read(answer, until)
    except HTTPError as error:
        raise NoAnswer(f"{urlsplit(url).hostname} answered {error.code} {error.reason}.") from error
    except (URLError, HTTPException, OSError) as error:
        raise NoAnswer(f"{urlsplit(url).hostname} did not answer: {getattr(error, 'reason', error)}.") from error


def _opener() -> OpenerDirector:
    """Knows neither files nor FTP, and follows nobody elsewhere."""
    opener = OpenerDirector()
    for handler in (ProxyHandler, HTTPHandler, HTTPSHandler, HTTPDefaultErrorHandler, HTTPErrorProcessor):
        opener.add_handler(handler())
    return opener


def _read(answer: object, until: float) -> bytes:
    data = b""
    while piece := answer.read1(PIECE):  # type: ignore[attr-defined]
        data += piece
        if len(data) > LARGEST:
            raise NoAnswer("The answer is larger than 64 KB.")
        if time.monotonic() > until:
            raise NoAnswer("The answer took too long.")
    return data
