"""The README keeps its word: what it tells people to run exists, and what it points at is there."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import get_commands, load_command_class
from PIL import Image

from ops.reference import our_commands

ROOT = Path(__file__).resolve().parent.parent
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
README = (ROOT / "README.md").read_text(encoding="utf-8")
ARCHITECTURE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
LINK = re.compile(r"\]\(([^)\s]+)\)|<img[^>]+src=\"([^\"]+)\"")
HEADING = re.compile(r"^#+ (.+)$", re.M)
LARGEST = 300 * 1024


def links(page: Path) -> Iterator[str]:
    """What a page points at in this repository."""
    for found in LINK.finditer(page.read_text(encoding="utf-8")):
        target = found[1] or found[2]
        if not target.startswith(("http://", "https://", "mailto:")):
            yield target


def anchors(page: Path) -> set[str]:
    """The places in a page that a link can name."""
    headings = HEADING.findall(page.read_text(encoding="utf-8"))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def rooms() -> set[str]:
    """The packages that hold code of ours, tests aside."""
    return {file.parent.name for file in ROOT.glob("*/__init__.py")} - {"tests"}


def options(command: str) -> set[str]:
    """The options that a management command takes."""
    parser = load_command_class(get_commands()[command], command).create_parser("manage.py", command)
    return {text for action in parser._actions for text in action.option_strings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_and_pictures_resolve(page: Path) -> None:
    lost = []
    for link in links(page):
        path, _hash, anchor = link.partition("#")
        target = page.parent / path if path else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            lost.append(link)
    assert not lost


def test_every_make_target_that_is_named_exists() -> None:
    named = set(re.findall(r"`make ([a-z]+)", README)) | set(re.findall(r"^make ([a-z]+)$", README, re.M))
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))
    assert {"run", "test", "check"} <= named
    assert named <= targets


def test_every_command_that_is_named_exists_with_its_options() -> None:
    table = README.partition("## Commands")[2].partition("##")[0]
    rows = re.findall(r"^\| `([a-z_]+)([^`]*)`.* \| (.+) \|$", table, re.M)
    assert len(rows) >= 8
    for name, arguments, meaning in rows:
        assert name in our_commands()
        assert set(re.findall(r"--[a-z-]+", f"{arguments} {meaning}")) <= options(name)


def test_pictures_are_small_and_used() -> None:
    pictures = sorted((ROOT / "docs" / "pictures").glob("*.*"))
    shown = {target for page in PAGES for target in links(page)}
    assert pictures
    for picture in pictures:
        assert f"docs/pictures/{picture.name}" in shown
        assert picture.stat().st_size <= LARGEST
        with Image.open(picture) as image:
            assert image.width >= 1440


def test_architecture_names_every_room_and_no_other() -> None:
    table = set(re.findall(r"^\| `([a-z]+)/` \|", ARCHITECTURE, re.M))
    beside = {"config", "ops", "bench"}
    assert table == rooms() - beside
    for name in beside | {"tests", "templates", "static", "fixtures"}:
        assert f"`{name}/`" in ARCHITECTURE
    assert {name for name in re.findall(r"`([a-z]+)/`", ARCHITECTURE) if not (ROOT / name).is_dir()} <= {"actions"}


def test_the_readme_names_the_rooms_in_their_order() -> None:
    line = next(line for line in README.splitlines() if line.startswith("accounts ledger"))
    named = re.findall(r"[a-z]+", line)
    layers = re.search(r'^layers = \["desk".*?\]$', (ROOT / "pyproject.toml").read_text(encoding="utf-8"), re.M)
    assert layers is not None
    order = re.findall(r'"([a-z]+)"', layers[0])[::-1]
    assert sorted(named) == sorted(order)
    assert named[4:] == order[4:]
