"""Turn HTML into a PDF, shut in: a process of its own, with the standard library and WeasyPrint only.

Standard input: one line of JSON (`assets`, `attached`, `variant`), then HTML in UTF-8 until the end.
Standard output: lines of JSON that tell how far it is, one last line with `size` and `pages`, then the PDF.
What was refused, or went wrong, is the last line instead: `{"failed": kind, "message": text}`.

It can reach neither network nor files (trust.md section 2): no address is fetched, an audit hook stops Python from
opening files, sockets and programs, and on Linux Landlock and an empty network namespace stop everything else.
"""

import argparse
import base64
import gc
import json
import os
import runpy
import sys
from datetime import datetime
from pathlib import Path
from typing import Any, NoReturn

GUARD = runpy.run_path(str(Path(__file__).resolve().parent.parent / "jobs" / "shut_in.py"))

LARGEST_IMAGE = 256 * 1024
MOST_PIXELS = 25_000_000
IMAGES = ("data:image/png", "data:image/jpeg", "data:image/gif", "data:image/svg+xml")


class Refused(Exception):
    """The page asks for something that a report never needs."""


def tell(**line: Any) -> None:
    """Write one line for the parent."""
    sys.stdout.buffer.write(json.dumps(line).encode() + b"\n")
    sys.stdout.buffer.flush()


def fetcher_of(assets: dict[str, str], refused: list[str]) -> Any:
    """Return a fetcher that has no protocols: it serves `asset:` names from memory and small images, and fails else."""
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse  # noqa: PLC0415

    class Assets(URLFetcher):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__(allowed_protocols=(), allow_redirects=False, fail_on_errors=True)

        def fetch(self, url: str, headers: Any = None) -> Any:
            try:
                body, kind = serve(url, assets)
            except (Refused, ValueError) as error:
                refused.append(url[:120])
                raise FatalURLFetchingError(str(error)) from error
            return URLFetcherResponse(url, body, {"Content-Type": kind})

    return Assets()


def serve(url: str, assets: dict[str, str]) -> tuple[bytes, str]:
    """Return the bytes and media type of a named asset or a small data image; raises Refused for all else."""
    if url.startswith("asset:") and url[6:] in assets:
        name = url[6:]
        kind = {"css": "text/css", "svg": "image/svg+xml", "png": "image/png"}.get(name.rpartition(".")[2])
        return base64.b64decode(assets[name]), kind or "application/octet-stream"
    if url.startswith(IMAGES) and len(url) <= LARGEST_IMAGE:
        head, _comma, data = url.partition(",")
        if head.endswith(";base64"):
            return base64.b64decode(data, validate=True), head[5:].partition(";")[0]
    raise Refused("The report asked for something outside itself.")


def listen() -> None:
    """Pass WeasyPrint's own steps on, so that a person sees the pages pass by."""
    import logging  # noqa: PLC0415

    class Steps(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            page = record.args[0] if isinstance(record.args, tuple) and record.args else 0
            tell(step=str(record.msg)[:6], page=page if isinstance(page, int) else 0)

    log = logging.getLogger("weasyprint.progress")
    log.setLevel(logging.INFO)
    log.handlers = [Steps()]
    log.propagate = False


def press(header: dict[str, Any], html: str, refused: list[str]) -> tuple[bytes, int]:
    """Lay the pages out and return the PDF with its number of pages."""
    from weasyprint import HTML  # noqa: PLC0415

    source = HTML(string=html, base_url="asset:", url_fetcher=fetcher_of(header.get("assets", {}), refused))
    document = source.render(pdf_variant=header.get("variant"))
    document.metadata.attachments += [attachment(*given) for given in header.get("attached", ())]
    pdf = document.write_pdf(pdf_variant=header.get("variant"))
    return pdf, len(document.pages)


def attachment(name: str, title: str, text: str, at: str) -> Any:
    """Return a text file to lie inside the PDF, dated by its maker so that the same report has the same bytes."""
    from weasyprint import Attachment  # noqa: PLC0415

    made = datetime.fromisoformat(at)
    return Attachment(string=text, name=name, description=title, created=made, modified=made, relationship="Supplement")


def fail(kind: str, message: str) -> NoReturn:
    """Tell why there is no PDF, and end."""
    tell(failed=kind, message=message[:400])
    sys.stdout.buffer.flush()
    os._exit(3)


def prepare(memory: int, seconds: int) -> None:
    """Import what is needed, then close every door; nothing of the page has been read yet."""
    GUARD["limit"](memory, seconds)
    gc.disable()  # laying out a report makes few cycles; memory is bounded, and this saves a tenth of the time
    try:
        import weasyprint  # noqa: PLC0415
        import weasyprint.pdf.fonts  # noqa: F401, PLC0415
        from PIL import Image  # noqa: PLC0415
    except (ImportError, OSError) as error:
        fail("libraries", str(error))
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    listen()
    GUARD["shut_in"]()


def main() -> None:
    """Read, press, answer."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--memory", type=int, required=True)
    parser.add_argument("--seconds", type=int, required=True)
    given = parser.parse_args()
    prepare(given.memory, given.seconds)
    header = json.loads(sys.stdin.buffer.readline())
    html = sys.stdin.buffer.read().decode("utf-8", "replace")
    refused: list[str] = []
    try:
        pdf, pages = press(header, html, refused)
    except PermissionError as error:
        refused.append(f"a file ({error.strerror or error})")
    except MemoryError:
        fail("memory", "The report needs more memory than it may use.")
    except BaseException as error:  # noqa: BLE001  (FatalURLFetchingError is a BaseException, and all else must be told)
        if not refused:
            fail("error", f"{type(error).__name__}: {error}")
    if refused:
        fail("refused", " ".join(refused))
    tell(size=len(pdf), pages=pages)
    sys.stdout.buffer.write(pdf)
    sys.stdout.buffer.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
