"""What runs while Assay runs, and the commands that make its data ready."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ops.places import ROOT, VENV_PYTHON, Order

MANAGE = ROOT / "manage.py"
SHARED_MEMORY = Path("/dev/shm")  # noqa: S108 - gunicorn's heartbeat files; a disk would stall them
ROOT_IS_USUAL = "ignore:You're running the worker with superuser privileges"


@dataclass(frozen=True, slots=True)
class Service:
    """A child: what it is called, how it is started, what it needs besides the common environment."""

    name: str
    argv: tuple[str, ...]
    extra: dict[str, str] = field(default_factory=dict)
    folder: Path = ROOT


def preparations(env: Mapping[str, str]) -> tuple[Service, ...]:
    """What must have happened before the web server answers; each may be repeated at every start."""
    owner = env.get("DATABASE_OWNER_URL")
    return (
        Service("database", _manage("migrate", "--noinput"), {"DATABASE_URL": owner} if owner else {}),
        Service("catalogue", _manage("load_catalogue")),
        Service("demo organisation", _manage("load_demo", "--if-first-start")),
    )


def web(order: Order) -> Service:
    """The web server; its workers end before our own patience does."""
    heartbeat = SHARED_MEMORY if os.access(SHARED_MEMORY, os.W_OK) else order.data
    return Service(
        "web server",
        (
            *(str(VENV_PYTHON), "-m", "gunicorn", "-c", "config/gunicorn.py", "config.wsgi:application"),
            *("--bind", f"127.0.0.1:{order.port}", "--workers", str(order.web_workers), "--threads", "4"),
            *("--worker-tmp-dir", str(heartbeat), "--timeout", "60", "--graceful-timeout", "5"),
            *("--no-control-socket", "--log-level", "warning"),
        ),
    )


def worker() -> Service:
    """The one Celery worker; what else it needs is in the settings."""
    return Service(
        "worker",
        (
            *(str(VENV_PYTHON), "-m", "celery", "--quiet", "-A", "config", "worker"),
            *("--concurrency", "1", "--loglevel", "WARNING", "--without-gossip", "--without-mingle"),
        ),
        {"PYTHONWARNINGS": ROOT_IS_USUAL},
    )


def ticker() -> Service:
    """The clock that starts what is due."""
    return Service("ticker", _manage("ticker"))


def _manage(*arguments: str) -> tuple[str, ...]:
    return (str(VENV_PYTHON), str(MANAGE), *arguments)
