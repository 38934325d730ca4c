"""Typed makers of work and mail; each goes through the actions."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from threading import Barrier
from typing import Any

from django.db import connection

from accounts.actor import service
from jobs.actions import deliver, enqueue
from jobs.models import Delivery, Job
from jobs.registry import handles

_number = count(1)


def a_kind(
    work: Callable[..., Any] = lambda _job, _tell: None, finish: Callable[..., Any] = lambda _job, _outcome: {}
) -> str:
    """A kind of job with a handler of its own."""
    kind = f"test.{next(_number)}"
    handles(kind, work, finish)
    return kind


def a_job(kind: str = "", **payload: Any) -> Job:
    """A queued job."""
    return enqueue(kind or a_kind(), dedupe_key=f"key {next(_number)}", actor=service("test"), payload=payload)


def a_mail(key: str = "", to: str = "priya@example.org", subject: str = "Due soon") -> Delivery:
    """A mail to be sent."""
    return deliver(key=key or f"mail {next(_number)}", to=to, subject=subject, body="Surveillance 1 is due.")


def at_once(action: Callable[[], Any], times: int = 4) -> list[Any]:
    """What the action returns when several threads, each with its own connection, begin it together."""
    together = Barrier(times)

    def begin(_turn: int) -> Any:
        together.wait()
        try:
            return action()
        finally:
            connection.close()

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(begin, range(times)))
