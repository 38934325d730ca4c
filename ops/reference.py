"""The generated parts of the reference pages: `python -m ops.reference` writes them from what the code declares.

A part stands between `<!-- made by make reference: NAME -->` and `<!-- end -->`; what is around it is written by hand.
"""

import argparse
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from inspect import getdoc
from itertools import groupby
from pathlib import Path

import django

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
SCHEMA = (ROOT / "systems" / "record" / "schema.json", DOCS / "ai-system.schema.json")
PART = re.compile(r"(<!-- made by make reference: (\w+) -->\n).*?(<!-- end -->)", re.S)
OUR_COMMANDS_ARE_IN = "management/commands"


def main() -> int:
    """Write every page that has a generated part, and say which ones changed."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    for page in sorted(DOCS.glob("*.md")):
        text = page.read_text(encoding="utf-8")
        if (made := filled(text)) != text:
            page.write_text(made, encoding="utf-8")
            print(f"docs/{page.name} changed")
    if SCHEMA[1].read_bytes() != SCHEMA[0].read_bytes():
        SCHEMA[1].write_bytes(SCHEMA[0].read_bytes())
        print(f"docs/{SCHEMA[1].name} changed")
    return 0


def filled(text: str) -> str:
    """Return a page with its generated parts as the code has them now."""
    return PART.sub(lambda found: f"{found[1]}{PARTS[found[2]]()}{found[3]}", text)


def events() -> str:
    """A table of the ledger's events for each room that declares some."""
    from accounts.roles import EVERYONE, Role  # noqa: PLC0415  (models are not loaded when this module is)
    from ledger.events import known_events  # noqa: PLC0415

    def row(name: str) -> Iterator[str]:
        event = known_events()[name]
        yield f"`{name}`"
        yield event.meaning
        yield event.verb
        is_open = event.roles == EVERYONE
        yield "any" if is_open else ", ".join(str(role.label).lower() for role in Role if role in event.roles)

    load_events()
    names = sorted(known_events())
    groups = groupby(names, key=lambda name: name.partition(".")[0])
    return "\n".join(
        f"## {kind}\n\n{table(('event', 'what happened', 'verb', 'authority of'), map(row, group))}"
        for kind, group in groups
    )


def load_events() -> None:
    """Import every room's events, as a server does by its addresses."""
    for file in sorted(ROOT.glob("*/events.py")):
        import_module(f"{file.parent.name}.events")


def commands() -> str:
    """Name, purpose and options of each of our management commands."""
    return "\n".join(f"## {name}\n\n{usage(name)}" for name in our_commands())


def our_commands() -> list[str]:
    """The names of the commands that Assay brings itself."""
    files = ROOT.glob(f"*/{OUR_COMMANDS_ARE_IN}/*.py")
    return sorted(file.stem for file in files if file.stem != "__init__")


def usage(name: str) -> str:
    """One command: what it is for, how it is called, its options."""
    [room] = {file.relative_to(ROOT).parts[0] for file in ROOT.glob(f"*/{OUR_COMMANDS_ARE_IN}/{name}.py")}
    command = import_module(f"{room}.management.commands.{name}").Command()
    parser = command.create_parser("manage.py", name)
    ours = argparse.ArgumentParser(add_help=False)
    command.add_arguments(ours)
    named = {action.dest for action in ours._actions}
    actions = [action for action in parser._actions if action.dest in named]
    shown = " ".join(_shown(action) for action in actions)
    rows = ([f"`{_name(action)}`", _help(action)] for action in actions)
    options = f"\n{table(('argument', 'meaning'), rows)}" if actions else ""
    return f"{command.help}\n\n    .venv/bin/python manage.py {name} {shown}".rstrip() + f"\n{options}"


def _name(action: argparse.Action) -> str:
    return max(action.option_strings, key=len, default=(str(action.metavar or action.dest)).upper())


def _shown(action: argparse.Action) -> str:
    name = _name(action)
    takes = action.option_strings and action.nargs != 0
    text = f"{name} {str(action.metavar or action.dest).upper()}" if takes else name
    return text if action.required else f"[{text}]"


def _help(action: argparse.Action) -> str:
    choices = f"one of {', '.join(map(str, action.choices))}" if action.choices else ""
    needed = "needed" if action.required and action.option_strings else ""
    return "; ".join(text for text in (action.help or "", choices, needed) if text)


def checks() -> str:
    """A table of the statement's consistency checks; nothing while there are none."""
    known = getattr(import_module("soa.checks"), "CHECKS", ())
    rows = ([f"`{check.name}`", str(check.weight), getdoc(check.run) or ""] for check in known)
    return table(("check", "weight", "what it flags"), rows)


def policies() -> str:
    """A table of the shipped policies."""
    from policies.files import shipped  # noqa: PLC0415  (settings are not read when this module is)
    from policies.metadata import metadata_of  # noqa: PLC0415

    def row(name: str, text: str) -> list[str]:
        said = metadata_of(text)
        name = name.removesuffix(".rego")
        return [f"`{name}`", ", ".join(said.controls), said.due_from, f"{said.title}. {said.description}"]

    head = ("policy", "controls", "due from", "what it holds")
    return table(head, (row(source.name, source.text) for source in shipped()))


def roles() -> str:
    """A table of permissions for each room: which role may what, and what machines may."""
    from ops.roles import COLUMNS, Line, rooms  # noqa: PLC0415  (models are not loaded when this module is)

    def row(line: Line) -> list[str]:
        return [line.words, *(line.answers[name] for name in COLUMNS), line.meaning]

    head = ("verb", *COLUMNS, "rule")
    return "\n".join(f"## {room}\n\n{table(head, map(row, lines))}" for room, lines in rooms().items())


def separation() -> str:
    """A table of the rules by which nobody judges their own work."""
    from ops.roles import policies  # noqa: PLC0415  (models are not loaded when this module is)

    return table(("policy", "what it answers"), ([f"`{name}`", rule] for name, rule in policies()))


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Return a Markdown table."""
    names = list(head)
    lines = [names, ["---"] * len(names), *(list(row) for row in rows)]
    return "".join(f"| {' | '.join(cell.replace('|', '/') for cell in line)} |\n" for line in lines)


PARTS: dict[str, Callable[[], str]] = {
    "events": events,
    "commands": commands,
    "checks": checks,
    "policies": policies,
    "roles": roles,
    "separation": separation,
}


if __name__ == "__main__":
    sys.exit(main())
