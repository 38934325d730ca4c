"""Start the child that judges, feed it policies and records, and go on without the policy that brought it down."""

import json
import mmap
import os
import signal
import struct
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from policies.engine.shapes import LIMITS, PASSED, Fault, Judgement, Limits, NoEngine, Outcome, Source
from policies.engine.words import broken, fault, outcome, stopped

CHILD = Path(__file__).with_name("child.py")
PLACE = struct.Struct("<iii")
LOADING = 1
EACH = 0.0005
WALL = 10

Record = dict[str, Any]


def is_here() -> bool:
    """Tell whether this machine has the engine: there are wheels for Linux on x86-64 and for macOS on arm64 only."""
    return find_spec("regorus") is not None


def judge(sources: Sequence[Source], records: Iterable[Record], *, today: date, limits: Limits = LIMITS) -> Judgement:
    """Judge every record by every policy that can be used; raises NoEngine where there is none.

    A policy that takes too long or too much for a record is in error there, and after some records everywhere.
    """
    if not is_here():
        raise NoEngine(no_engine())
    return _Run(sources, today, limits).judge(records)


def inspect(source: Source, *, limits: Limits = LIMITS) -> Judgement:
    """Look at one policy, to find out whether it can be used."""
    return judge([source], [], today=date(2000, 1, 1), limits=limits)


def no_engine() -> str:
    """Say that there is no engine here, and where there is."""
    return _(
        "Policies cannot be judged on this machine: regorus is not installed (it comes for Linux on x86-64 with "
        "glibc 2.34 or newer, and for macOS on arm64). Nothing counts as passed."
    )


@dataclass(slots=True)
class _Ended:
    """How a child ended: what it said, where it stood."""

    lines: list[Any]
    status: int
    is_late: bool
    phase: int
    record: int
    policy: int


class _Run:
    def __init__(self, sources: Sequence[Source], today: date, limits: Limits) -> None:
        self.limits, self.today = limits, today
        self.told = Judgement()
        self.sources: list[Source] = []
        self.skip: dict[tuple[int, str], str] = {}
        self.strikes: dict[str, int] = {}
        self.stopped: dict[str, str] = {}
        for source in sources:
            if source.fault:
                self.told.faults.append(Fault(source.name, 0, source.fault))
            elif len(source.text.encode("utf-8", "replace")) > limits.most_text:
                words = _("It is longer than %d KB.") % (limits.most_text // 1024)
                self.told.faults.append(Fault(source.name, 0, words))
            else:
                self.sources.append(Source(source.name, _clean(source.text)))

    def judge(self, records: Iterable[Record]) -> Judgement:
        is_begun = False
        for lines in _batches(records, self.limits):
            self._batch(lines)
            is_begun = True
        if not is_begun:
            self._batch([])
        return self.told

    def _batch(self, lines: list[bytes]) -> None:
        base = len(self.told.outcomes)
        done = 0
        while True:
            ended = self._start(lines[done:], base + done)
            self._take_head(ended)
            for number, found in ended.lines[1:]:
                self.told.outcomes.append(self._outcomes(number, found))
            done = len(self.told.outcomes) - base
            if ended.status == 0 and done == len(lines):
                return
            self._blame(ended)

    def _take_head(self, ended: _Ended) -> None:
        """Note which policies are used; the first child knows, those after it only know fewer."""
        if not ended.lines:
            return
        head = ended.lines[0]
        if "missing" in head:
            raise NoEngine(no_engine())
        self.packages: list[str] = head["packages"]
        files: dict[str, list[str]] = {}
        faults = []
        for source, tale in zip(self.sources, head["policies"], strict=True):
            self.told.about[source.name] = tale["package"]
            if tale["faults"]:
                faults += [fault(source.name, *each) for each in tale["faults"]]
            elif tale["denies"]:
                files.setdefault(tale["package"], []).append(source.name)
        self.told.faults += [each for each in faults if each not in self.told.faults]
        self.told.packages = {name: tuple(files[name]) for name in self.packages}

    def _outcomes(self, number: int, found: list[tuple[int, str, str]]) -> dict[str, Outcome]:
        outcomes = dict.fromkeys(self.packages, PASSED)
        for package in self.packages:
            why = self.stopped.get(package) or self.skip.get((number, package))
            if why:
                outcomes[package] = broken(f"{', '.join(self.told.packages[package])}: {why}.")
        for index, kind, said in found:
            package = self.packages[index]
            outcomes[package] = outcome(kind, said, package, self.told.packages[package])
        return outcomes

    def _blame(self, ended: _Ended) -> None:
        """Leave out what brought the child down, raising NoEngine where that was no policy."""
        why = stopped(ended.status, self.limits, is_late=ended.is_late)
        if ended.phase == LOADING and 0 <= ended.policy < len(self.sources):
            source = self.sources.pop(ended.policy)
            self.told.faults.append(Fault(source.name, 0, f"{why[:1].upper()}{why[1:]}."))
            return
        if ended.phase <= LOADING or (ended.record, self.packages[ended.policy]) in self.skip:
            raise NoEngine(_("The engine of policies fell over (status %d). Nothing counts as passed.") % ended.status)
        package = self.packages[ended.policy]
        self.skip[ended.record, package] = why
        self.strikes[package] = self.strikes.get(package, 0) + 1
        if self.strikes[package] >= self.limits.strikes:
            self.stopped[package] = why

    def _header(self, first: int) -> bytes:
        midnight = datetime.combine(self.today, time(), UTC)
        header = {
            "policies": [(source.name, source.text) for source in self.sources],
            "data": {"assay": {"today": self.today.isoformat()}},
            "now": int(midnight.timestamp()) * 10**9,
            "first": first,
            "skip": [pair for pair in self.skip if pair[0] >= first],
            "stopped": list(self.stopped),
        }
        return json.dumps(header).encode() + b"\n"

    def _start(self, lines: list[bytes], first: int) -> _Ended:
        """Run one child to its end, which may come early."""
        cpu = int(2 * self.limits.seconds + EACH * len(lines) * max(len(self.sources), 1)) + 1
        with tempfile.TemporaryFile() as place:
            place.write(bytes(PLACE.size))
            place.flush()
            with subprocess.Popen(  # noqa: S603  (our own file, no shell)
                [
                    *(sys.executable, "-I", str(CHILD), "--place", str(place.fileno()), "--cpu", str(cpu)),
                    *("--memory", str(self.limits.memory), "--seconds", str(self.limits.seconds)),
                ],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd="/",
                env={},
                pass_fds=[place.fileno()],
                start_new_session=True,
            ) as child:
                said, is_late = _talk(child, self._header(first) + b"".join(lines), WALL + 5 * cpu)
            with mmap.mmap(place.fileno(), PLACE.size, prot=mmap.PROT_READ) as where:
                stood = PLACE.unpack(where[:])
        whole = said.rpartition(b"\n")[0]
        answers = [json.loads(line) for line in whole.split(b"\n")] if whole else []
        return _Ended(answers, child.returncode, is_late, *stood)


def _talk(child: subprocess.Popen[bytes], given: bytes, seconds: float) -> tuple[bytes, bool]:
    """Give the child its input and take everything it says, even if it has to be stopped."""
    is_late = False
    try:
        said, _errors = child.communicate(given, timeout=seconds)
    except subprocess.TimeoutExpired:
        is_late = True
        _kill(child)
        said, _errors = child.communicate()
    finally:
        _kill(child)
    return said, is_late


def _kill(child: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)


def _batches(records: Iterable[Record], limits: Limits) -> Iterator[list[bytes]]:
    """Cut records into what one child is given, so that many large ones do not fill memory."""
    lines: list[bytes] = []
    size = 0
    for record in records:
        line = json.dumps(record, ensure_ascii=False).encode("utf-8", "replace") + b"\n"
        if lines and (len(lines) >= limits.batch or size + len(line) > limits.batch_bytes):
            yield lines
            lines, size = [], 0
        lines.append(line)
        size += len(line)
    if lines:
        yield lines


def _clean(text: str) -> str:
    """Drop a byte order mark and halves of characters, which are not text."""
    return text.removeprefix("\ufeff").encode("utf-8", "replace").decode()
