"""Workbooks, also those that claim a million rows and 16,000 columns for forty."""

import io
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from soa.intake import slim as slimming
from soa.intake.raw import NotReadable
from soa.intake.slim import slim
from tests.soa.intake.make import ROOT, a_plan, a_workbook, titles

LETTERS = [get_column_letter(column) for column in range(4, 16_385)]
FORTY = [
    ["Control", "Title", "Applicable"],
    *([code, title, "Y"] for code, title in titles().items()),
    ["ORG.1", "Human oversight", "Y"],
]
MEASURED = """
import pathlib, resource, sys
resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))
resource.setrlimit(resource.RLIMIT_CPU, (20, 20))
from tests.soa.intake.make import a_plan
plan = a_plan(pathlib.Path(sys.argv[1]).read_bytes(), "soa.xlsx")
print(len(plan.rows), len(plan.of("matched")))
"""


def changed(book: bytes, change: Callable[[bytes], bytes], part: str = "xl/worksheets/sheet1.xml") -> bytes:
    """Return a workbook with the XML of one part changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(old.read(name)) if name == part else old.read(name))
    return out.getvalue()


def claiming(xml: bytes) -> bytes:
    return re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="A1:XFD1048576"', xml)


def with_rows(*rows: str) -> Callable[[bytes], bytes]:
    return lambda xml: claiming(xml).replace(b"</sheetData>", "".join(rows).encode() + b"</sheetData>")


def empty_wide_row(line: int) -> str:
    return f'<row r="{line}">' + "".join(f'<c r="{letter}{line}" s="0"/>' for letter in LETTERS) + "</row>"


def within_limits(book: bytes, folder: Path) -> str:
    """Read a workbook in a process that may take 1 GB and 20 s of CPU; return its counts of rows and matches."""
    path = folder / "soa.xlsx"
    path.write_bytes(book)
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, str(path)], capture_output=True, text=True, cwd=ROOT, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout.strip()


def test_a_claim_of_every_column_and_row_costs_nothing(tmp_path: Path) -> None:
    assert within_limits(changed(a_workbook(("S", FORTY)), claiming), tmp_path) == "40 39"


def test_sixteen_thousand_empty_cells_in_every_row_cost_little(tmp_path: Path) -> None:
    def widened(xml: bytes) -> bytes:
        def wide(found: re.Match[bytes]) -> bytes:
            line = found[2].decode()
            return (
                found[1]
                + found[3]
                + "".join(f'<c r="{letter}{line}" s="0"/>' for letter in LETTERS).encode()
                + b"</row>"
            )

        xml = re.sub(rb'(<row r="(\d+)"[^>]*>)(.*?)</row>', wide, xml, flags=re.DOTALL)
        return with_rows(*(empty_wide_row(line) for line in range(41, 241)))(xml)

    assert within_limits(changed(a_workbook(("S", FORTY)), widened), tmp_path) == "40 39"


def test_a_million_empty_rows_are_not_walked_through(tmp_path: Path) -> None:
    rows = with_rows(*(f'<row r="{line}" ht="15" customHeight="1"/>' for line in range(41, 900_000)))
    assert within_limits(changed(a_workbook(("S", FORTY)), rows), tmp_path) == "40 39"


def test_a_lone_cell_in_the_last_corner_is_told_to_be_left_out() -> None:
    corner = with_rows('<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row>')
    plan = a_plan(changed(a_workbook(("S", FORTY)), corner), "x.xlsx")
    assert len(plan.rows) == 40
    assert plan.sheets[0].remarks == ("Not read below line 40: 5,000 empty rows stand there.",)


def test_too_small_a_claim_hides_no_row() -> None:
    small = changed(
        a_workbook(("S", FORTY)), lambda xml: re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="A1:B2"', xml)
    )
    assert len(a_plan(small, "x.xlsx").of("matched")) == 39


def test_only_empty_cells_are_cut_wherever_the_blocks_end(monkeypatch: pytest.MonkeyPatch) -> None:
    empty = '<c r="D1"/><c r="E1" s="1"></c>', '<x:c r="G1"/><c r="H1"> </c>'
    full = '<c r="F1" s="1" ><v>7</v></c>', '<col min="1"/><c r="I1"><v/></c>'
    cells = empty[0] + full[0] + empty[1] + full[1]
    book = changed(a_workbook(("S", FORTY)), lambda xml: xml.replace(b"</row>", cells.encode() + b"</row>", 1))
    kept = "".join(full)
    for block in (1 << 20, 64, 7, 3):
        monkeypatch.setattr(slimming, "_BLOCK", block)
        with zipfile.ZipFile(slim(book)) as archive:
            xml = archive.read("xl/worksheets/sheet1.xml").decode()
        assert kept in xml
        assert 'r="D1"' not in xml
        assert 'r="E1"' not in xml
        assert 'r="H1"' not in xml


@pytest.mark.parametrize(
    ("limit", "value", "message"),
    [("MOST_BYTES", 1000, "far larger"), ("MOST_PARTS", 2, "far larger"), ("MOST_KEPT", 100, "far more")],
)
def test_limits_of_size(monkeypatch: pytest.MonkeyPatch, limit: str, value: int, message: str) -> None:
    monkeypatch.setattr(slimming, limit, value)
    with pytest.raises(NotReadable, match=message):
        a_plan(a_workbook(("S", FORTY)), "x.xlsx")


def test_a_bomb_is_refused_before_it_is_opened() -> None:
    bomb = changed(
        a_workbook(("S", FORTY)), lambda xml: xml.replace(b"</sheetData>", b" " * 20_000_000 + b"</sheetData>")
    )
    with pytest.raises(NotReadable, match="hundreds of times"):
        a_plan(bomb, "x.xlsx")


LAUGHS = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
OUTSIDE = '<!DOCTYPE x [<!ENTITY b SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize("declared", [LAUGHS, OUTSIDE, " " * 1_100_000 + LAUGHS], ids=["laughs", "outside", "far down"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_are_refused_before_anything_expands(declared: str, encoding: str) -> None:
    def declare(xml: bytes) -> bytes:
        return (declared + xml.decode().partition("?>")[2].replace("A.2.2", "&b;")).encode(encoding)

    with pytest.raises(NotReadable, match="entities"):
        a_plan(changed(a_workbook(("S", FORTY)), declare), "x.xlsx")


def test_too_many_rows_and_sheets_are_refused() -> None:
    with pytest.raises(NotReadable, match="20,000 rows"):
        a_plan(a_workbook(("S", [["x"]] * 20_001)), "x.xlsx")
    with pytest.raises(NotReadable, match="100 sheets"):
        a_plan(a_workbook(*((f"S{number}", [["x"]]) for number in range(101))), "x.xlsx")


def test_a_workbook_without_cells_holds_no_rows() -> None:
    with pytest.raises(NotReadable, match="no rows"):
        a_plan(a_workbook(("S", [])), "x.xlsx")


def test_the_strict_flavour_of_the_format_is_read() -> None:
    book = a_workbook(("S", FORTY))
    for part in (
        "xl/worksheets/sheet1.xml",
        "xl/workbook.xml",
        "xl/_rels/workbook.xml.rels",
        "_rels/.rels",
        "xl/sharedStrings.xml",
        "xl/styles.xml",
    ):
        book = changed(book, _strict, part)
    assert len(a_plan(book, "x.xlsx").of("matched")) == 39


def _strict(xml: bytes) -> bytes:
    xml = xml.replace(
        b"http://schemas.openxmlformats.org/spreadsheetml/2006/main", b"http://purl.oclc.org/ooxml/spreadsheetml/main"
    )
    return xml.replace(
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
        b"http://purl.oclc.org/ooxml/officeDocument/relationships",
    )


def test_what_follows_the_cells_cannot_spoil_them() -> None:
    rules = b'<dataValidations><dataValidation type="nonsense"/></dataValidations><autoFilter ref="?"/></worksheet>'
    book = changed(a_workbook(("S", FORTY)), lambda xml: xml.replace(b"</worksheet>", rules))
    name = b'<definedName name="_xlnm.Print_Titles" localSheetId="9">#REF!</definedName>'
    names = b"<definedNames>" + name + b"</definedNames></workbook>"
    book = changed(
        book, lambda xml: xml.replace(b"<definedNames/>", b"").replace(b"</workbook>", names), "xl/workbook.xml"
    )
    assert len(a_plan(book, "x.xlsx").of("matched")) == 39


def test_broken_styles_leave_the_cells_readable() -> None:
    book = a_workbook(("S", [["Ref", "Title", "Review date", "x"], ["A.2.2", "AI policy", 46_387, 2.5]]))
    book = changed(book, lambda xml: b"<styleSheet><fills><fill/></nonsense>", "xl/styles.xml")
    (row,) = a_plan(book, "x.xlsx").of("matched")
    assert row.entry is not None
    assert (row.entry.review_on, row.entry.notes) == (date(2026, 12, 31), "Review date: 46387\nx: 2.5")
    many = a_workbook(*((f"S{number}", [["x"]]) for number in range(101)))
    with pytest.raises(NotReadable, match="100 sheets"):
        a_plan(changed(many, lambda xml: b"<nonsense>", "xl/styles.xml"), "x.xlsx")


def test_dates_written_as_text_are_dates() -> None:
    book = Workbook(iso_dates=True)
    for cells in (["Ref", "Title", "Review date"], ["A.2.2", "AI policy", date(2026, 12, 31)]):
        book.worksheets[0].append(cells)
    out = io.BytesIO()
    book.save(out)
    (row,) = a_plan(out.getvalue(), "x.xlsx").of("matched")
    assert row.entry is not None
    assert row.entry.review_on == date(2026, 12, 31)


def test_times_are_kept_as_they_are_shown() -> None:
    cells = [datetime(2026, 12, 31, 9, 30, tzinfo=UTC).replace(tzinfo=None), time(9, 30), timedelta(hours=30)]
    plan = a_plan(
        a_workbook(("S", [["Ref", "Title", "Review date", "x", "y"], ["A.2.2", "AI policy", *cells]])), "x.xlsx"
    )
    (row,) = plan.of("matched")
    assert row.entry is not None
    assert (row.entry.review_on, row.entry.notes) == (date(2026, 12, 31), "x: 09:30:00\ny: 1 day, 6:00:00")


def test_percentages_errors_and_hidden_sheets() -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.sheet_state = "hidden"
    sheet.append(["Control", "Title", "Applicable", "Status"])
    sheet.append(["A.2.2", "AI policy", "#N/A", 0.45])
    sheet["D2"].number_format = "0%"
    book.create_sheet("Cover")
    out = io.BytesIO()
    book.save(out)
    row = a_plan(out.getvalue(), "x.xlsx").of("matched")[0]
    assert row.entry is not None
    assert (row.entry.applicability, row.entry.implementation) == ("undecided", "partly")
