"""Judge records by policies, shut in: a process of its own, with the standard library and regorus only.

Standard input, a line each: the policies with what they are given, then the records. Standard output, a line each:
how the policies loaded, then what each record was denied for. Where it stands lies in shared memory, so that whoever
finds it stopped knows by which policy. An evaluation that takes longer than it may ends the process.
"""

import argparse
import json
import mmap
import os
import re
import runpy
import signal
import struct
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
GUARD = runpy.run_path(str(HERE.parent.parent / "jobs" / "shut_in.py"))
LOOKING = runpy.run_path(str(HERE / "looking.py"))
PLACE = struct.Struct("<iii")
LOADING, JUDGING = 1, 2
MOST_ANSWER = 64 * 1024
MOST_ANSWERS = 64 * 1024 * 1024
PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
STATIC = ("conflicts with rule", "recursion detected", "is unsafe")
SHUT_CALLS = (("http.send", 1), ("opa.runtime", 0), ("rand.intn", 2), ("uuid.rfc4122", 1))


class Child:
    """The engine with its policies; `mark` says what it does next and starts the clock for it."""

    def __init__(self, place: mmap.mmap, seconds: float, header: dict[str, Any]) -> None:
        self.place, self.seconds, self.header = place, seconds, header
        self.regorus: Any = sys.modules["regorus"]
        self.packages: list[tuple[str, bool]] = []
        self.paths: list[str] = []
        self.written = 0

    def mark(self, phase: int, record: int, policy: int) -> None:
        """Say where it stands; SIGPROF ends it after so many seconds of CPU."""
        PLACE.pack_into(self.place, 0, phase, record, policy)
        signal.setitimer(signal.ITIMER_PROF, self.seconds)

    def engine(self) -> Any:
        """Return an engine without policies, which reads no clock but the day it is given."""
        engine = self.regorus.Engine()
        engine.set_gather_prints(True)
        for name, count in SHUT_CALLS:
            engine.add_extension(name, count, _shut)
        now = self.header["now"]
        engine.add_extension("time.now_ns", 0, lambda: now)
        engine.add_data_json(json.dumps(self.header["data"]))
        engine.set_input_json("{}")
        return engine

    def load(self) -> None:
        """Look at every policy alone, then load those without fault together, and tell what was found."""
        looks: list[Any] = []
        told: list[dict[str, Any]] = []
        for number, (name, text) in enumerate(self.header["policies"]):
            self.mark(LOADING, -1, number)
            look, faults = self.look(name, text)
            looks.append(look)
            told.append({"package": ".".join(look.package) if look else "", "faults": faults})
        self.mark(LOADING, -1, -1)
        functions = {each for look in looks if look for each in look.functions}
        self.together = self.engine()
        for (name, text), look, tale in zip(self.header["policies"], looks, told, strict=True):
            tale["faults"] += look.findings(self.builtins(), functions) if look else ()
            if not tale["faults"]:
                self.together.add_policy(name, text)
                self.take(look)
            tale["denies"] = bool(look and look.denies)
        self.say({"policies": told, "packages": [name for name, _deeper in self.packages]})

    def look(self, name: str, text: str) -> tuple[Any, list[Any]]:
        """Parse one policy and try it on an empty record."""
        engine = self.engine()
        try:
            engine.add_policy(name, text)
            (parsed,) = json.loads(engine.get_ast_as_json())
            for each in parsed["ast"]["imports"]:
                if span := each.get("as"):
                    each["alias"] = text.encode()[span["start"] : span["end"]].decode()
            look = LOOKING["Look"](parsed["ast"])
        except RecursionError:
            return None, [["deep", "", 0]]
        except RuntimeError as error:
            return None, [["rego", _words(error), 0]]
        try:
            engine.eval_query_as_json(f"{_path(look.package)}.deny" if look.denies else "1 == 1")
        except RuntimeError as error:
            words = _words(error)
            return look, [["rego", words, 0]] if any(part in words for part in STATIC) else []
        return look, []

    def take(self, look: Any) -> None:
        """Note a package that denies; one that several files share is judged once."""
        name = ".".join(look.package)
        known = dict(self.packages)
        if look.denies and name not in known:
            self.packages.append((name, look.denies_deeper))
            self.paths.append(f"{_path(look.package)}.deny")
        elif look.denies_deeper and not known.get(name, True):
            self.packages = [(each, deeper or each == name) for each, deeper in self.packages]

    def builtins(self) -> frozenset[str]:
        """Return the functions this engine has."""
        if not hasattr(self, "_builtins"):
            engine = self.regorus.Engine()
            told = json.loads(engine.eval_query_as_json("opa.runtime()"))
            names = told["result"][0]["expressions"][0]["value"]["builtins"]
            self._builtins = frozenset(names) | frozenset(LOOKING["ALSO_THERE"])
        return self._builtins

    def judge(self, lines: Iterator[bytes]) -> None:
        """Judge record after record, each by all packages."""
        skipped = {(record, package) for record, package in self.header["skip"]}
        stopped = set(self.header["stopped"])
        asked = [
            (number, name, self.asker(number, deeper=deeper))
            for number, (name, deeper) in enumerate(self.packages)
            if name not in stopped
        ]
        for record, line in enumerate(lines, self.header["first"]):
            try:
                self.together.set_input_json(line.decode())
            except RuntimeError as error:
                self.say([record, [[number, "error", _words(error)] for number, _name, _ask in asked]])
                continue
            found = []
            for number, name, ask in asked:
                if (record, name) in skipped:
                    continue
                self.mark(JUDGING, record, number)
                if answer := _answer(ask):
                    found.append([number, *answer])
            self.together.take_prints()
            self.say([record, found])

    def asker(self, number: int, *, deeper: bool) -> Callable[[], str]:
        """Return how a package is asked: by its rule, or, where parts of `deny` have names of their own, by a query."""
        path, engine = self.paths[number], self.together
        if not deeper:
            return lambda: engine.eval_rule_as_json(path)

        def query() -> str:
            told = json.loads(engine.eval_query_as_json(path))
            return json.dumps(told["result"][0]["expressions"][0]["value"]) if told.get("result") else '"<undefined>"'

        return query

    def say(self, told: Any) -> None:
        """Write a line at once: what was said stands, whatever happens next."""
        line = json.dumps(told).encode() + b"\n"
        self.written += len(line)
        if self.written > MOST_ANSWERS:
            os.kill(os.getpid(), signal.SIGUSR1)
        while line:
            line = line[os.write(1, line) :]


def _answer(ask: Callable[[], str]) -> tuple[str, str] | None:
    try:
        said = ask()
    except RuntimeError as error:
        return "error", _words(error)
    if said in ("[]", '"<undefined>"', "false", "{}"):
        return None
    return ("deny", said) if len(said) <= MOST_ANSWER else ("long", "")


def _shut(*_given: object) -> None:
    raise PermissionError("it is shut")


def _path(parts: tuple[str, ...]) -> str:
    return "data" + "".join(f".{part}" if PLAIN.fullmatch(part) else f"[{json.dumps(part)}]" for part in parts)


def _words(error: BaseException) -> str:
    return str(error).partition("\nStack backtrace")[0].strip()[:2_000]


def main() -> None:
    """Close every door, load, judge."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--memory", type=int, required=True)
    parser.add_argument("--cpu", type=int, required=True)
    parser.add_argument("--seconds", type=float, required=True)
    parser.add_argument("--place", type=int, required=True)
    given = parser.parse_args()
    GUARD["limit"](given.memory, given.cpu)
    place = mmap.mmap(given.place, PLACE.size)
    try:
        import regorus  # type: ignore[import-untyped]  # noqa: F401, PLC0415
    except ImportError as error:
        sys.stdout.write(json.dumps({"missing": str(error)}) + "\n")
        return
    GUARD["shut_in"]()
    child = Child(place, given.seconds, json.loads(sys.stdin.buffer.readline()))
    child.load()
    child.judge(iter(sys.stdin.buffer))
    PLACE.pack_into(place, 0, 0, 0, 0)
    os._exit(0)


if __name__ == "__main__":
    main()
