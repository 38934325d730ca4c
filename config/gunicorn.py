"""How gunicorn runs: its log in our form, a folder where its processes add up what they count, and little memory.

The application is loaded once, before the workers part from it, so they share its pages; new code takes a restart.

`gunicorn -c config/gunicorn.py config.wsgi:application`; what a command line says wins over what stands here.
"""

import ctypes
import gc
import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any

from config.logs import logging_config
from config.patience import pre_request  # noqa: F401  (gunicorn finds it by its name)

M_ARENA_MAX = -8  # mallopt(3): one heap for all threads; each one's own would keep what its largest page took
SHARED_MEMORY = "/dev/shm"  # noqa: S108  (heartbeat files; a disk would stall them)
COUNTS = "PROMETHEUS_MULTIPROC_DIR"

_ours = "" if os.environ.get(COUNTS) else tempfile.mkdtemp(prefix="assay-metrics-")
os.environ.setdefault(COUNTS, _ours)

preload_app = True
threads = 4
timeout = 60
graceful_timeout = 20
worker_tmp_dir = SHARED_MEMORY if os.access(SHARED_MEMORY, os.W_OK) else None
control_socket_disable = True
logconfig_dict = logging_config(os.environ.get("LOG_FORMAT") or "line", os.environ.get("LOG_LEVEL") or "WARNING")


def child_exit(_server: Any, worker: Any) -> None:
    """Keep what an ended process counted, and drop what it alone could say."""
    from prometheus_client import multiprocess  # noqa: PLC0415  (it reads the folder's name when it is loaded)

    multiprocess.mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]


def on_exit(_server: Any) -> None:
    """Take the folder away that was made for this run."""
    if _ours:
        shutil.rmtree(Path(_ours), ignore_errors=True)


def when_ready(_server: Any) -> None:
    """Load what the first request would load, and leave it out of the garbage collector's rounds: it stays shared."""
    from django.urls import get_resolver  # noqa: PLC0415  (the settings are read by now)

    get_resolver().check()
    gc.collect()
    gc.freeze()


def _keep_one_heap() -> None:
    with suppress(AttributeError, OSError):
        ctypes.CDLL(None).mallopt(M_ARENA_MAX, 1)


_keep_one_heap()
