"""Starting `make run` in a stand-in project, and looking for what it left behind."""

import http.client
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from ops import places
from ops.redis import free_port

HERE = Path(__file__).parent
PATIENCE_SECONDS = 90.0


@dataclass(slots=True)
class Project:
    """One stand-in project on disk, with the port and data folder of its runs."""

    root: Path
    port: int = field(default_factory=free_port)
    runs: list[subprocess.Popen[str]] = field(default_factory=list)

    @property
    def data(self) -> Path:
        return self.root / "data with a space"

    @property
    def supervisor(self) -> int:
        """The process id that the running supervisor wrote into its lock."""
        return int((self.data / "run.lock").read_text().split()[1].strip(","))

    def start(self, **env: str) -> subprocess.Popen[str]:
        """Start `make run` in a session of its own, as a terminal would."""
        settled = places.inherited() | {"PORT": str(self.port), "ASSAY_DATA": str(self.data), "REDIS_URL": ""} | env
        run = subprocess.Popen(
            ["make", "--no-print-directory", "run"],
            cwd=self.root,
            env=settled,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.runs.append(run)
        return run

    def start_until_healthy(self, **env: str) -> subprocess.Popen[str]:
        """Start, and wait until the supervisor has called it ready."""
        run = self.start(**env)
        assert wait_for(lambda: self.healthy() or run.poll() is not None), "not healthy in time"
        assert run.poll() is None, run.communicate()[0]
        time.sleep(0.5)
        return run

    def healthy(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=2)
        try:
            connection.request("GET", "/healthz")
            return connection.getresponse().status == 200
        except OSError:
            return False
        finally:
            connection.close()

    def left_over(self) -> list[str]:
        """Every process of this project: told by its environment or its working folder."""
        return [line for folder in Path("/proc").glob("[0-9]*") if (line := self._ours(folder))]

    def all_gone(self, seconds: float = PATIENCE_SECONDS) -> bool:
        return wait_for(lambda: not self.left_over(), seconds)

    def calls(self) -> list[str]:
        """What manage.py was asked for, in order."""
        return (self.data / "calls.txt").read_text().splitlines()

    def worker(self) -> tuple[int, str]:
        """The worker's process id and the Redis address it was given."""
        pid, url = (self.data / "worker.txt").read_text().split()
        return int(pid), url

    def clean_up(self) -> None:
        """Leave nothing running, whatever a test found."""
        for run in self.runs:
            run.terminate()
        self.all_gone(10)
        for run in self.runs:
            with suppress(ProcessLookupError):
                os.killpg(run.pid, signal.SIGKILL)
        self.all_gone(10)
        for line in self.left_over():
            with suppress(ProcessLookupError):
                os.kill(int(line.split()[0]), signal.SIGKILL)
        for run in self.runs:
            run.communicate()

    def _ours(self, folder: Path) -> str:
        try:
            environment = (folder / "environ").read_bytes().decode(errors="replace").split("\0")
            inside = (folder / "cwd").readlink().is_relative_to(self.data)
            command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            return ""
        is_ours = bool(command) and (inside or f"ASSAY_DATA={self.data}" in environment)
        return f"{folder.name} {command}" if is_ours else ""


def a_project(root: Path) -> Project:
    """Lay out a project with our own ops/ and Makefile and stand-ins for everything else."""
    root.mkdir()
    shutil.copytree(places.ROOT / "ops", root / "ops", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(places.ROOT / "Makefile", root)
    shutil.copytree(HERE / "standin", root / "tests" / "ops" / "standin")
    for name in ("gunicorn", "celery", "manage"):
        (root / f"{name}.py").write_text(f"from tests.ops.standin import {name}; {name}.main()\n")
    (root / "requirements.txt").write_text("# nothing\n")
    (root / ".venv" / "bin").mkdir(parents=True)
    (root / ".venv" / "bin" / "python").symlink_to(sys.executable)
    stamp = "from pathlib import Path; from ops import venv; venv._stamp(venv.RUN)"
    subprocess.run([sys.executable, "-c", stamp], cwd=root, check=True)
    return Project(root)


def wait_for(done: Callable[[], bool], seconds: float = PATIENCE_SECONDS) -> bool:
    """Wait for something to become true, and tell whether it did."""
    until = time.monotonic() + seconds
    while not done():
        if time.monotonic() > until:
            return False
        time.sleep(0.1)
    return True
