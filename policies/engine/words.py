"""What the engine found, in words for whoever wrote the policy or reads its result."""

import json
import re
import signal
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from policies.engine.shapes import PASSED, Denial, Fault, Limits, Outcome, State

WHERE = re.compile(r"--> (?:.*):(\d+):\d+\n")
ERROR = re.compile(r"error: (.+)", re.DOTALL)
MOST = 300


def fault(source: str, kind: str, name: str, line: int) -> Fault:
    """Put a finding of the child into words."""
    if kind == "rego":
        return Fault(source, _line(name), _rego(name))
    return Fault(source, line, _finding(kind, name))


def _finding(kind: str, name: str) -> str:
    match kind:
        case "network":
            return _("It asks for the network (%s). A policy judges the record and nothing else.") % name
        case "environment":
            return _("It asks for the environment it runs in (%s). A policy judges the record and nothing else.") % name
        case "policies":
            return _("It reads policies instead of the record (%s).") % name
        case "chance":
            return _("It depends on chance (%s). The same record must always be judged the same.") % name
        case "reserved":
            return _("It sets %s, which holds the day it is judged on.") % name
        case "import":
            return _("It imports %s. Only rego.v1, data and input can be imported.") % name
        case "deep":
            return _("It is nested too deep to be read.")
        case _:
            return _("There is no function %s here.") % (name or _("of that name"))


def _rego(raw: str) -> str:
    words = _reason(raw)
    if "keyword is required before rule" in words:
        return _("This is Rego of version 0: %s. Write `deny contains message if { … }`.") % words
    if "expecting `package`" in words:
        return _("It has no package. Begin the file with a line such as `package iso42001.bias`.")
    return _("This is not Rego: %s.") % words


def _reason(raw: str) -> str:
    said = ERROR.search(raw)
    words = " ".join((said.group(1) if said else raw).split("\n-->")[0].split())
    return words[:MOST].rstrip(".:")


def _line(raw: str) -> int:
    where = WHERE.search(raw)
    return int(where.group(1)) if where else 0


def outcome(kind: str, said: str, package: str, files: tuple[str, ...]) -> Outcome:
    """Return what an answer of the child means for its record."""
    if kind == "error":
        where = f"{files[0]}:{_line(said)}" if len(files) == 1 and _line(said) else ", ".join(files)
        return broken(_("%(where)s: it could not judge this record: %(why)s.") % {"where": where, "why": _reason(said)})
    if kind == "long":
        return broken(_("%s: it says more than 64 KB about this record.") % ", ".join(files))
    try:
        denials = tuple(dict.fromkeys(_denials(json.loads(said), _("%s denies without saying why.") % package)))
    except _Unclear:
        words = _("%s: deny must hold texts, or objects with a text `msg`.")
        return broken(words % ", ".join(files))
    return Outcome(State.FAILED, denials) if denials else PASSED


class _Unclear(Exception):
    pass


def _denials(value: Any, otherwise: str) -> Iterator[Denial]:
    """Return the messages of a `deny` in any shape Rego gives it: a set, one value, or values by names of their own.

    What is neither text nor message is not guessed.
    """
    if isinstance(value, list):
        for item in value:
            yield from _message(item, otherwise)
    elif isinstance(value, dict) and "msg" not in value:
        for name, item in value.items():
            yield from _denials(item, name)
    else:
        yield from _message(value, otherwise)


def _message(value: Any, otherwise: str) -> Iterator[Denial]:
    match value:
        case str() | True:
            yield Denial(value.strip() if value is not True and value.strip() else otherwise)
        case {"msg": str() as message}:
            where = value.get("field")
            yield Denial(message.strip() or otherwise, where if isinstance(where, str) else "")
        case _ if value is not False:
            raise _Unclear


def broken(words: str) -> Outcome:
    """Return the outcome of a policy that could not say anything."""
    return Outcome(State.ERROR, error=words)


def stopped(status: int, limits: Limits, *, is_late: bool) -> str:
    """Say why a child was stopped, by how it ended."""
    if -status == signal.SIGXCPU:
        return _("it was stopped: it takes too long over all records")
    if is_late or -status == signal.SIGPROF:
        return _("it was stopped: it takes longer than %g seconds for one record") % limits.seconds
    if -status == signal.SIGSEGV:
        return _("it was stopped: it crashed, as a function does that calls itself without end")
    if -status == signal.SIGUSR1:
        return _("it was stopped: it says more than can be kept")
    return _("it was stopped: it needs more than %d MB of memory") % (limits.memory // 1024 // 1024)
