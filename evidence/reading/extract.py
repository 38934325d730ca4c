"""Start the child that takes words out of a file, and believe it only within limits of time and memory."""

import json
import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.utils.translation import gettext as _

from evidence.reading.document import PAGE, Document, document_of

CHILD = Path(__file__).with_name("child.py")
MOST_ANSWER = 8 * 1024 * 1024


def extract(stream: BinaryIO, *, seconds: int | None = None, memory: int | None = None) -> Document:
    """Return the words of a file; a child that takes too long, too much or falls over took none."""
    seconds, memory = seconds or settings.EVIDENCE_TEXT_SECONDS, memory or settings.EVIDENCE_TEXT_MEMORY
    with subprocess.Popen(  # noqa: S603  (our own file, no shell)
        [sys.executable, "-I", str(CHILD), "--memory", str(memory), "--seconds", str(seconds)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd="/",
        env={"LANG": "C.UTF-8", "HOME": "/nonexistent"},
        start_new_session=True,
    ) as child:
        try:
            said, _errors = child.communicate(stream.read(), timeout=seconds)
        except subprocess.TimeoutExpired:
            return Document("", why=_("it took longer than %(n)s seconds") % {"n": seconds})
        finally:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(child.pid, signal.SIGKILL)
    if child.returncode == -signal.SIGXCPU:
        return Document("", why=_("it took longer than %(n)s seconds") % {"n": seconds})
    return _answer(said)


def read(path: Path, name: str = "") -> Document:
    """Return the words of a file on disk; `name` stands for what it was called, when that is not its path."""
    try:
        with path.open("rb") as stream:
            return extract(stream)
    except OSError as error:
        return Document(
            "", why=_("%(name)s cannot be opened (%(why)s)") % {"name": name or path.name, "why": error.strerror}
        )


def _answer(said: bytes) -> Document:
    try:
        told = json.loads(said[:MOST_ANSWER])
        pages, count, why = [str(page) for page in told["pages"]], int(told["count"]), str(told["why"])[:200]
    except (ValueError, KeyError, TypeError):
        return Document("", why=_("it needs more memory than it may use, or is damaged"))
    return document_of(PAGE.join(pages), pages=count, why=why)
