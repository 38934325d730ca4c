"""A real Assay as `make run` starts it (web, worker, ticker, Redis, demo), and a real browser."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests import migrated

ROOT = Path(__file__).resolve().parents[2]
READY_SECONDS = 240
STOP_SECONDS = 90
NAMES = ("ASSAY_BROWSER", "/usr/bin/chromium", "/usr/bin/google-chrome")
CHROMIUM = next((path for name in NAMES if Path(path := os.environ.get(name, name)).is_file()), "")


@dataclass(frozen=True)
class Running:
    """A started Assay: where it answers, its data, and the demo's sign-ins by role."""

    address: str
    data: Path
    sign_ins: dict[str, tuple[str, str]]


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _wait(port: int, process: "subprocess.Popen[bytes]", log: Path) -> None:
    until = time.monotonic() + READY_SECONDS
    while time.monotonic() < until:
        if process.poll() is not None:
            break
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
            connection.request("GET", "/healthz")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.3)
    pytest.fail(f"Assay did not start:\n{log.read_text()[-4000:]}")


@pytest.fixture(scope="package")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Start everything as a newcomer does, on a database that was migrated before, and stop it with SIGTERM."""
    if os.environ.get("ASSAY_NO_BROWSER") or not CHROMIUM:
        pytest.skip("there is no browser on this machine")
    data = tmp_path_factory.mktemp("assay")
    port = _free_port()
    hidden = {"DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "DEMO", "MAKELEVEL", "DJANGO_SETTINGS_MODULE"}
    env = {name: value for name, value in os.environ.items() if name not in hidden}
    migrated.copy_to(data / "assay.sqlite3")
    log = data / "run.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "ops.run"],
            cwd=ROOT,
            env=env | {"PORT": str(port), "ASSAY_DATA": str(data), "SSO_ALLOW_PRIVATE": "1"},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            _wait(port, process, log)
            yield Running(f"http://127.0.0.1:{port}", data, _sign_ins(data))
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(STOP_SECONDS)


def _sign_ins(data: Path) -> dict[str, tuple[str, str]]:
    lines = (data / "demo-sign-in.txt").read_text(encoding="utf-8").splitlines()
    found: dict[str, tuple[str, str]] = {}
    for line in lines:
        role, email, password = line.split(" ", 2)
        found.setdefault(role, (email, password))
    return found


@pytest.fixture(scope="package")
def browser(running: Running) -> Iterator[Browser]:
    """Start Chromium once, and end it with these tests: while it runs, its event loop bars others from the database."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield chromium
        chromium.close()


class Visitor:
    """Somebody at their browser; anything the console complains about fails the test."""

    def __init__(self, browser: Browser, running: Running, **screen: object) -> None:
        self.running = running
        self.context: BrowserContext = browser.new_context(base_url=running.address, accept_downloads=True, **screen)  # type: ignore[arg-type]
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(15_000)
        self.complaints: list[str] = []
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on(
            "console", lambda line: self.complaints.append(line.text) if "Security Policy" in line.text else None
        )

    def sign_in(self, role: str) -> Page:
        """Sign in with a demo role's e-mail and password."""
        email, password = self.running.sign_ins[role]
        self.page.goto("/accounts/login/")
        self.page.fill("[name=login]", email)
        self.page.fill("[name=password]", password)
        self.page.get_by_role("button", name="Sign in").click()
        self.page.wait_for_url(lambda address: "/accounts/login" not in address)
        return self.page
