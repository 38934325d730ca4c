"""Every page, light and dark, wide and narrow: no axe violation, no sideways scroll, nothing the policy refuses."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Running, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.timeout(420)]
HOME = "/a/meridian/"
PAGES = (
    HOME,
    f"{HOME}soa/",
    f"{HOME}soa/?control=A.6.2.4",
    f"{HOME}soa/A.6.2.4/",
    f"{HOME}soa/checks/",
    f"{HOME}soa/import/",
    f"{HOME}soa/versions/",
    f"{HOME}soa/compare/",
    f"{HOME}soa/submit/",
    f"{HOME}soa/own/",
    f"{HOME}systems/",
    f"{HOME}systems/SYS-01/",
    f"{HOME}systems/new/",
    f"{HOME}assessments/",
    f"{HOME}assessments/risks/",
    f"{HOME}evidence/",
    f"{HOME}evidence/upload/",
    f"{HOME}cycle/",
    f"{HOME}chain/",
    f"{HOME}reports/",
    f"{HOME}reports/certificate/",
    f"{HOME}settings/",
    f"{HOME}settings/people/",
    f"{HOME}settings/obligations/",
    f"{HOME}settings/scope/",
    f"{HOME}settings/people/invite/",
    f"{HOME}assessments/new/",
    f"{HOME}assessments/risks/new/",
    f"{HOME}search/?q=policy",
    "/me/",
    "/new/",
)
DETAILS = {
    f"{HOME}assessments/": r"/assessments/IA-",
    f"{HOME}assessments/risks/": r"/risks/R-",
    f"{HOME}evidence/": r"/evidence/EV-",
    f"{HOME}soa/versions/": r"/versions/\d+/",
    f"{HOME}chain/": r"/chain/\d+/",
    f"{HOME}settings/obligations/": r"/obligations/[A-Z]+-\d+",
}
OUTSIDE = ("/accounts/login/", "/accounts/password/reset/", "/nothing-here/")
SCREENS = [(1440, "light"), (1440, "dark"), (390, "light"), (390, "dark")]


def faults_of(page: Page, address: str) -> list[str]:
    """Open a page and return what is wrong with it."""
    answer = page.goto(address)
    assert answer is not None
    if answer.status != (404 if "nothing" in address else 200):
        return [f"{address}: answered {answer.status}"]
    found = Axe().run(page).response["violations"]
    faults = [f"{address}: {item['id']}: {item['nodes'][0]['html'][:160]}" for item in found]
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return [*faults, *([f"{address}: scrolls sideways by {wide}px"] if wide > 0 else [])]


def details_of(page: Page) -> list[str]:
    """Follow the first link of each list to a page of one thing."""
    found = []
    for address, pattern in DETAILS.items():
        page.goto(address)
        links = [str(link.get_attribute("href")) for link in page.locator("main a[href]").all()]
        found += [next(link.partition("#")[0] for link in links if re.search(pattern, link))]
    return found


@pytest.mark.parametrize(("width", "scheme"), SCREENS)
def test_pages_are_accessible(browser: Browser, running: Running, width: int, scheme: str) -> None:
    visitor = Visitor(browser, running, viewport={"width": width, "height": 900}, color_scheme=scheme)
    faults = [fault for address in OUTSIDE for fault in faults_of(visitor.page, address)]
    page = visitor.sign_in("officer")
    faults += [fault for address in (*PAGES, *details_of(page)) for fault in faults_of(page, address)]
    assert faults == [], "\n".join(faults)
    assert visitor.complaints == []


def test_the_workbench_goes_by_keyboard(browser: Browser, running: Running) -> None:
    visitor = Visitor(browser, running, viewport={"width": 1440, "height": 900})
    page = visitor.sign_in("officer")
    page.goto(f"{HOME}soa/")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.wait_for_url(re.compile("control=A.2.3"))
    page.keyboard.press("Enter")
    why = page.locator("#detail-a-2-3 [name=why]")
    why.wait_for()
    before = why.input_value()
    why.fill(f"{before} Also for suppliers.")
    page.keyboard.press("Control+Enter")
    page.locator("#detail-a-2-3").wait_for(state="hidden")
    assert "Also for suppliers" in page.locator("#a-2-3 .cell-why").inner_text()
    page.keyboard.press("?")
    assert page.locator("#keys").is_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#keys")).to_be_hidden()
    page.keyboard.press("/")
    page.keyboard.type("societal")
    expect(page.locator(".control-row")).to_have_count(1)
    assert visitor.complaints == []


def test_the_workbench_works_without_scripts(browser: Browser, running: Running) -> None:
    visitor = Visitor(browser, running, java_script_enabled=False)
    page = visitor.sign_in("officer")
    page.goto(f"{HOME}soa/?q=provenance")
    assert page.locator(".control-row").count() == 1
    page.locator(".cell-why a").click()
    page.locator("[name=how_document]").fill("AIMS-PR-07 v1.2")
    page.get_by_role("button", name="Save").click()
    page.wait_for_url("**/soa/")
    page.goto(f"{HOME}soa/?control=A.7.5")
    assert "AIMS-PR-07 v1.2" in page.locator("#inspector").inner_text()
