"""What a stand-in service leaves for its supervisor to end: a child, and a grandchild in a session of its own."""

import os
import signal
import time


def leave_children() -> None:
    """Fork a child and a detached grandchild, both deaf to SIGTERM when STUBBORN is set."""
    if os.fork() == 0:
        if os.fork() == 0:
            os.setsid()
        sleep_for_ever()


def sleep_for_ever() -> None:
    """Sleep; with STUBBORN set, SIGTERM does not end it."""
    if os.environ.get("STUBBORN"):
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    while True:
        time.sleep(60)
