"""`render_soa`: the file, the messages, and nothing half-written."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from accounts.actor import Actor
from aims.models import Aims
from soa.actions import open_statement
from tests.reports.flow import two_versions
from tests.reports.pdf import read


def run(aims: Aims, out: Path, *options: str) -> str:
    """Run the command and return the text of the PDF."""
    call_command("render_soa", "--aims", aims.slug, "--out", str(out), *options)
    return read(out.read_bytes()).text


def test_the_latest_approved_version_is_written(aims: Aims, officer: Actor, tmp_path: Path) -> None:
    """With its reasons and its approver; only the file is left in the folder."""
    two_versions(aims, officer)
    text = run(aims, tmp_path / "soa.pdf")
    assert "The second reason." in text
    assert "Ada Approver" in text
    assert "Draft, not approved" not in text
    assert [path.name for path in tmp_path.glob("*.pdf")] == ["soa.pdf"]
    assert list(tmp_path.glob(".soa-*")) == []


def test_a_past_date_writes_the_version_then_in_force(aims: Aims, officer: Actor, tmp_path: Path) -> None:
    """Version 1 in February."""
    two_versions(aims, officer)
    text = run(aims, tmp_path / "soa.pdf", "--as-of", "2026-02-01")
    assert "1, in force on 1 February 2026" in text
    assert "The second reason." not in text


def test_the_customer_edition_names_nobody(aims: Aims, officer: Actor, tmp_path: Path) -> None:
    """The approver stays unnamed."""
    two_versions(aims, officer)
    text = run(aims, tmp_path / "soa.pdf", "--edition", "customer")
    assert "The second reason." in text
    assert "Ada Approver" not in text


def test_without_a_version_it_is_the_watermarked_draft(aims: Aims, officer: Actor, tmp_path: Path) -> None:
    """On every page."""
    open_statement(actor=officer)
    run(aims, tmp_path / "soa.pdf")
    pages = read((tmp_path / "soa.pdf").read_bytes()).pages
    assert all("Draft, not approved" in page for page in pages)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--as-of", "2025-01-01"], "No version was in force on 1 January 2025."),
        (["--as-of", "2999-01-01"], "lies in the future"),
        (["--as-of", "yesterday"], "invalid"),
        (["--edition", "secret"], "invalid choice"),
    ],
)
def test_what_cannot_be_is_said(aims: Aims, officer: Actor, tmp_path: Path, options: list[str], message: str) -> None:
    """And no file is written."""
    two_versions(aims, officer)
    with pytest.raises(CommandError, match=message):
        run(aims, tmp_path / "soa.pdf", *options)
    assert not (tmp_path / "soa.pdf").exists()


def test_unknown_aims_and_folders_are_named(aims: Aims, tmp_path: Path) -> None:
    """Before anything is started."""
    with pytest.raises(CommandError, match="no AIMS “nobody”"):
        call_command("render_soa", "--aims", "nobody", "--out", str(tmp_path / "soa.pdf"))
    with pytest.raises(CommandError, match="There is no folder"):
        run(aims, tmp_path / "missing" / "soa.pdf")


def test_a_failure_leaves_the_old_file(aims: Aims, officer: Actor, tmp_path: Path) -> None:
    """The file is replaced in one step, or not at all."""
    (tmp_path / "soa.pdf").write_bytes(b"old")
    with pytest.raises(CommandError, match="not been opened"):
        run(aims, tmp_path / "soa.pdf")
    assert (tmp_path / "soa.pdf").read_bytes() == b"old"
