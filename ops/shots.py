"""`make shots`: take pictures of the real pages, of a throw-away installation with the demo organisation.

Every page in two widths and two themes goes to `.cache/shots/` with an index; `--docs` also takes those of the README.
"""

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html import escape
from pathlib import Path
from zipfile import ZipFile

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from ops import services
from ops.commands import run
from ops.pages import AIMS, PAGES, PICTURES, Shown
from ops.places import CACHE, ROOT, VENV_PYTHON, Order
from ops.prepare import browser_environment, one_line_problems
from ops.processes import end, guarded, spawn
from ops.redis import free_port
from ops.run import wait_until_healthy
from ops.say import Problem, say, step
from ops.services import MANAGE

DOCS = ROOT / "docs" / "pictures"
SHOTS = CACHE / "shots"
WIDTHS = {1440: 900, 390: 844}
THEMES = ("light", "dark")
REPORT_DPI = 60
CODE = re.compile(r"\b(?:A|ORG)(?:\.\d+)+")
REASON = "Decided in the yearly review: every model we use is bought, and its supplier answers for it."
IGNORED = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "EMAIL_URL", "SITE_URL", "DEMO")
QUIET = {"LOG_LEVEL": "ERROR"}


@dataclass(frozen=True, slots=True)
class Site:
    """A running Assay: its address, its environment, and e-mail and password by role."""

    address: str
    env: dict[str, str]
    people: dict[str, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture taken, and what is wrong with the page it shows."""

    name: str
    file: str
    faults: tuple[str, ...]


def main() -> int:
    """Start Assay, take the pictures, stop it; 1 when a page answered wrongly or does not fit its width."""
    given = arguments()
    SHOTS.mkdir(parents=True, exist_ok=True)
    with guarded(), installation(given.data) as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox", "--disable-gpu"])
        shots = [] if given.docs_only else list(take_shots(browser, site, given.only))
        if given.docs:
            take_pictures(browser, site)
        browser.close()
    if shots:
        (SHOTS / "index.html").write_text(index(shots), encoding="utf-8")
        say(f"{len(shots)} pictures: {SHOTS / 'index.html'}")
    faults = [f"{shot.file}: {fault}" for shot in shots for fault in shot.faults]
    say("\n".join(faults))
    return 1 if faults else 0


def arguments() -> argparse.Namespace:
    """Read what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("only", nargs="*", help="names of pages; all without one")
    parser.add_argument(
        "--data", type=Path, help="a data folder to show instead of a fresh demo; it must not be in use"
    )
    parser.add_argument("--docs", action="store_true", help="take the pictures of the README too")
    parser.add_argument("--docs-only", action="store_true", help="take no others")
    given = parser.parse_args()
    given.docs = given.docs or given.docs_only
    return given


def chromium() -> str:
    """Return the browser's path, or say what is missing."""
    path = browser_environment().get("ASSAY_BROWSER")
    if path is None:
        raise Problem("Pictures need Chromium: apt-get install chromium, or set ASSAY_BROWSER.")
    return path


@contextmanager
def installation(data: Path | None) -> Iterator[Site]:
    """Set up Assay in a folder of its own, serve it, and leave nothing behind."""
    with tempfile.TemporaryDirectory(prefix="assay-shots-") as folder:
        order = Order(port=free_port(), data=data or Path(folder), web_workers=1, redis_url="")
        env = {name: value for name, value in order.environment("").items() if name not in IGNORED} | QUIET
        for one in () if data else services.preparations(env):
            with step(one.name):
                run(one.argv, doing=f"Preparing the {one.name}", env=env | one.extra)
        web = spawn(services.web(order).argv, env=env)
        try:
            wait_until_healthy(order, web)
            yield Site(order.address, env, sign_ins(order.data / "demo-sign-in.txt"))
        finally:
            end([web], grace=5)


def sign_ins(file: Path) -> dict[str, tuple[str, str]]:
    """Return e-mail and password by role."""
    lines = (line.rsplit(maxsplit=2) for line in file.read_text(encoding="utf-8").splitlines() if line.strip())
    return {role: (email, password) for role, email, password in lines}


def signed_in(browser: Browser, site: Site, role: str, width: int, theme: str) -> BrowserContext:
    """Return a browser window in which the person with this role is signed in; without a role, nobody."""
    context = browser.new_context(
        base_url=site.address,
        viewport={"width": width, "height": WIDTHS[width]},
        color_scheme="dark" if theme == "dark" else "light",
        reduced_motion="reduce",
        locale="en-GB",
    )
    if role:
        page = context.new_page()
        page.goto("/accounts/login/")
        email, password = site.people[role]
        page.fill("input[name=login]", email)
        page.fill("input[name=password]", password)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(lambda address: "/accounts/login/" not in address)
        page.close()
    return context


def take_shots(browser: Browser, site: Site, only: list[str]) -> Iterator[Shot]:
    """Photograph every page whole, in each width and theme."""
    wanted = [shown for shown in PAGES if not only or shown.name in only]
    for width in WIDTHS:
        for theme in THEMES:
            with step(f"{width} wide, {theme}"):
                for role in dict.fromkeys(shown.role for shown in wanted):
                    context = signed_in(browser, site, role, width, theme)
                    for shown in (one for one in wanted if one.role == role):
                        yield take(context, shown, f"{shown.name}-{width}-{theme}.png")
                    context.close()


def take(context: BrowserContext, shown: Shown, file: str) -> Shot:
    """Photograph one page, and note what is wrong with it."""
    page = context.new_page()
    faults: list[str] = []
    expected = f"status of {shown.status} "
    page.on(
        "console", lambda said: faults.append(said.text) if said.type == "error" and expected not in said.text else None
    )
    page.on("pageerror", lambda error: faults.append(str(error)))
    reach(page, shown)
    if wide := page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"):
        faults.append(f"{wide} px wider than its window")
    page.screenshot(path=SHOTS / file, full_page=True)
    page.close()
    return Shot(shown.name, file, tuple(faults))


def reach(page: Page, shown: Shown) -> None:
    """Go to a page: to its address, then on through the first link or the file it names."""
    answer = page.goto(shown.path if shown.path.startswith("/") else f"/a/{AIMS}/{shown.path}")
    if answer is None or answer.status != shown.status:
        raise Problem(f"{shown.name}: {page.url} answered {answer and answer.status} instead of {shown.status}.")
    if shown.file:
        page.set_input_files("input[type=file]", ROOT / shown.file)
        with page.expect_navigation():
            page.click("main form button[type=submit]")
    if shown.follow:
        link = page.locator(shown.follow).first.get_attribute("href")
        page.goto(link or "/")
    page.wait_for_load_state("networkidle")


def take_pictures(browser: Browser, site: Site) -> None:
    """Take the pictures that the README shows, one window high, small enough for a repository."""
    DOCS.mkdir(parents=True, exist_ok=True)
    with step("pictures of the README"):
        for picture in PICTURES:
            if picture.is_submitted:
                submit_draft(browser, site)
            context = signed_in(browser, site, picture.shown.role, 1440, picture.theme)
            page = context.new_page()
            reach(page, picture.shown)
            file = DOCS / f"{picture.name}.png"
            page.screenshot(path=file)
            context.close()
            shrink(file)
        report_picture(site, DOCS / "report.png")
        pack_picture(browser, site, DOCS / "pack.png")


def submit_draft(browser: Browser, site: Site) -> None:
    """Mend what blocks the draft, through the pages, and put it before the approver."""
    context = signed_in(browser, site, "officer", 1440, "light")
    page = context.new_page()
    page.goto(f"/a/{AIMS}/soa/checks/")
    rows = [link.inner_text() for link in page.locator("#blocking li a").all()]
    for code in dict.fromkeys(found[0] for text in rows if (found := CODE.search(text))):
        page.goto(f"/a/{AIMS}/soa/{code}/")
        if page.locator("input[name=applicability][value=undecided]").is_checked():
            page.check("input[name=applicability][value=included]")
        page.fill("textarea[name=why]", REASON)
        with page.expect_navigation():
            page.click("form[data-editor] button[type=submit]")
    page.goto(f"/a/{AIMS}/soa/submit/")
    with page.expect_navigation():
        page.click("main form button[type=submit]")
    context.close()


def report_picture(site: Site, file: Path) -> None:
    """Picture the report's first pages side by side."""
    with tempfile.TemporaryDirectory() as folder:
        pdf = Path(folder) / "report.pdf"
        argv = (VENV_PYTHON, MANAGE, "render_soa", "--aims", AIMS, "--out", pdf)
        run(argv, doing="Rendering the report", env=site.env)
        pages = sheets(pdf, Path(folder))
        row = Image.new(
            "RGB", (sum(page.width for page in pages) + 24 * (len(pages) + 1), pages[0].height + 48), "#d9d9d4"
        )
        left = 24
        for page in pages:
            row.paste(page, (left, 24))
            left += page.width + 24
        row.save(file)
    shrink(file)


def pack_picture(browser: Browser, site: Site, file: Path) -> None:
    """Picture the page in a pack after it has checked that pack, as its reader opens it: from the unpacked folder."""
    with tempfile.TemporaryDirectory() as folder:
        pack, page_file = Path(folder) / "pack.zip", Path(folder) / "verify.html"
        argv = (VENV_PYTHON, MANAGE, "make_pack", "--aims", AIMS, "--out", pack)
        run(argv, doing="Making a certification pack", env=site.env)
        with ZipFile(pack) as archive:
            page_file.write_bytes(archive.read("verify.html"))
        page = browser.new_page(viewport={"width": 1440, "height": WIDTHS[1440]})
        page.goto(page_file.as_uri())
        page.set_input_files("input[type=file]:not([webkitdirectory])", pack)
        page.get_by_role("button", name="Check this pack").click()
        page.get_by_text("Everything here is unchanged").wait_for()
        page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
        page.screenshot(path=file)
        page.close()
    shrink(file)


def sheets(pdf: Path, folder: Path) -> list[Image.Image]:
    """Return three pages of a PDF as pictures."""
    program = shutil.which("pdftoppm")
    if program is None:
        raise Problem("The picture of the report needs pdftoppm: apt-get install poppler-utils.")
    subprocess.run([program, "-r", str(REPORT_DPI), "-png", "-l", "3", str(pdf), str(folder / "page")], check=True)
    return [Image.open(path).convert("RGB") for path in sorted(folder.glob("page-*.png"))[:3]]


def shrink(file: Path) -> None:
    """Store a picture as WebP without losing a colour: amber and red mean different things."""
    with Image.open(file) as image:
        image.convert("RGB").save(file.with_suffix(".webp"), lossless=True, quality=100, method=6)
    file.unlink()


def index(shots: list[Shot]) -> str:
    """Return a page that shows every picture, four to a row, with what is wrong."""
    names = dict.fromkeys(shot.name for shot in shots)
    rows = "".join(
        f"<h2>{escape(name)}</h2><p>" + "".join(_cell(shot) for shot in shots if shot.name == name) + "</p>"
        for name in names
    )
    style = "body{font:14px sans-serif;margin:2em}img{width:22%;vertical-align:top;margin:.5%;border:1px solid #999}"
    return f"<!doctype html><meta charset=utf-8><title>Shots</title><style>{style}b{{color:#a00}}</style>{rows}"


def _cell(shot: Shot) -> str:
    faults = "".join(f"<b>{escape(fault)}</b> " for fault in shot.faults)
    return f'{faults}<a href="{shot.file}"><img src="{shot.file}" alt="{shot.file}" loading=lazy></a>'


if __name__ == "__main__":
    with one_line_problems():
        sys.exit(main())
