"""From a YAML record to signed production, on the running server: judged by policies, assessed, moved, signed."""

import re
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from ruamel.yaml import YAML

from tests.browser.conftest import Running, Visitor
from tests.browser.steps import assess, invite_approver, let_time_pass, start_own
from tests.policies.records import GOOD

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
JUDGED = 60_000
TRACK = ".stage-track [aria-current]"


def record(owner: str) -> str:
    """A full record as a team keeps it in git, reviewed lately; only its assessment is not named yet."""
    today = datetime.now(UTC).date()
    said: dict[str, Any] = deepcopy(GOOD) | {"id": "berth-bot", "name": "Berth bot", "owner": owner}
    said["model"]["version"] = "2026-05"
    said["governance"]["last_reviewed"] = (today - timedelta(days=30)).isoformat()
    del said["governance"]["impact_assessment_id"]
    said["data"]["sources"][0] |= {"kind": "training", "access_log": True}
    said["data"]["rag_sources"][0] |= {"kind": "retrieval", "pii": False, "retention_days": 365}
    said["suppliers"][0] |= {
        "reviewed_on": (today - timedelta(days=60)).isoformat(),
        "next_review": (today + timedelta(days=300)).isoformat(),
    }
    text = StringIO()
    YAML().dump(said, text)
    return text.getvalue()


def bring_in(page: Page, home: str, file: Path) -> None:
    """Upload the record, look at what it would do, take it in, and say that the system is in scope."""
    page.goto(f"{home}systems/files/")
    page.set_input_files("[type=file]", file)
    page.get_by_role("button", name="Read the file").click()
    expect(page.locator("#group-added")).to_contain_text("Added")
    expect(page.locator("main")).to_contain_text("Berth bot")
    page.get_by_role("button", name="Take it in").click()
    page.locator(".system-card", has_text="Berth bot").click()
    page.get_by_role("link", name="Say scope").click()
    page.get_by_label("In scope", exact=True).check()
    page.locator("[name=scope_reason]").fill("Skippers act on what it says.")
    page.locator(".system-page form button[type=submit]").click()
    expect(page.locator(".system-head .badge").first).to_contain_text("In scope")
    expect(page.locator(TRACK)).to_contain_text("Inception")


def judged(page: Page, home: str) -> None:
    """Wait until the worker has judged the record as it stands."""
    page.goto(f"{home}judging/SYS-02/")
    expect(page.locator("#judged")).to_contain_text("last judged", timeout=JUDGED)
    expect(page.locator("#judged .callout")).to_have_count(0, timeout=JUDGED)


def name_assessment(page: Page, home: str, code: str) -> None:
    """Write the reference of the assessment into the record."""
    page.goto(f"{home}systems/SYS-02/record/governance/")
    page.get_by_label("Impact assessment", exact=True).fill(code)
    page.get_by_role("button", name=re.compile("^Save ")).click()
    expect(page.locator("main")).to_contain_text(code)


def move(page: Page, home: str, stage: str) -> None:
    """Move the system to a stage that takes no signature."""
    page.goto(f"{home}systems/SYS-02/stage/?to={stage}")
    page.get_by_role("button", name="Move system").click()


def ask(page: Page, home: str, stage: str) -> str:
    """Ask for a stage that others sign; return the address of the move."""
    page.goto(f"{home}systems/SYS-02/stage/?to={stage}")
    page.locator("[name=reason]").fill("Every check is met.")
    page.locator("[name=harm]").fill("A skipper is told a wrong depth.")
    page.locator("[name=reversing]").fill("The last release is put back within an hour.")
    page.get_by_role("button", name="Ask for signatures").click()
    expect(page.locator("main")).to_contain_text("Asked. It waits for signatures.")
    return page.url


def decide(page: Page, address: str) -> None:
    """Decide that the system may be used, until its next review."""
    page.goto(address)
    page.locator("[name=decision][value=proceed]").check(force=True)
    page.locator("#decision [name=reason]").fill("A clerk looks at every answer about depth.")
    page.locator("#decision [name=next_review_on]").fill((datetime.now(UTC).date() + timedelta(days=300)).isoformat())
    page.get_by_role("button", name="Record decision").click()
    expect(page.locator("main")).to_contain_text("Decided, frozen and recorded.")


def stays_unsigned(page: Page, home: str, address: str, stage: str) -> None:
    """The asker finds no way to sign, and the server takes none from their browser."""
    page.goto(address)
    expect(page.locator("main")).to_contain_text("Could still sign: Approver")
    expect(page.get_by_role("button", name=re.compile("^Sign into"))).to_have_count(0)
    token = page.locator("[name=csrfmiddlewaretoken]").first.input_value()
    said = {"csrfmiddlewaretoken": token, "seen": "1", "note": "Mine"}
    answer = page.request.post(f"{address}sign/", form=said, headers={"Referer": address})
    assert answer.status in (403, 422)
    page.goto(f"{home}systems/SYS-02/")
    expect(page.locator(TRACK)).to_contain_text(stage)


def sign(page: Page, running: Running, address: str, stage: str) -> None:
    """Sign a move; who signed in long ago confirms first who they are, and what they typed goes on."""
    page.goto(address)
    page.locator("[name=note]").fill("I looked at the gate and the record.")
    let_time_pass(running)
    page.get_by_role("button", name=f"Sign into {stage}").click()
    page.wait_for_url("**/accounts/confirm/password/**")
    page.locator("[name=password]").fill(running.sign_ins["approver"][1])
    page.get_by_role("button", name="Confirm").click()
    expect(page.locator("main")).to_contain_text("signed as Approver")


def test_from_yaml_to_signed_production(browser: Browser, running: Running, tmp_path: Path) -> None:
    officer = Visitor(browser, running, viewport={"width": 1440, "height": 900})
    page = officer.sign_in("officer")
    home = start_own(page)
    invite_approver(page, home, running.sign_ins["approver"][0])
    file = tmp_path / "berth-bot.yaml"
    file.write_text(record(running.sign_ins["officer"][0]), encoding="utf-8")
    bring_in(page, home, file)
    assessment = assess(page, home, "SYS-02")
    judged(page, home)
    move(page, home, "design")
    expect(page.locator(TRACK)).to_contain_text("Design and development")
    move(page, home, "verification")
    expect(page.locator("[role=alert]")).to_contain_text("An impact assessment is named")
    name_assessment(page, home, assessment.rstrip("/").split("/")[-2])
    judged(page, home)
    move(page, home, "verification")
    expect(page.locator(TRACK)).to_contain_text("Verification and validation")

    approver = Visitor(browser, running, viewport={"width": 1440, "height": 900})
    theirs = approver.sign_in("approver")
    decide(theirs, assessment)
    for stage, before, after in (
        ("deployment", "Verification and validation", "Deployment"),
        ("operation", "Deployment", "Operation and monitoring"),
    ):
        address = ask(page, home, stage)
        stays_unsigned(page, home, address, before)
        sign(theirs, running, address, after)
        page.goto(f"{home}systems/SYS-02/")
        expect(page.locator(TRACK)).to_contain_text(after)
    expect(page.locator("[aria-labelledby=stage-title] .row-list").first).to_contain_text("Signed")
    page.goto(address)
    expect(page.locator("main")).to_contain_text("signed as Approver")
    assert officer.complaints == approver.complaints == []
