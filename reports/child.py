"""Turn HTML into a PDF, shut in: a process of its own, with the standard library and WeasyPrint only.

Standard input: one line of JSON (`assets`, `attached`, `variant`), then HTML in UTF-8 until the end.
Standard output: lines of JSON that tell how far it is, one last line with `size` and `pages`, then the PDF.
What was refused, or went wrong, is the last line instead: `{"failed": kind, "message": text}`.

It can reach neither network nor files (trust.md section 2): no address is fetched, an audit hook stops Python from
opening files, sockets and programs, and on Linux Landlock and an empty network namespace stop everything else.
"""

import argparse
import base64
import ctypes
import gc
import json
import os
import resource
import struct
import sys
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any, NoReturn

LARGEST_IMAGE = 256 * 1024
MOST_PIXELS = 25_000_000
IMAGES = ("data:image/png", "data:image/jpeg", "data:image/gif", "data:image/svg+xml")
NEWUSER, NEWNET = 0x10000000, 0x40000000
NO_NEW_PRIVILEGES = 38
LANDLOCK_CREATE, LANDLOCK_ADD, LANDLOCK_RESTRICT = 444, 445, 446
EVERY_FILE_RIGHT, READ_RIGHTS, EVERY_TCP_RIGHT = (1 << 13) - 1, 0b1101, 0b11
READABLE = ("/usr", "/lib", "/lib64", "/etc", "/opt", "/System/Library", "/Library", "/var/cache/fontconfig")
FORBIDDEN = (
    "socket.",
    "subprocess.",
    "os.system",
    "os.exec",
    "os.posix_spawn",
    "os.fork",
    "ftplib.",
    "urllib.",
    "http.",
)


class Refused(Exception):
    """The page asks for something that a report never needs."""


def tell(**line: Any) -> None:
    """Write one line for the parent."""
    sys.stdout.buffer.write(json.dumps(line).encode() + b"\n")
    sys.stdout.buffer.flush()


def limit(memory: int, seconds: int) -> None:
    """Set what the process may use; bytes and seconds of CPU."""
    for kind, most in (
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_NOFILE, 128),
        (resource.RLIMIT_CORE, 0),
    ):
        with suppress(ValueError, OSError):
            resource.setrlimit(kind, (most, most))


def leave_the_network(libc: ctypes.CDLL) -> None:
    """Move to a network namespace without interfaces, where the kernel lets us."""
    if hasattr(libc, "unshare") and libc.unshare(NEWNET) != 0:
        libc.unshare(NEWUSER | NEWNET)


def confine(readable: list[str]) -> None:
    """Give up, on Linux, every right to files but reading code and fonts, and every right to TCP."""
    if not sys.platform.startswith("linux"):
        return
    libc = ctypes.CDLL(None, use_errno=True)
    leave_the_network(libc)
    libc.prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    version = libc.syscall(LANDLOCK_CREATE, None, 0, 1)
    if version < 1:
        return
    rights = (
        struct.pack("QQ", EVERY_FILE_RIGHT, EVERY_TCP_RIGHT) if version >= 4 else struct.pack("Q", EVERY_FILE_RIGHT)
    )
    ruleset = libc.syscall(LANDLOCK_CREATE, rights, len(rights), 0)
    for place in readable:
        with suppress(OSError):
            handle = os.open(place, os.O_PATH | os.O_CLOEXEC)
            libc.syscall(LANDLOCK_ADD, ruleset, 1, struct.pack("=Qi", READ_RIGHTS, handle), 0)
            os.close(handle)
    libc.syscall(LANDLOCK_RESTRICT, ruleset, 0)
    os.close(ruleset)


def watch(readable: list[str]) -> None:
    """Stop Python itself from opening files for writing, files elsewhere, sockets and programs, from now on."""
    prefixes = tuple(f"{place.rstrip('/')}/" for place in readable)

    def hook(name: str, args: tuple[Any, ...]) -> None:
        if name.startswith(FORBIDDEN):
            raise PermissionError(f"{name} is not for a report")
        if name == "open" and not isinstance(args[0], int):
            path, flags = os.path.abspath(os.fsdecode(args[0])), args[2]  # noqa: PTH100
            if flags & (os.O_WRONLY | os.O_RDWR) or not path.startswith(prefixes):
                raise PermissionError(f"{path} is not for a report")

    sys.addaudithook(hook)


def readable_places() -> list[str]:
    """Return the folders of code and fonts: the interpreter's, the packages', the system's and the user's fonts."""
    home = Path(os.environ.get("HOME", "/nonexistent"))
    fonts = [str(home / part) for part in (".fonts", ".local/share/fonts", ".cache/fontconfig")]
    code = [sys.prefix, sys.base_prefix, *(place for place in sys.path if Path(place).is_dir())]
    return list(dict.fromkeys([*code, *(os.path.realpath(place) for place in code), *READABLE, *fonts]))


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
    limit(memory, seconds)
    gc.disable()  # laying out a report makes few cycles; memory is bounded, and this saves a tenth of the time
    try:
        import weasyprint  # noqa: PLC0415
        import weasyprint.pdf.fonts  # noqa: F401, PLC0415
        from PIL import Image  # noqa: PLC0415
    except (ImportError, OSError) as error:
        fail("libraries", str(error))
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    listen()
    sys.dont_write_bytecode = True
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    readable = readable_places()
    confine(readable)
    watch(readable)


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
