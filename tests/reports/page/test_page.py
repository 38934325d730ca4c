"""The page around the check: offline by its own policy, by keyboard, on paper, narrow and dark, without workers."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

from tests.reports.packs import Unpacked
from tests.reports.page.reader import PAGE, Reader, zipped

GOOD, BAD = "Everything here is unchanged since it was recorded.", "DO NOT RELY ON THIS PACK."
HINT = "Compare it with a checkpoint you were sent before"


@pytest.fixture
def context(reader: Reader) -> Iterator[BrowserContext]:
    """A window of its own in the browser that is open."""
    browser = reader.page.context.browser
    assert browser is not None
    opened = browser.new_context(viewport={"width": 1440, "height": 900}, color_scheme="light")
    opened.set_default_timeout(20_000)
    yield opened
    opened.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """The page, freshly opened."""
    opened = context.new_page()
    opened.goto(PAGE)
    return opened


def check(page: Page, chosen: Path) -> None:
    """Choose and have it checked."""
    page.set_input_files("#folder" if chosen.is_dir() else "#zip", chosen)
    page.get_by_role("button", name="Check this pack").click()
    expect(page.locator("#answer")).to_be_visible()


def test_it_says_what_it_does_and_what_not(page: Page) -> None:
    """Before anything is chosen."""
    text = page.locator("main").inner_text()
    assert "It cannot show that what was recorded was true." in text
    assert "Nothing leaves this computer" in text
    expect(page.locator("#answer")).to_be_hidden()


def test_a_good_pack_is_told(packs: dict[str, Unpacked], page: Page) -> None:
    """The six checks in their order, the warning, the key, and that a checkpoint was not compared."""
    check(page, packs["whole"].folder.with_suffix(".zip"))
    expect(page.locator("#verdict-title")).to_have_text(GOOD)
    expect(page.locator("#verdict-title")).to_be_focused()
    lines = page.locator("#checks li").all_inner_texts()
    words = [f"{step['check']} {step['found']}" for step in packs["whole"].verdict()["checks"]]
    assert [" ".join(line.split()) for line in lines] == [f"ok {line}" for line in words]
    text = page.locator("#answer").inner_text()
    assert "This does not prove that what was recorded was true. Signed by" in text
    assert packs["whole"].verdict()["keys"][0] in text
    assert HINT in text
    assert "whole.zip" in text


def test_a_damaged_pack_is_told(pack: Unpacked, page: Page) -> None:
    """What was found, what was not looked at any more, and no word of who signed."""
    pack.path("evidence/more.txt").write_bytes(b"x")
    check(page, pack.folder)
    expect(page.locator("#verdict-title")).to_have_text(BAD)
    expect(page.locator("#checks")).to_contain_text("evidence/more.txt was added: the manifest does not list it")
    assert page.locator("#checks li").count() == 6
    expect(page.locator("#checks li").last).to_contain_text("not looked at, because it rests on what is above")
    expect(page.locator("#answer")).not_to_contain_text("Signed by")


def test_a_pin_takes_the_hint_away(packs: dict[str, Unpacked], page: Page) -> None:
    """Since it was compared."""
    pack = packs["whole"]
    page.locator("summary").click()
    page.get_by_label("or paste its text").fill(max(pack.path("chain/checkpoints").iterdir()).read_text())
    check(page, pack.folder)
    expect(page.locator("#verdict-title")).to_have_text(GOOD)
    expect(page.get_by_text(HINT)).to_be_hidden()
    expect(page.locator("#checks")).to_contain_text("lead to the roots of 2 signed checkpoints")


def test_nothing_chosen_is_said(page: Page) -> None:
    """Beside the button, and aloud."""
    page.get_by_role("button", name="Check this pack").click()
    expect(page.get_by_role("alert")).to_have_text("Choose the pack first: the ZIP file, or the unpacked folder.")
    expect(page.locator("#answer")).to_be_hidden()


def test_the_result_is_copied_as_json(packs: dict[str, Unpacked], context: BrowserContext, page: Page) -> None:
    """The very answer of `verify.py --json`; where the browser has no clipboard for files, by the old way."""
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    check(page, packs["whole"].folder)
    said = packs["whole"].verdict()
    for refused in ("", "navigator.clipboard.writeText = () => Promise.reject(new Error('refused'))"):
        page.evaluate(f"() => {{ {refused} }}")
        page.evaluate("element('copied').textContent = ''")
        page.get_by_role("button", name="Copy the result as JSON").click()
        expect(page.locator("#copied")).to_have_text("Copied.")
        assert json.loads(page.evaluate("navigator.clipboard.readText()")) == said


def test_it_goes_by_keyboard(packs: dict[str, Unpacked], page: Page) -> None:
    """Every control is reached by Tab in its order, and Enter checks."""
    page.set_input_files("#zip", packs["whole"].folder.with_suffix(".zip"))
    reached = []
    for _ in range(4):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.id || document.activeElement.localName"))
    assert reached == ["zip", "folder", "summary", "start"]
    page.keyboard.press("Enter")
    expect(page.locator("#verdict-title")).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "copy"


WORKERS = {
    "none": "undefined",
    "none for files": "class { constructor() { throw new Error('none'); } }",
    "one that never starts": "class extends Worker { constructor() { super('blob:null/none'); } }",
    "one that cannot read": "class { terminate() {} postMessage() { this.onmessage({ data: { is_blind: true } }); } }",
}


@pytest.mark.parametrize("worker", WORKERS)
def test_without_a_worker_the_page_checks_itself(
    packs: dict[str, Unpacked], context: BrowserContext, tmp_path: Path, worker: str
) -> None:
    """Where a browser gives a page that is a file no worker of use, the answer is the same."""
    page = context.new_page()
    page.add_init_script(f"window.Worker = {WORKERS[worker]}")
    page.goto(PAGE)
    check(page, zipped(packs["whole"], tmp_path / "pack.zip"))
    assert json.loads(page.evaluate("element('verdict').textContent")) == packs["whole"].verdict()


def test_a_browser_that_cannot_unpack_says_so(packs: dict[str, Unpacked], context: BrowserContext) -> None:
    """And still reads the folder."""
    page = context.new_page()
    page.add_init_script("delete window.DecompressionStream")
    page.goto(PAGE)
    page.set_input_files("#zip", packs["whole"].folder.with_suffix(".zip"))
    page.get_by_role("button", name="Check this pack").click()
    expect(page.get_by_role("alert")).to_contain_text("This browser cannot unpack ZIP files.")
    check(page, packs["whole"].folder)
    expect(page.locator("#verdict-title")).to_have_text(GOOD)


def test_long_work_shows_how_far_it_is_and_can_be_stopped(pack: Unpacked, page: Page) -> None:
    """The page stays awake; after a stop nothing is said of the pack."""
    with pack.path("evidence/large.bin").open("wb") as file:
        file.truncate(400 * 2**20)
    pack.sign_again()
    page.set_input_files("#folder", pack.folder)
    page.get_by_role("button", name="Check this pack").click()
    expect(page.locator("#step")).to_have_text("Checking every file…")
    expect(page.locator("#amount")).to_contain_text("of 419.")
    assert 0 < page.evaluate("element('bar').value") < 1
    page.get_by_role("button", name="Stop").click()
    expect(page.locator("#progress")).to_be_hidden()
    page.wait_for_timeout(500)
    expect(page.locator("#answer")).to_be_hidden()


def drag(page: Page, *dropped: Path) -> None:
    """Drag files and folders in from outside, and let go."""
    box = page.locator("#drop").bounding_box()
    assert box is not None
    session = page.context.new_cdp_session(page)
    data: dict[str, Any] = {"items": [], "files": list(map(str, dropped)), "dragOperationsMask": 1}
    for kind in ("dragEnter", "dragOver", "drop"):
        session.send("Input.dispatchDragEvent", {"type": kind, "x": box["x"] + 9, "y": box["y"] + 9, "data": data})


@pytest.mark.parametrize("is_zip", [True, False], ids=["zip", "folder"])
def test_what_is_dropped_is_checked(packs: dict[str, Unpacked], page: Page, *, is_zip: bool) -> None:
    """The ZIP, or the whole folder."""
    folder = packs["whole"].folder
    drag(page, folder.with_suffix(".zip") if is_zip else folder)
    expect(page.locator("#chosen")).to_contain_text("Chosen: whole")
    page.get_by_role("button", name="Check this pack").click()
    expect(page.locator("#verdict-title")).to_have_text(GOOD)


def test_two_things_dropped_are_refused(packs: dict[str, Unpacked], page: Page) -> None:
    """Nobody knows which is meant."""
    drag(page, packs["whole"].folder, packs["cut"].folder)
    expect(page.get_by_role("alert")).to_have_text("Drop one thing: the ZIP file, or the unpacked folder.")


def test_the_page_forbids_itself_the_network(page: Page) -> None:
    """Whatever a script in it tried: fetch, picture, frame, form, worker of elsewhere."""
    page.evaluate(
        """() => {
          window.refused = [];
          document.addEventListener('securitypolicyviolation', (event) => refused.push(event.effectiveDirective));
          fetch('https://example.org/').catch(() => {});
          new Image().src = 'https://example.org/x.png';
          document.body.append(Object.assign(document.createElement('iframe'), { src: 'https://example.org/' }));
          document.head.append(Object.assign(document.createElement('script'), { src: 'https://example.org/x.js' }));
          const inside = `
            addEventListener('securitypolicyviolation', (event) => postMessage('worker ' + event.effectiveDirective));
            fetch('https://example.org/').catch(() => {});`;
          new Worker(URL.createObjectURL(new Blob([inside]))).onmessage = ({ data }) => refused.push(data);
        }"""
    )
    expected = {"connect-src", "img-src", "frame-src", "script-src-elem", "worker connect-src"}
    for _ in range(50):
        if expected <= set(page.evaluate("refused")):
            return
        page.wait_for_timeout(100)
    assert set(page.evaluate("refused")) == expected


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (1440, "dark"), (390, "light"), (390, "dark")])
def test_the_page_is_accessible(
    packs: dict[str, Unpacked], pack: Unpacked, context: BrowserContext, width: int, scheme: str
) -> None:
    """Empty, with a good and with a bad answer: no axe violation, no sideways scroll."""
    page = context.new_page()
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.goto(PAGE)
    page.locator("summary").click()
    pack.path("evidence/a-file-of-a-rather-long-name-that-nobody-ever-listed-anywhere.txt").write_bytes(b"x")
    for chosen in (None, packs["whole"].folder, pack.folder):
        if chosen:
            check(page, chosen)
        found = Axe().run(page).response["violations"]
        assert [f"{item['id']}: {item['nodes'][0]['html'][:160]}" for item in found] == []
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0


def test_on_paper_only_the_answer_stands(packs: dict[str, Unpacked], page: Page) -> None:
    """What was checked, when, and what was found; no buttons."""
    check(page, packs["whole"].folder)
    page.emulate_media(media="print")
    expect(page.locator("form")).to_be_hidden()
    expect(page.get_by_role("button", name="Print")).to_be_hidden()
    expect(page.locator("#about")).to_be_visible()
    expect(page.locator("#verdict-title")).to_be_visible()
