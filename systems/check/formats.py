"""Print what was found: for people, for programs, for build servers."""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from systems.check.checking import Checked, Said

NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


def text(files: Sequence[Checked]) -> str:
    """Return lines for people, with a summary at the end."""
    return "\n".join([*_lines(files), _summary(files)])


def _lines(files: Iterable[Checked]) -> Iterator[str]:
    for file in files:
        if file.is_allowed:
            continue
        yield _flat(file.path)
        for said in file.errors:
            yield f"  error  {_flat(_placed(said))}"
        for said in file.deny:
            yield f"  deny   {_flat(_placed(said))}"


def _placed(said: Said) -> str:
    return _("line %(line)d: %(words)s") % {"line": said.line, "words": said.words} if said.line else said.words


def _summary(files: Sequence[Checked]) -> str:
    wrong = sum(not file.is_allowed for file in files)
    counted = ngettext("%d file", "%d files", len(files)) % len(files)
    return _("%(files)s: %(right)d allowed, %(wrong)d not.") % {
        "files": counted,
        "right": len(files) - wrong,
        "wrong": wrong,
    }


def as_json(files: Sequence[Checked]) -> str:
    """Return one object, a key for each file as it was named."""
    told: dict[str, Any] = {
        file.path: {
            "allow": file.is_allowed,
            "deny": [said.words for said in file.deny],
            "errors": [_placed(said) for said in file.errors],
        }
        for file in files
    }
    return json.dumps(told, ensure_ascii=False, indent=2)


def junit(files: Sequence[Checked]) -> str:
    """Return a test suite with a case for each file."""
    suites = Element("testsuites")
    errors = sum(bool(file.errors) for file in files)
    failures = sum(bool(file.deny and not file.errors) for file in files)
    counts = {"tests": str(len(files)), "failures": str(failures), "errors": str(errors)}
    suite = SubElement(suites, "testsuite", {"name": "check_systems"} | counts)
    for file in files:
        path = _xml(file.path)
        case = SubElement(suite, "testcase", name=path, classname="check_systems", file=path)
        for kind, said in (("error", file.errors), ("failure", [] if file.errors else file.deny)):
            if said:
                message = _xml(_flat(_placed(said[0])))
                every = [*said, *(file.deny if kind == "error" else ())]
                SubElement(case, kind, message=message).text = _xml("\n".join(map(_placed, every)))
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(suites, encoding="unicode")


def github(files: Sequence[Checked]) -> str:
    """Return workflow commands that GitHub shows beside the lines they are about."""
    commands = [
        f"::error file={_property(file.path)}{f',line={said.line}' if said.line else ''}::{_data(said.words)}"
        for file in files
        for said in (*file.errors, *file.deny)
    ]
    return "\n".join([*commands, _summary(files)])


def _data(value: str) -> str:
    return value.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(value: str) -> str:
    return _data(value).replace(":", "%3A").replace(",", "%2C")


def _flat(value: str) -> str:
    return CONTROLS.sub(" ", value)


def _xml(value: str) -> str:
    return NOT_XML.sub("\ufffd", value)


FORMATS = {"text": text, "json": as_json, "junit": junit, "github": github}
