"""A whole Assay of real processes, each of which can be killed: PostgreSQL, Redis, S3, web, worker, tickers, sealer."""

import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3
import redis
import requests

from ops import services
from ops.installations import OWNER, installation
from ops.places import ROOT, Order
from ops.postgres import Server, private_server
from ops.processes import die_with_parent
from ops.redis import PrivateRedis, find_server, free_port, prepare
from ops.s3 import CREDENTIALS, private_s3
from tests.faults.sink import Sink

BUCKET = "evidence"
PATIENCE = 90
LEASE = 6
Process = subprocess.Popen[bytes]


@dataclass
class Stack:
    """What runs, by name, and the environment that all of it shares."""

    folder: Path
    env: dict[str, str]
    database: Server
    queue: PrivateRedis
    mails: Sink
    port: int
    sealer_url: str
    running: dict[str, Process] = field(default_factory=dict)

    @property
    def address(self) -> str:
        """Where the web server answers."""
        return f"http://127.0.0.1:{self.port}"

    def start(self, *names: str, code: Path = ROOT, most_bytes: int = 0) -> None:
        """Start processes; `code` is another version's folder, `most_bytes` the largest file they may write."""
        for name in names:
            argv, more = self._commands()[name.partition("-")[0]]
            log = (self.folder / f"{name}.log").open("ab")
            self.running[name] = subprocess.Popen(
                argv,
                cwd=self.queue.folder if name == "redis" else code,
                env=self.env | more | {"PYTHONPATH": str(code)},
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=_prepared(os.getpid(), most_bytes),
            )
            log.close()

    def _commands(self) -> dict[str, tuple[list[str], dict[str, str]]]:
        order = Order(self.port, self.folder, 2, self.queue.url)
        seals = {"DATABASE_SEALER_URL": self.sealer_url}
        manage = [sys.executable, "manage.py"]
        return {
            "redis": (list(self.queue.argv), {}),
            "web": (list(services.web(order).argv), {}),
            "worker": (list(services.worker().argv), seals),
            "ticker": ([*manage, "ticker", "--no-seal"], {}),
            "sealer": ([*manage, "sealer"], seals),
        }

    def kill(self, *names: str) -> None:
        """kill -9, with everything that each has started."""
        for name in names:
            process = self.running.pop(name)
            assert process.poll() is None, f"{name} ended by itself:\n{self.log(name)}"
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def log(self, name: str) -> str:
        """The end of what a process printed."""
        return (self.folder / f"{name}.log").read_text(errors="replace")[-4000:]

    def ready(self) -> None:
        """Wait until the web server can serve."""
        until(lambda: self._answers("/readyz"), "the web server is ready")

    def _answers(self, path: str) -> bool:
        with suppress(requests.RequestException):
            return bool(requests.get(self.address + path, timeout=5).status_code == 200)
        return False

    def act(self, *words: str, more: dict[str, str] | None = None) -> Any:
        """Have a process of the installation do something and tell what it says."""
        argv = [sys.executable, "-m", "tests.faults.acts", *words]
        env = self.env | {"DATABASE_SEALER_URL": self.sealer_url} | (more or {})
        done = subprocess.run(argv, cwd=ROOT, env=env, capture_output=True, text=True, check=False, timeout=120)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.splitlines()[-1])

    def begin(self, *words: str) -> Process:
        """Have a process do something on and on, until it is killed."""
        argv = [sys.executable, "-m", "tests.faults.acts", *words]
        with (self.folder / f"{words[0]}.log").open("ab") as log:
            return subprocess.Popen(argv, cwd=ROOT, env=self.env, stdout=log, stderr=log)

    def redis(self) -> "redis.Redis":
        """A client of the queue."""
        return redis.Redis.from_url(self.queue.url)

    def end(self) -> None:
        """End whatever runs."""
        for process in self.running.values():
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _prepared(parent: int, most_bytes: int) -> Callable[[], None]:
    def prepare_child() -> None:
        die_with_parent(parent)
        if most_bytes:
            resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, most_bytes))

    return prepare_child


def until(is_so: Callable[[], object], what: str, seconds: float = PATIENCE) -> Any:
    """Wait until something is so, and return what it said."""
    latest = time.monotonic() + seconds
    while time.monotonic() < latest:
        if said := is_so():
            return said
        time.sleep(0.3)
    raise AssertionError(f"It took more than {seconds} s until {what}.")


@contextmanager
def a_stack(folder: Path) -> Iterator[Stack]:
    """Everything, started and ready."""
    with private_server(is_durable=True) as database, private_s3() as s3, Sink() as mails:
        client = boto3.session.Session("testing", "testing", region_name="eu-west-1").client("s3", endpoint_url=s3)
        client.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
        servers = {name: database.environment[name] for name in ("DATABASE_URL", OWNER, "PRIVATE_SEALER_URL")}
        with installation(folder, servers) as env:
            queue = prepare(find_server(), folder)
            port = free_port()
            sealer = env.pop("DATABASE_SEALER_URL")
            env |= CREDENTIALS | {
                "REDIS_URL": queue.url,
                "EVIDENCE_STORE": f"s3://{BUCKET}/files?endpoint={s3}&region=eu-west-1",
                "EMAIL_URL": f"smtp://127.0.0.1:{mails.port}",
                "JOB_LEASE_SECONDS": str(LEASE),
                "PORT": str(port),
                "LOG_LEVEL": "ERROR",
                "CONN_MAX_AGE": "0",
            }
            stack = Stack(folder, env, database, queue, mails, port, sealer)
            try:
                stack.start("redis", "web", "worker", "ticker-1", "ticker-2", "sealer")
                stack.ready()
                yield stack
            finally:
                stack.end()
