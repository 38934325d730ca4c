"""Every page, light and dark, wide and narrow: no axe violation, no sideways scroll, nothing the policy refuses."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import ROOT, Running, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.timeout(420)]
HOME = "/a/meridian/"
PAST_DAY = datetime.now(UTC).date() - timedelta(days=100)
PAST = PAST_DAY.isoformat()
PAGES = (
    HOME,
    f"{HOME}soa/",
    f"{HOME}soa/?control=A.6.2.4",
    f"{HOME}soa/A.6.2.4/",
    f"{HOME}soa/?control=A.10.3",
    f"{HOME}soa/applies/",
    f"{HOME}soa/checks/",
    f"{HOME}soa/import/",
    f"{HOME}soa/versions/",
    f"{HOME}soa/compare/",
    f"{HOME}soa/submit/",
    f"{HOME}soa/own/",
    f"{HOME}systems/",
    f"{HOME}systems/SYS-01/",
    f"{HOME}systems/SYS-02/applies/",
    f"{HOME}systems/SYS-02/eu-ai-act/",
    f"{HOME}systems/asked/A.7.5/",
    f"{HOME}systems/new/",
    f"{HOME}systems/files/",
    f"{HOME}systems/inventory/",
    f"{HOME}systems/completeness/",
    f"{HOME}systems/gates/",
    f"{HOME}systems/gates/deployment/",
    f"{HOME}systems/SYS-02/stage/",
    f"{HOME}systems/SYS-02/moves/",
    f"{HOME}systems/SYS-02/scope/",
    f"{HOME}systems/SYS-02/record/governance/",
    f"{HOME}systems/SYS-02/record/data/",
    f"{HOME}systems/SYS-02/yaml/?edit=1",
    f"{HOME}policies/",
    f"{HOME}policies/bias/",
    f"{HOME}policies/new/",
    f"{HOME}judging/",
    f"{HOME}judging/SYS-02/",
    f"{HOME}operations/",
    f"{HOME}operations/SYS-02/",
    f"{HOME}operations/SYS-02/new/",
    f"{HOME}operations/SYS-02/evaluations/",
    f"{HOME}incidents/",
    f"{HOME}incidents/new/",
    f"{HOME}incidents/runbooks/",
    f"{HOME}incidents/duties/",
    f"{HOME}changes/",
    f"{HOME}changes/new/",
    f"{HOME}chain/trace/?subject=policy:bias",
    f"{HOME}assessments/",
    f"{HOME}assessments/risks/",
    f"{HOME}evidence/",
    f"{HOME}evidence/upload/",
    f"{HOME}evidence/integrity/",
    f"{HOME}cycle/",
    f"{HOME}chain/",
    f"{HOME}chain/trace/",
    f"{HOME}chain/trace/?subject=entry:A.6.2.4",
    f"{HOME}chain/trace/?subject=version:SOA-3",
    f"{HOME}chain/trace/?subject=evidence:EV-023",
    f"{HOME}chain/?period=month&role=officer&kind=entry&subject=A.5&fold=no",
    f"{HOME}chain/anchors/",
    f"{HOME}chain/anchors/rotate/",
    f"{HOME}chain/2/erase/",
    f"{HOME}reports/",
    f"{HOME}reports/certificate/",
    f"{HOME}settings/",
    f"{HOME}settings/people/",
    f"{HOME}settings/obligations/",
    f"{HOME}settings/scope/",
    f"{HOME}settings/people/invite/",
    f"{HOME}assessments/new/",
    f"{HOME}assessments/risks/new/",
    f"{HOME}search/?q=refund",
    "/me/",
    "/accounts/factors/",
    "/accounts/factors/app/",
    "/accounts/sessions/",
    "/accounts/confirm/password/",
    "/new/",
    *(f"{HOME}{page}?as_of={PAST}" for page in ("systems/SYS-01/", "assessments/", "evidence/", "soa/checks/")),
    f"{HOME}soa/?control=A.6.2.4&as_of={PAST}",
)
DETAILS = {
    f"{HOME}assessments/": r"/assessments/IA-",
    f"{HOME}assessments/risks/": r"/risks/R-",
    f"{HOME}evidence/": r"/evidence/EV-",
    f"{HOME}incidents/": r"/incidents/INC-",
    f"{HOME}changes/": r"/changes/CHG-",
    f"{HOME}systems/SYS-02/moves/": r"/moves/\d+/",
    f"{HOME}operations/SYS-02/": r"/SIG-\d+/",
    f"{HOME}soa/versions/": r"/versions/\d+/",
    f"{HOME}chain/": r"/chain/\d+/",
    f"{HOME}settings/obligations/": r"/obligations/[A-Z]+-\d+",
}
OUTSIDE = ("/accounts/login/", "/accounts/password/reset/", "/nothing-here/")
DARK = """async rules => {
  document.getAnimations().forEach(one => one.finish());
  const found = await axe.run({runOnly: rules, resultTypes: ["violations"]});
  return found.violations.map(({id, nodes}) => ({id, nodes: [{html: nodes[0].html}]}));
}"""
OF_COLOURS = ["color-contrast", "link-in-text-block"]


def faults_of(page: Page, address: str) -> list[str]:
    """Open a page and return what is wrong with it; once it is open, dark differs from light in colours alone."""
    page.emulate_media(color_scheme="light")
    answer = page.goto(address)
    assert answer is not None
    if answer.status != (404 if "nothing" in address else 200):
        return [f"{address}: answered {answer.status}"]
    found = Axe().run(page).response["violations"]
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    page.emulate_media(color_scheme="dark")
    found += [item | {"id": f"dark: {item['id']}"} for item in page.evaluate(DARK, OF_COLOURS)]
    faults = [f"{address}: {item['id']}: {item['nodes'][0]['html'][:160]}" for item in found]
    return [*faults, *([f"{address}: scrolls sideways by {wide}px"] if wide > 0 else [])]


def details_of(page: Page) -> list[str]:
    """Follow the first link of each list to a page of one thing."""
    found = []
    for address, pattern in DETAILS.items():
        page.goto(address)
        links = [str(link.get_attribute("href")) for link in page.locator("main a[href]").all()]
        found += [next(link.partition("#")[0] for link in links if re.search(pattern, link))]
    return found


def test_dark_differs_from_light_in_colours_alone() -> None:
    told = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "static").glob("*.css"))
    assert "light-dark(" in told
    assert "prefers-color-scheme" not in told


@pytest.mark.parametrize("width", [1440, 390])
def test_pages_are_accessible(browser: Browser, running: Running, width: int) -> None:
    visitor = Visitor(browser, running, viewport={"width": width, "height": 900})
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
    page.goto(f"{HOME}soa/?control=A.2.3")
    page.keyboard.press("t")
    page.wait_for_url(re.compile("chain/trace/.subject=entry:A.2.3"))
    assert page.locator(".lineage-map .lineage-node").count() > 2
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
    page.locator("#inspector").get_by_role("link", name="Trace").click()
    assert "hashes match" in page.locator(".trace-verdict").inner_text()
    assert page.locator(".lineage-map").is_visible()


def test_looking_back_works_without_scripts(browser: Browser, running: Running) -> None:
    visitor = Visitor(browser, running, java_script_enabled=False)
    page = visitor.sign_in("officer")
    page.goto(f"{HOME}soa/?view=all")
    page.locator(".as-of-menu:not(.views-menu) summary").click()
    page.locator(".as-of input[type=date]").fill(PAST)
    page.get_by_role("button", name="Show").click()
    expect(page.locator(".callout").first).to_contain_text(f"As it stood on {PAST_DAY.day} {PAST_DAY:%B %Y}")
    assert page.locator("main form[method=post], main [hx-post]").count() == 0
    assert page.locator(".applies-picker input:not(:disabled)").count() == 0
    page.get_by_role("link", name="Evidence", exact=True).click()
    assert page.url.endswith(f"/evidence/?as_of={PAST}")
    page.locator(".evidence-table tbody th a").first.click()
    expect(page.locator(".callout").first).to_contain_text("Read-only")
    page.get_by_role("link", name="Back to today").click()
    assert "as_of" not in page.url
    assert page.get_by_role("link", name="New version").count() == 1


def test_looking_back_goes_by_keyboard(browser: Browser, running: Running) -> None:
    visitor = Visitor(browser, running, viewport={"width": 1440, "height": 900})
    page = visitor.sign_in("officer")
    page.goto(f"{HOME}soa/?as_of={PAST}")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.wait_for_url(re.compile(f"control=A.2.3&as_of={PAST}"))
    for key in ("i", "e", "u", "x", "Enter"):
        page.keyboard.press(key)
    page.keyboard.press("/")
    page.keyboard.type("societal")
    expect(page.locator(".control-row")).to_have_count(1)
    assert f"as_of={PAST}" in page.url
    page.keyboard.press("Escape")
    page.locator("body").click(position={"x": 5, "y": 895})
    page.keyboard.press("v")
    page.wait_for_url(f"**/soa/versions/?as_of={PAST}")
    assert visitor.complaints == []
