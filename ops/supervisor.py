"""Keeping services alive while Assay runs, and ending them all, children too, when it stops."""

import time
from collections.abc import Mapping
from dataclasses import dataclass

from ops.processes import Process, end, reap_orphans, spawn
from ops.say import Problem, say
from ops.services import Service
from ops.stop import stop

RESTARTS = 5
STEADY_SECONDS = 60.0
GRACE_SECONDS = 8.0
REDIS_GRACE_SECONDS = 2.0
ROUND_SECONDS = 0.2


@dataclass(slots=True)
class Running:
    """A service with its process, and how often it failed of late."""

    service: Service
    process: Process
    started_at: float
    failures: int = 0


class Supervisor:
    """The services of one run, in the order they were started; they end the other way round."""

    def __init__(self, env: Mapping[str, str]) -> None:
        self.env = dict(env)
        self.running: list[Running] = []

    def start(self, service: Service) -> Process:
        """Start a service and answer for it from now on."""
        process = self._spawn(service)
        self.running.append(Running(service, process, time.monotonic()))
        return process

    def forget(self, process: Process) -> None:
        """End a service that is not wanted after all."""
        end([process], grace=REDIS_GRACE_SECONDS)
        self.running = [one for one in self.running if one.process is not process]

    def watch(self) -> None:
        """Keep everything running until somebody asks us to stop or something will not stay up."""
        while True:
            for one in self.running:
                if one.process.poll() is not None:
                    self._restart(one)
            reap_orphans(known={one.process.pid for one in self.running})
            stop.pause(ROUND_SECONDS)

    def end_all(self) -> None:
        """End everything: first what does the work, then Redis, which the worker needs to finish."""
        redis = [one.process for one in self.running if one.service.name == "Redis"]
        end([one.process for one in self.running if one.process not in redis], grace=GRACE_SECONDS)
        end(redis, grace=REDIS_GRACE_SECONDS)

    def _spawn(self, service: Service) -> Process:
        return spawn(service.argv, env=self.env | service.extra, cwd=service.folder)

    def _restart(self, one: Running) -> None:
        ended = how_it_ended(one.process)
        end([one.process], grace=0)
        if time.monotonic() - one.started_at > STEADY_SECONDS:
            one.failures = 0
        one.failures += 1
        if one.failures > RESTARTS:
            raise Problem(f"The {one.service.name} {ended} and would not stay up; stopping everything.")
        delay = 2.0 ** (one.failures - 1)
        say(f"The {one.service.name} {ended}; starting it again in {delay:.0f} s ({one.failures} of {RESTARTS}).")
        stop.pause(delay)
        one.process, one.started_at = self._spawn(one.service), time.monotonic()


def how_it_ended(process: Process) -> str:
    """A process's end in words."""
    status = process.returncode
    return f"was killed by signal {-status}" if status < 0 else f"stopped with exit status {status}"
