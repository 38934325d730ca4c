"""How gunicorn runs: its log in our form, and a folder where its processes add up what they count.

`gunicorn -c config/gunicorn.py config.wsgi:application`; what a command line says wins over what stands here.
"""

import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

from config.logs import logging_config
from config.patience import pre_request  # noqa: F401  (gunicorn finds it by its name)

SHARED_MEMORY = "/dev/shm"  # noqa: S108  (heartbeat files; a disk would stall them)
COUNTS = "PROMETHEUS_MULTIPROC_DIR"

_ours = "" if os.environ.get(COUNTS) else tempfile.mkdtemp(prefix="assay-metrics-")
os.environ.setdefault(COUNTS, _ours)

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
