"""`make run`: prepare everything, start everything, stop everything."""

import fcntl
import http.client
import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from ops import machine, redis, services, venv
from ops.commands import run
from ops.places import Order
from ops.processes import Process, die_with_parent, guarded
from ops.redis import PrivateRedis
from ops.say import Problem, complain, say, step
from ops.services import Service
from ops.stop import Stopped, stop
from ops.supervisor import Supervisor, how_it_ended

READY_SECONDS = 120.0
REDIS_SECONDS = 15.0
HEALTHY = 200


def main() -> int:
    """Run until told to stop; 0 after an orderly end, 1 after a problem."""
    stop.listen()
    if os.environ.get("MAKELEVEL"):
        die_with_parent(os.getppid())
    try:
        order = Order.read(os.environ)
        with only_run_on(order), guarded():
            refuse_taken(order.port)
            prepare_machine()
            serve(order)
    except Stopped:
        say("Assay has stopped. Its data is kept.")
        return 0
    except Problem as problem:
        complain(problem)
    return 1


def prepare_machine() -> None:
    """Have the packages, the libraries and the Python environment."""
    say("Setting up Assay")
    machine.ensure(machine.LIBRARIES, optional=[machine.INTER, machine.EAST_ASIAN])
    venv.ensure(venv.RUN)


def serve(order: Order) -> None:
    """Start everything and keep it running; whatever happens, leave nothing behind."""
    supervisor = Supervisor(order.environment(order.redis_url))
    try:
        if not order.redis_url:
            start_redis(supervisor, order)
        for one in services.preparations(supervisor.env):
            with step(one.name):
                run(one.argv, doing=f"Preparing the {one.name}", env=supervisor.env | one.extra)
        start_services(supervisor, order)
        announce(order)
        supervisor.watch()
    finally:
        supervisor.end_all()


def start_redis(supervisor: Supervisor, order: Order) -> None:
    """Start our Redis; if it cannot start on what it kept, start it afresh."""
    server = redis.find_server()
    with step("Redis"):
        private = redis.prepare(server, order.data)
        if not _started(supervisor, private):
            private.set_aside()
            private = redis.prepare(server, order.data)
            if not _started(supervisor, private):
                raise Problem(f"Redis does not start; {private.folder / 'redis.log'} says why.")
    supervisor.env["REDIS_URL"] = private.url


def _started(supervisor: Supervisor, private: PrivateRedis) -> bool:
    process = supervisor.start(Service("Redis", private.argv, folder=private.folder))
    for _round in range(int(REDIS_SECONDS / 0.1)):
        if private.answers():
            return True
        if process.poll() is not None:
            break
        stop.pause(0.1)
    supervisor.forget(process)
    return False


def start_services(supervisor: Supervisor, order: Order) -> None:
    """Start web server, worker and ticker, and wait until the web server answers."""
    with step("web server, worker, ticker"):
        web = supervisor.start(services.web(order))
        supervisor.start(services.worker())
        supervisor.start(services.ticker())
        wait_until_healthy(order, web)


def wait_until_healthy(order: Order, web: Process) -> None:
    """Wait for /healthz to answer 200, or say what it answered instead."""
    answer = "nothing"
    for _round in range(int(READY_SECONDS / 0.2)):
        if web.poll() is not None:
            raise Problem(f"The web server did not start on port {order.port}: it {how_it_ended(web)}.")
        answer = health(order.port)
        if answer == str(HEALTHY):
            return
        stop.pause(0.2)
    raise Problem(f"The web server is not ready: /healthz answered {answer} for {READY_SECONDS:.0f} s.")


def health(port: int) -> str:
    """The status that /healthz answers, or "nothing"."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return str(connection.getresponse().status)
    except (OSError, http.client.HTTPException):
        return "nothing"
    finally:
        connection.close()


def announce(order: Order) -> None:
    """Say where Assay is and who can sign in to the demo."""
    say(f"\nAssay is ready: {order.address}")
    for line in sign_ins(order.data / "demo-sign-in.txt"):
        say(line)
    say("Ctrl-C stops it.")


def sign_ins(file: Path) -> list[str]:
    """The demo's people as aligned lines, one role each; none where there is no demo."""
    if not file.is_file():
        return []
    people = [line.rsplit(maxsplit=2) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
    widths = [max(len(person[column]) for person in people) for column in range(3)]
    rows = ["  ".join(cell.ljust(width) for cell, width in zip(person, widths, strict=True)) for person in people]
    return ["Demo sign-ins (role, e-mail, password):", *(f"  {row.rstrip()}" for row in rows)]


@contextmanager
def only_run_on(order: Order) -> Iterator[None]:
    """Hold the data folder for this run; a second one on the same folder is refused."""
    with open_lock(order.data) as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            holder = lock.read().strip() or "another run"
            raise Problem(
                f"Assay already runs on {order.data} ({holder}): stop that first, or set ASSAY_DATA."
            ) from None
        lock.truncate(0)
        lock.write(f"process {os.getpid()}, {order.address}\n")
        lock.flush()
        yield


def open_lock(data: Path) -> TextIO:
    """Open the lock in the data folder, which nobody else may read."""
    try:
        data.mkdir(parents=True, exist_ok=True, mode=0o700)
        return (data / "run.lock").open("a+")
    except OSError as error:
        raise Problem(
            f"The data folder {data} cannot be used: {error.strerror}. Choose another with ASSAY_DATA=…"
        ) from None


def refuse_taken(port: int) -> None:
    """Refuse a port that somebody listens on, or that we may not have, before anything is started."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            raise Problem(f"Port {port} cannot be used ({reason}): free it, or choose another with PORT=…") from None


if __name__ == "__main__":
    sys.exit(main())
