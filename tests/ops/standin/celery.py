"""A stand-in for Celery: notes its process id and the Redis it was given, and sleeps."""

import os
from pathlib import Path

from tests.ops.standin.children import leave_children, sleep_for_ever


def main() -> None:
    """Do what the command line says."""
    Path(os.environ["ASSAY_DATA"], "worker.txt").write_text(f"{os.getpid()} {os.environ['REDIS_URL']}")
    leave_children()
    sleep_for_ever()
