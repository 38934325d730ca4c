"""What a policy says about itself, in the `# METADATA` comment that Rego knows."""

import re
from dataclasses import dataclass
from typing import Any

import yaml
from django.utils.translation import gettext as _

from policies.stages import STAGES

BLOCKING, ADVICE = "blocking", "advice"
CONTROL = re.compile(r"[A-Z0-9][A-Za-z0-9.]{0,18}")
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Metadata:
    """Title, the controls a policy serves, the stage it is due from, and whether it shuts a gate or advises.

    `lacks` says what is missing or wrong; a policy that is kept must lack nothing.
    """

    title: str = ""
    description: str = ""
    controls: tuple[str, ...] = ()
    due_from: str = ""
    severity: str = BLOCKING
    lacks: tuple[str, ...] = ()
    line: int = 0


def metadata_of(text: str) -> Metadata:
    """Read the first metadata comment of a policy."""
    found, line = _block(text)
    if found is None:
        return Metadata(
            lacks=(_("It has no metadata: begin with `# METADATA`, `# title:` and the controls it serves."),)
        )
    try:
        said = yaml.load(found, Loader=_Loader)  # noqa: S506  (the safe loader, in C where there is one)
    except (yaml.YAMLError, RecursionError):
        said = None
    if not isinstance(said, dict):
        return Metadata(lacks=(_("Its metadata is not YAML."),), line=line)
    return _metadata(said, line)


def _block(text: str) -> tuple[str | None, int]:
    lines = text.removeprefix("\ufeff").splitlines()
    start = next((number for number, line in enumerate(lines) if line.strip() == "# METADATA"), None)
    if start is None:
        return None, 0
    block = []
    for line in lines[start + 1 :]:
        if not line.startswith("#"):
            break
        block.append(line[1:].removeprefix(" "))
    return "\n".join(block), start + 1


def _metadata(said: dict[str, Any], line: int) -> Metadata:
    custom = said.get("custom")
    custom = custom if isinstance(custom, dict) else {}
    controls = custom.get("controls", custom.get("control")) or ()
    controls = (controls,) if isinstance(controls, str) else controls
    title, due_from = _text(said.get("title")), _text(custom.get("due_from"))
    severity = _text(custom.get("severity")) or BLOCKING
    lacks = []
    if not title or len(title) > 160:
        lacks.append(_("Its metadata has no title of up to 160 characters."))
    if not controls or not _are_controls(controls):
        controls = ()
        lacks.append(_("Its metadata names no control: write `custom:` and `controls: [A.7.4]`."))
    if due_from and due_from not in STAGES:
        lacks.append(_("due_from must be one of %s.") % ", ".join(STAGES))
        due_from = ""
    if severity not in (BLOCKING, ADVICE):
        lacks.append(_("severity must be blocking or advice."))
        severity = BLOCKING
    return Metadata(title, _text(said.get("description")), tuple(controls), due_from, severity, tuple(lacks), line)


def _are_controls(controls: Any) -> bool:
    return isinstance(controls, list | tuple) and all(
        isinstance(each, str) and CONTROL.fullmatch(each) for each in controls
    )


def _text(value: Any) -> str:
    return " ".join(value.split()) if isinstance(value, str) else ""
