"""The reference pages name every event, setting, command and check, and none that is gone."""

import ast
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from django.core.management import get_commands

from ledger.events import known_events
from ops.reference import DOCS, ROOT, filled, load_events, our_commands

PAGES = ("events", "commands", "checks", "roles", "policies")
OF_THE_RUNNER = {"ASSAY_WEB_WORKERS", "DATABASE_OWNER_URL", "DEMO"}
NAME = re.compile(r"^\| `([A-Z][A-Z_]+)`", re.M)


def page(name: str) -> str:
    return (DOCS / f"{name}.md").read_text(encoding="utf-8")


def settings_read(file: Path) -> Iterator[str]:
    """The environment variables that a settings module reads through `env` or `secret`."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            called = ast.unparse(node.func)
            if called in ("secret", "optional_secret", "env") or called.startswith("env."):
                yield node.args[0].value


@pytest.mark.parametrize("name", PAGES)
def test_the_page_says_what_the_code_declares(name: str) -> None:
    assert filled(page(name)) == page(name), f"docs/{name}.md is behind the code: run `make reference`."


def test_every_event_is_on_its_page() -> None:
    load_events()
    missing = [event for event in known_events() if f"| `{event}` |" not in page("events")]
    assert known_events()
    assert not missing


def test_every_command_is_on_its_page() -> None:
    known = get_commands()
    assert set(our_commands()) <= set(known)
    assert not [name for name in our_commands() if f"\n## {name}\n" not in page("commands")]


def test_every_check_is_on_its_page() -> None:
    checks = getattr(import_module("soa.checks"), "CHECKS", [])
    assert not [check.name for check in checks if f"| `{check.name}` |" not in page("checks")]


def test_every_setting_is_on_its_page_and_none_that_is_gone() -> None:
    read = {name for file in (ROOT / "config").glob("*.py") for name in settings_read(file)}
    assert {"ASSAY_DATA", "SECRET_KEY", "DATABASE_URL"} <= read
    documented = NAME.findall(page("settings"))
    assert len(documented) == len(set(documented))
    assert read | OF_THE_RUNNER == set(documented)
