"""Start the child that takes words out of a file, and believe it only within limits of time and memory."""

import json
import os
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.utils.translation import gettext as _

CHILD = Path(__file__).with_name("child.py")
MOST_ANSWER = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Words:
    """What was taken out of a file; no text means "not extracted", never "nothing there", and `why` says the reason."""

    text: str
    pages: int = 0
    why: str = ""


def words_of(stream: BinaryIO, *, seconds: int | None = None, memory: int | None = None) -> Words:
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
            return Words("", why=_("it took longer than %(n)s seconds") % {"n": seconds})
        finally:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(child.pid, signal.SIGKILL)
    if child.returncode == -signal.SIGXCPU:
        return Words("", why=_("it took longer than %(n)s seconds") % {"n": seconds})
    return _answer(said)


def _answer(said: bytes) -> Words:
    try:
        told = json.loads(said[:MOST_ANSWER])
        return Words(str(told["text"]), int(told["pages"]), str(told["why"])[:200])
    except (ValueError, KeyError, TypeError):
        return Words("", why=_("it needs more memory than it may use, or is damaged"))
