"""Start the child that lays pages out, feed it HTML, and take the PDF: within its limits of time and memory."""

import base64
import json
import os
import selectors
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from threading import Timer
from types import TracebackType
from typing import IO, Any, Self

from django.conf import settings
from django.utils.translation import gettext as _

from accounts.refusals import Refusal

CHILD = Path(__file__).with_name("child.py")
VARIANT = "pdf/a-3a"
PASSED_ON = ("HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "FONTCONFIG_FILE", "FONTCONFIG_PATH", "LD_LIBRARY_PATH")
PASSED_ON_MAC = ("DYLD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH")
TICK = 0.5
LIBRARIES = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core"

Progress = Callable[[int, str], None]


class NotRendered(Refusal):
    """The report could not be laid out; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """A finished report."""

    pdf: bytes
    pages: int


def quiet(_percent: int, _step: str) -> None:
    """Tell nobody."""


@dataclass(frozen=True, slots=True)
class Attached:
    """A text file inside the PDF: its name, what it is, its text, and when it was made."""

    name: str
    title: str
    text: str
    at: datetime


class Renderer:
    """One child process; entering starts it, so that it imports its libraries while the HTML is still being made."""

    def __init__(self, *, seconds: int | None = None, memory: int | None = None) -> None:
        self.seconds = seconds or settings.REPORT_MAX_SECONDS
        self.memory = memory or settings.REPORT_MAX_MEMORY

    def __enter__(self) -> Self:
        self.errors: IO[bytes] = tempfile.TemporaryFile()
        self.is_late = False
        self.child = subprocess.Popen(  # noqa: S603  (our own file, no shell)
            [sys.executable, "-I", str(CHILD), "--memory", str(self.memory), "--seconds", str(self.seconds)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.errors,
            cwd="/",
            env=_environment(),
            start_new_session=True,
        )
        self.timer = Timer(self.seconds, self._stop_late)
        self.timer.daemon = True
        self.timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.timer.cancel()
        self._kill()
        for stream in (self.child.stdin, self.child.stdout, self.errors):
            with suppress(OSError):
                stream.close()  # type: ignore[union-attr]
        self.child.wait()

    def render(
        self,
        html: str,
        assets: dict[str, bytes],
        progress: Progress = quiet,
        *,
        meanwhile: Callable[[], object] | None = None,
        attached: Sequence[Attached] = (),
    ) -> Rendered:
        """Return the PDF, raising NotRendered; an exception from `progress` stops the child.

        `meanwhile` is done once, while the child is at work.
        """
        header = {
            "assets": {n: base64.b64encode(b).decode() for n, b in assets.items()},
            "attached": [(item.name, item.title, item.text, item.at.isoformat()) for item in attached],
            "variant": VARIANT,
        }
        with suppress(BrokenPipeError):
            assert self.child.stdin is not None  # noqa: S101  (it was opened as a pipe)
            self.child.stdin.write(json.dumps(header).encode() + b"\n" + html.encode("utf-8", "replace"))
            self.child.stdin.close()
        if meanwhile:
            meanwhile()
        answer = _Answer(self.child.stdout, progress)
        answer.read_all()
        if answer.pdf is None:
            raise self._failure(answer.last)
        return Rendered(answer.pdf, int(answer.last["pages"]))

    def _stop_late(self) -> None:
        self.is_late = True
        self._kill()

    def _kill(self) -> None:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.child.pid, signal.SIGKILL)

    def _failure(self, last: dict[str, Any]) -> NotRendered:
        kind = last.get("failed")
        if kind is None and (self.is_late or self.child.wait() == -signal.SIGXCPU):
            kind = "time"
        return NotRendered(_message(kind, str(last.get("message", "")), self.seconds))


def _message(kind: str | None, detail: str, seconds: int) -> str:
    match kind:
        case "refused":
            return _("The report asked for something outside itself, and nothing was fetched: %(what)s") % {
                "what": detail
            }
        case "time":
            return _("The report took longer than %(n)s seconds and was stopped.") % {"n": seconds}
        case "libraries":
            given = {"libraries": LIBRARIES, "detail": detail}
            return _("The libraries that lay out PDFs are missing. Install %(libraries)s. (%(detail)s)") % given
        case "memory" | None:
            return _("The report needs more memory than it may use. Raise REPORT_MAX_MEMORY, or shorten long texts.")
        case _:
            return _("The report could not be laid out: %(detail)s") % {"detail": detail}


def _environment() -> dict[str, str]:
    names = PASSED_ON + (PASSED_ON_MAC if sys.platform == "darwin" else ())
    kept = {name: os.environ[name] for name in names if name in os.environ}
    return {"LANG": "C.UTF-8", "HOME": "/nonexistent", **kept}


class _Answer:
    """The child's lines, then its PDF; asks `progress` at least every TICK so that a person can cancel."""

    def __init__(self, stream: IO[bytes] | None, progress: Progress) -> None:
        assert stream is not None  # noqa: S101  (it was opened as a pipe)
        self.stream = stream
        self.progress = progress
        self.buffer = bytearray()
        self.last: dict[str, Any] = {}
        self.told = (5, _("Lay out the pages"))

    @property
    def pdf(self) -> bytes | None:
        """The PDF once it is whole."""
        size = self.last.get("size")
        return bytes(self.buffer) if size is not None and size == len(self.buffer) else None

    def read_all(self) -> None:
        """Read until the child closes its end."""
        due = 0.0
        with selectors.DefaultSelector() as selector:
            selector.register(self.stream, selectors.EVENT_READ)
            while True:
                if time.monotonic() >= due:
                    due = time.monotonic() + TICK
                    self.progress(*self.told)
                if selector.select(TICK):
                    data = os.read(self.stream.fileno(), 1 << 16)
                    if not data:
                        return
                    self._take(data)

    def _take(self, data: bytes) -> None:
        self.buffer += data
        while "size" not in self.last and (end := self.buffer.find(b"\n")) >= 0:
            line = bytes(self.buffer[:end])
            del self.buffer[: end + 1]
            with suppress(ValueError):
                self.last = json.loads(line)
            self.told = _step(self.last, self.told)


def _step(line: dict[str, Any], told: tuple[int, str]) -> tuple[int, str]:
    match line:
        case {"step": "Step 5", "page": int(page)}:
            return min(10 + 2 * page, 70), _("Lay out page %(n)s") % {"n": page}
        case {"step": "Step 6" | "Step 7"}:
            return 80, _("Write the PDF")
        case _:
            return told
