"""From screening to the statement, on the running server: judged in full, decided by another, a driver of its row."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from assessments.sections.questions import asked
from tests.browser.conftest import Running, Visitor
from tests.browser.steps import invite_approver, let_time_pass, start_own

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]
DUE = {"people": "yes", "content": "yes", "scale": "unknown"}
SCREENED = (
    *("people", "personal", "content", "work", "decides", "safety"),
    *("rights", "vulnerable", "special", "unattended", "regulated", "scale"),
)
CONTROL = "A.8.2"
DAY = (datetime.now(UTC).date() + timedelta(days=90)).isoformat()


def screen(page: Page, home: str) -> str:
    """Answer the questionnaire, read why a full assessment is due, and begin it; return its address."""
    page.goto(f"{home}assessments/")
    page.get_by_role("link", name="Screen system").click()
    page.locator("[name=system]").select_option(index=1)
    page.get_by_role("button", name="Begin screening").click()
    for code in SCREENED:
        page.locator(f"[name={code}][value={DUE.get(code, 'no')}]").check(force=True)
    page.get_by_role("button", name="Conclude").click()
    outcome = page.locator("[aria-labelledby=outcome-title]")
    expect(outcome).to_contain_text("Full")
    expect(outcome).to_contain_text("Not known: Does it reach so many people")
    page.get_by_role("button", name="Start assessment").click()
    page.wait_for_url(re.compile(r"/assessments/IA-\d{4}-\d+/"))
    return page.url.split("#")[0].split("?")[0]


def say(page: Page, **texts: str) -> None:
    """Fill fields of the section that is open, by their names."""
    for name, text in texts.items():
        page.locator(f"form.panel-form [name={name}]").fill(text)


def describe(page: Page) -> None:
    """What it is for; the empty assessment opens there."""
    say(
        page,
        intended_use="Answer questions about berths and fees.",
        foreseeable_misuse="Taking its answer for a booking.",
        oversight="A harbour clerk can take over.",
        jurisdictions="United Kingdom",
    )
    page.locator("#purpose").get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#purpose")).to_contain_text("Taking its answer for a booking.")


def name_parts(page: Page) -> None:
    """Who is affected, a scored harm, and the measures that a control carries: one in place, one still to come."""
    page.get_by_role("link", name="Add party").click()
    say(page, name="Visiting skippers", heard="Talks at two quays")
    page.get_by_role("button", name="Save party").click()
    expect(page.locator("#parties")).to_contain_text("Visiting skippers")
    page.get_by_role("link", name="Add impact").click()
    say(page, description="A skipper relies on a wrong tide time")
    scores = {"likelihood": "3", "severity": "4", "residual_likelihood": "2", "residual_severity": "4"}
    for name, score in scores.items():
        page.locator(f"#impacts form.panel-form [name={name}][value='{score}']").check(force=True)
    page.get_by_role("button", name="Save impact").click()
    expect(page.locator("#impacts")).to_contain_text("wrong tide time")
    for text, due in (("Each answer names its source", ""), ("Tide times are taken from the tables", DAY)):
        page.get_by_role("link", name="Add mitigation").click()
        page.locator("#mitigations [name=impact]").select_option(index=1)
        page.locator("#mitigations input[name=text]").fill(text)
        control = page.locator("#mitigations [name=requirement] option", has_text=f"{CONTROL} ").first
        page.locator("#mitigations [name=requirement]").select_option(control.get_attribute("value"))
        if due:
            page.locator("#mitigations form [name=due_on]").fill(due)
        else:
            page.locator("#mitigations [name=is_in_place]").check()
        page.get_by_role("button", name="Save mitigation").click()
        expect(page.locator("#mitigations table")).to_contain_text(text)


def answer(page: Page) -> None:
    """Answer every question of a full assessment; each is saved when its field is left."""
    for question in asked("full"):
        field = page.locator(f"#a-{question.key}")
        if question.key == "employment":
            page.locator(f"#q-{question.key} summary").click()
            field = page.locator(f"#q-{question.key} [name=not_applicable_because]")
        field.fill(f"Said of {question.key} by the harbour office.")
        with page.expect_response(re.compile(f"/answers/{question.key}/")) as saved:
            field.blur()
        assert saved.value.status == 200, question.key


def submit(page: Page, here: str) -> None:
    """What is missing is named and leads to its place; then it goes to review."""
    page.goto(here)
    page.get_by_role("button", name=re.compile("^Submit")).click()
    expect(page.locator("main")).to_contain_text("In review")


def decide(page: Page, running: Running, here: str) -> None:
    """Who wrote none of it decides; as they signed in long ago, they confirm first who they are."""
    page.goto(here)
    page.locator("[name=decision][value=proceed]").check(force=True)
    page.locator("#decision [name=reason]").fill("Answers name their source, and a clerk can take over.")
    page.locator("#decision [name=next_review_on]").fill(DAY)
    let_time_pass(running)
    page.get_by_role("button", name="Record decision").click()
    page.wait_for_url("**/accounts/confirm/password/**")
    page.locator("[name=password]").fill(running.sign_ins["approver"][1])
    page.get_by_role("button", name="Confirm").click()
    expect(page.locator("main")).to_contain_text("Decided, frozen and recorded.")


def test_from_screening_to_a_driver_of_the_statement(browser: Browser, running: Running) -> None:
    officer = Visitor(browser, running, viewport={"width": 1440, "height": 900})
    page = officer.sign_in("officer")
    home = start_own(page)
    invite_approver(page, home, running.sign_ins["approver"][0])
    here = screen(page, home)
    code = here.rstrip("/").split("/")[-2]
    describe(page)
    name_parts(page)
    page.get_by_role("button", name=re.compile("^Submit")).click()
    expect(page.locator("main")).to_contain_text("What does this assessment cover")
    expect(page.locator("main")).not_to_contain_text("In review")
    answer(page)
    submit(page, here)
    expect(page.get_by_role("button", name="Record decision")).to_have_count(0)
    approver = Visitor(browser, running, viewport={"width": 1440, "height": 900})
    decide(approver.sign_in("approver"), running, here)

    page.goto(f"{home}soa/?control={CONTROL}")
    if "/accounts/" in page.url:
        page = officer.sign_in("officer")
        page.goto(f"{home}soa/?control={CONTROL}")
    why = page.locator("[aria-labelledby=insp-how]")
    expect(why).to_contain_text("Needed by")
    expect(why.locator(".chip", has_text=code).first).to_be_visible()
    why.get_by_role("button", name="Include with it as reason").click()
    page.goto(f"{home}soa/?control={CONTROL}")
    expect(page.locator("[aria-labelledby=insp-how] dd").first).to_contain_text(code)
    assert officer.complaints == approver.complaints == []
