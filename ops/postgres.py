"""A private PostgreSQL for tests and benchmarks: `python -m ops.postgres -- COMMAND…` runs a command beside one."""

import os
import secrets
import shutil
import signal
import socket
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ops import machine
from ops.commands import Command, run, show, works
from ops.places import inherited
from ops.processes import Process, end, guarded, spawn
from ops.redis import free_port
from ops.say import Problem, complain
from ops.stop import Stopped, stop

DEBIAN_SERVERS = Path("/usr/lib/postgresql")
SERVER_ACCOUNTS = ("postgres", "nobody")
START_SECONDS = 30.0
GRACE_SECONDS = 8.0
FAST = ("fsync=off", "full_page_writes=off", "max_wal_senders=0", "wal_level=minimal")
CARELESS = "synchronous_commit=off"  # a crash may lose what was just acknowledged
ROLES = """\
CREATE ROLE assay_owner LOGIN CREATEDB PASSWORD '{owner}';
CREATE ROLE assay_app LOGIN PASSWORD '{app}';
CREATE ROLE assay_sealer LOGIN PASSWORD '{sealer}';
\\connect template1
{rights}
\\connect postgres
CREATE DATABASE assay OWNER assay_owner;
"""
# What the application may do in tables that the owner makes: no TRUNCATE, no change of the schema.
RIGHTS = """\
ALTER DEFAULT PRIVILEGES FOR ROLE assay_owner GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO assay_app;
ALTER DEFAULT PRIVILEGES FOR ROLE assay_owner GRANT USAGE, SELECT ON SEQUENCES TO assay_app;
"""


@dataclass(frozen=True, slots=True)
class Cluster:
    """One throw-away database server: where it lives, who owns its files, what opens it."""

    programs: Path
    folder: Path
    account: str | None
    port: int
    owner_password: str
    app_password: str
    sealer_password: str
    is_durable: bool = False

    @property
    def environment(self) -> dict[str, str]:
        """The doors: the application's, which row-level security binds, and the owner's, which migrates.

        The sealer's stands under a name of its own: tests of one process seal in the transaction that they undo.
        """
        return {
            "DATABASE_URL": self._url("assay_app", self.app_password),
            "DATABASE_OWNER_URL": self._url("assay_owner", self.owner_password),
            "PRIVATE_SEALER_URL": self._url("assay_sealer", self.sealer_password),
        }

    def _url(self, role: str, password: str) -> str:
        return f"postgresql://{role}:{password}@127.0.0.1:{self.port}/assay"

    @property
    def superuser(self) -> list[str]:
        """How the server's own account asks for something, through its socket and without a password."""
        connection = ["-h", str(self.folder), "-p", str(self.port), "-U", "assay_super", "-d", "postgres"]
        return [str(self.programs / "psql"), "-X", "-q", "-v", "ON_ERROR_STOP=1", *connection]


def main(argv: Sequence[str]) -> int:
    """Run a command with DATABASE_URL and DATABASE_OWNER_URL set; its exit status is ours."""
    stop.listen()
    command = list(argv[1:] if argv[:1] == ["--"] else argv)
    try:
        with guarded(), private_postgres() as database:
            return show(command, env=inherited() | database)
    except Stopped:
        return 130
    except Problem as problem:
        complain(problem)
        return 1


class Server:
    """A running cluster, which a test may crash and start again."""

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster
        self.environment = cluster.environment
        self._process = _start(cluster)

    def wait(self) -> None:
        """Wait until it answers, raising Problem when it does not."""
        _wait_for(self.cluster, self._process)

    def crash(self) -> None:
        """End it at once, as a power cut would, with whatever its clients were doing."""
        self._process.send_signal(signal.SIGQUIT)
        end([self._process], grace=GRACE_SECONDS)

    def start_again(self) -> None:
        """Start it on the same data and port; it recovers first."""
        self._process = _start(self.cluster)
        self.wait()

    def stop(self) -> None:
        """End it in order: a fast shutdown does not wait for clients."""
        self._process.send_signal(signal.SIGINT)
        end([self._process], grace=GRACE_SECONDS)


@contextmanager
def private_postgres() -> Iterator[dict[str, str]]:
    """A server that exists as long as the block, and the environment that reaches it."""
    with private_server() as server:
        yield server.environment


@contextmanager
def private_server(*, is_durable: bool = False) -> Iterator[Server]:
    """A server that exists as long as the block; a durable one loses nothing when it is crashed."""
    programs = find_programs()
    if programs is None:
        raise Problem(machine.what_to_install([POSTGRES]))
    account = server_account()
    folder = Path(tempfile.mkdtemp(prefix="assay-pg-"))
    try:
        if account:
            shutil.chown(folder, account)
        owner, app, sealer = (secrets.token_hex(16) for _role in range(3))
        cluster = Cluster(programs, folder, account, free_port(), owner, app, sealer, is_durable)
        with _serving(cluster) as server:
            yield server
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _serving(cluster: Cluster) -> Iterator[Server]:
    _initialise(cluster)
    server = Server(cluster)
    try:
        server.wait()
        _create_roles(cluster)
        yield server
    finally:
        server.stop()


def _initialise(cluster: Cluster) -> None:
    locale = "C.UTF-8" if sys.platform == "linux" else "C"
    argv: Command = [
        cluster.programs / "initdb",
        "-D",
        cluster.folder / "data",
        "-U",
        "assay_super",
        "-E",
        "UTF8",
        "-N",
    ]
    access = ["--auth-local=trust", "--auth-host=scram-sha-256", f"--locale={locale}"]
    run([*argv, *access], doing="Making a PostgreSQL for the tests", user=cluster.account)


def _start(cluster: Cluster) -> Process:
    chosen = FAST if cluster.is_durable else (*FAST, CARELESS)
    options = [word for option in chosen for word in ("-c", option)]
    where: Command = ["-D", cluster.folder / "data", "-k", cluster.folder, "-h", "127.0.0.1", "-p", str(cluster.port)]
    with (cluster.folder / "server.log").open("wb") as log:
        argv = [cluster.programs / "postgres", *where, *options]
        return spawn(argv, env=inherited(), cwd=cluster.folder, output=log, user=cluster.account)


def _wait_for(cluster: Cluster, process: Process) -> None:
    for _round in range(int(START_SECONDS / 0.1)):
        if process.poll() is not None:
            break
        if _listens(cluster.port) and works([*cluster.superuser, "-c", "SELECT 1"]):
            return
        stop.pause(0.1)
    log = (cluster.folder / "server.log").read_text(errors="replace")
    raise Problem(f"The private PostgreSQL did not start:\n{log[-2000:]}")


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _create_roles(cluster: Cluster) -> None:
    script = cluster.folder / "roles.sql"
    script.touch(mode=0o600)
    passwords = {"owner": cluster.owner_password, "app": cluster.app_password, "sealer": cluster.sealer_password}
    script.write_text(ROLES.format(**passwords, rights=RIGHTS))
    run([*cluster.superuser, "-f", script], doing="Making the database roles")


def find_programs() -> Path | None:
    """The folder of the newest PostgreSQL server on this machine."""
    versions = [path.parent for path in DEBIAN_SERVERS.glob("*/bin/initdb")]
    versions.sort(key=lambda programs: float(programs.parent.name))
    if on_path := shutil.which("initdb"):
        versions.append(Path(on_path).resolve().parent)
    usable = [programs for programs in versions if all((programs / name).exists() for name in ("postgres", "psql"))]
    return usable[-1] if usable else None


def server_account() -> str | None:
    """The account the server runs as: ours, or, as it refuses root, one that has no rights."""
    if os.geteuid() != 0:
        return None
    for account in SERVER_ACCOUNTS:
        if works(["id", "-u", account]):
            return account
    raise Problem("PostgreSQL refuses to run as root and there is neither a postgres nor a nobody account.")


POSTGRES = machine.Need("PostgreSQL", lambda: find_programs() is not None, "postgresql", "postgresql@17")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
