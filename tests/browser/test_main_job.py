"""The main job, done on the running server: from a spreadsheet to an approved statement and its report."""

import re
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pypdfium2
import pytest
from openpyxl import Workbook
from playwright.sync_api import Browser, Page, expect
from ruamel.yaml import YAML

from tests.browser.conftest import ROOT, Running, Visitor
from tests.browser.steps import assess, invite_approver, start_own

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
REASON = "Our assistant answers customers, who may act on what it says"


def spreadsheet() -> bytes:
    """An SoA as people keep it: one wrong title, one invented id, one reason that is none, one control missing."""
    catalogue = YAML(typ="safe").load((ROOT / "fixtures/catalogue/iso42001.yaml").read_text(encoding="utf-8"))
    book = Workbook()
    sheet = book.active
    sheet.append(["Statement of Applicability, Harbour Lights"])
    sheet.append(["Control", "Title", "Applicable?", "Justification", "Status", "Responsible"])
    for row in catalogue["requirements"]:
        if row["kind"] != "control" or row["code"] == "A.10.4":
            continue
        title = "Suppliers" if row["code"] == "A.9.3" else row["title"]
        reason = "N/A" if row["code"] == "A.2.3" else f"{REASON} ({row['code']})."
        sheet.append([row["code"], title, "Yes", reason, "Partially", "Nadia Petrov"])
    sheet.append(["B.2.2", "Implementation guidance", "Yes", "From the annex.", "", ""])
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def bring_in(page: Page, home: str, tmp_path: Path) -> None:
    """Import the spreadsheet, taking the flagged row all the same."""
    file = tmp_path / "statement.xlsx"
    file.write_bytes(spreadsheet())
    page.goto(f"{home}soa/import/")
    page.set_input_files("[type=file]", file)
    page.get_by_role("button", name="Read the file").click()
    expect(page.locator(".lede")).to_contain_text("1 rejected, 1 flagged, 36 matched")
    expect(page.locator("#group-rejected + *")).to_contain_text("B.2.2")
    page.locator("[name=flagged]").check()
    page.get_by_role("button", name="Take in the matched and ticked rows").click()
    page.wait_for_url("**/soa/checks/")
    expect(page.locator("#blocking")).to_contain_text("Say why A.2.3 applies")
    expect(page.locator("#blocking")).to_contain_text("A.10.4 is undecided")


def mend(page: Page, home: str) -> None:
    """Write the missing reason from its flag; exclude the missing control in the table, with its reason."""
    page.get_by_role("link", name="Say why A.2.3 applies").click()
    page.locator("[name=why]").fill(f"{REASON} (A.2.3).")
    page.get_by_role("button", name="Save").click()
    page.wait_for_url("**/soa/")
    row = page.locator("#a-10-4")
    row.locator("label[title=Exclude]").click()
    why = page.locator("#detail-a-10-4 [name=why]")
    expect(why).to_be_focused()
    why.fill("We sell nothing with AI in it; the assistant serves our own berths only.")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#detail-a-10-4")).to_be_hidden()
    expect(page.locator("#status-bar")).to_contain_text("Nothing blocks approval")


def give_evidence(page: Page, home: str, tmp_path: Path) -> None:
    """Upload one file that serves two controls."""
    file = tmp_path / "ai-policy.md"
    file.write_text("# AI policy\nApproved by the harbour board.\n", encoding="utf-8")
    page.goto(f"{home}evidence/upload/?serves=A.2.2")
    page.set_input_files("[type=file]", file)
    page.locator("[name=title]").fill("AI policy of the harbour")
    page.locator("[name=requirements][value='A.2.4']").check()
    page.get_by_role("button", name="Store evidence").click()
    page.wait_for_url(re.compile(r"/evidence/(\?|EV-|$)"))
    page.goto(f"{home}soa/?control=A.2.2")
    expect(page.locator("#insp-evidence + ul")).to_contain_text("AI policy of the harbour")


def submit(page: Page, home: str) -> str:
    """Put the statement before the approver and return the version's address."""
    page.goto(f"{home}soa/submit/")
    page.locator("[name=summary]").fill("First issue of the harbour.")
    page.get_by_role("button", name=re.compile(r"^Submit \d+ change")).click()
    page.wait_for_url(re.compile(r"/soa/versions/\d+/"))
    expect(page.get_by_role("button", name=re.compile("^Approve"))).to_have_count(0)
    return page.url


def approve(page: Page, address: str) -> None:
    """Read the difference, confirm the warnings, approve."""
    page.goto(address)
    expect(page.locator("main")).to_contain_text(f"{REASON} (A.2.3).")
    page.locator("[name=confirms_warnings]").check()
    page.get_by_role("button", name="Approve version 1").click()
    expect(page.locator(".page-head")).to_contain_text("Approved")


def report_text(page: Page, home: str, tmp_path: Path) -> str:
    """Have the report made by the worker, download it and return the PDF's text."""
    page.goto(f"{home}reports/")
    page.get_by_role("button", name="Make the report").click()
    link = page.get_by_role("link", name=re.compile("^Download"))
    expect(link.first).to_be_visible(timeout=90_000)
    with page.expect_download() as download:
        link.first.click()
    path = tmp_path / "report.pdf"
    download.value.save_as(path)
    document = pypdfium2.PdfDocument(path)
    return " ".join(" ".join(page.get_textpage().get_text_range().split()) for page in document)


def test_the_main_job(browser: Browser, running: Running, tmp_path: Path) -> None:
    officer = Visitor(browser, running, viewport={"width": 1440, "height": 900})
    page = officer.sign_in("officer")
    home = start_own(page)
    bring_in(page, home, tmp_path)
    mend(page, home)
    give_evidence(page, home, tmp_path)
    assess(page, home, "SYS-01")
    invite_approver(page, home, running.sign_ins["approver"][0])
    address = submit(page, home)

    approver = Visitor(browser, running, viewport={"width": 1440, "height": 900})
    approve(approver.sign_in("approver"), address)

    text = report_text(page, home, tmp_path)
    assert "Harbour Lights" in text
    assert REASON in text
    assert "The harbour master" in text or "approved" in text.lower()
    assert str(datetime.now(UTC).year) in text
    assert officer.complaints == approver.complaints == []
