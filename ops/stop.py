"""Being asked to stop: signals set a flag that is read at safe points, so that no child is ever lost track of."""

import os
import re
import signal
import sys
import time
from pathlib import Path
from types import FrameType

POLL_SECONDS = 0.1


class Stopped(Exception):
    """Somebody asked us to stop; what was started is to be ended in order."""


class Stop:
    """Whether we were asked to stop, and whether a second Ctrl-C asked us to hurry."""

    def __init__(self) -> None:
        self.asked = False
        self.hurried = False
        self._make: int | None = None

    def listen(self) -> None:
        """Take SIGTERM and Ctrl-C always, and a hang-up unless nohup shields us from it."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._ask)
        if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
            signal.signal(signal.SIGHUP, self._ask)
        if os.environ.get("MAKELEVEL") and sys.platform == "linux":
            self._make = os.getppid()

    def _ask(self, number: int, _frame: FrameType | None) -> None:
        self.hurried = self.hurried or (self.asked and number == signal.SIGINT)
        self.asked = True

    def check(self) -> None:
        """Raise when it is time to stop."""
        if not self.asked and self._make is not None:
            self.asked = make_is_ending(self._make)
        if self.asked:
            raise Stopped

    def pause(self, seconds: float = POLL_SECONDS) -> None:
        """Sleep, waking often enough that stopping feels immediate."""
        until = time.monotonic() + seconds
        self.check()
        while (left := until - time.monotonic()) > 0:
            time.sleep(min(left, POLL_SECONDS))
            self.check()


def make_is_ending(pid: int) -> bool:
    """Tell that make took a SIGINT or SIGHUP meant for it alone: it blocks the signal and waits for us, silently."""
    try:
        blocked = re.search(r"^SigBlk:\s*(\w+)", Path(f"/proc/{pid}/status").read_text(encoding="ascii"), re.MULTILINE)
    except OSError:
        return False
    mask = int(blocked[1], 16) if blocked else 0
    return any(mask & 1 << (number - 1) for number in (signal.SIGINT, signal.SIGHUP))


stop = Stop()
