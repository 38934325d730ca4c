"""What several tests do in a browser: start an organisation, ask somebody in, assess a system."""

import re
import subprocess
import sys

from playwright.sync_api import Page, expect

from tests.browser.conftest import ROOT, Running

AGE = """
import django; django.setup()
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
for row in Session.objects.all():
    session = SessionStore(row.session_key)
    for shown in session.get("account_authentication_methods", []):
        shown["at"] -= 1000
    if "began_at" in session:
        session["began_at"] -= 1000
        session.save(must_create=False)
"""


def start_own(page: Page) -> str:
    """Answer the three questions and return the new organisation's address."""
    page.goto("/new/")
    page.get_by_label("What is the organisation called?").fill("Harbour Lights")
    page.get_by_label("AI provider").check()
    page.get_by_label("Name", exact=True).first.fill("Berth Assistant")
    page.get_by_label("What it is for").first.fill("Answers questions of skippers about berths and fees.")
    page.get_by_role("button", name="Start the management system").click()
    page.wait_for_url(re.compile(r"/a/harbour-lights[^/]*/"))
    found = re.search(r"/a/[^/]+/", page.url)
    assert found
    return found[0]


def assess(page: Page, home: str, system: str) -> str:
    """Assess a system's impact, submit the assessment and return its address."""
    page.goto(f"{home}assessments/new/?system={system}")
    page.get_by_role("button", name="Start assessment").click()
    page.wait_for_url(re.compile(r"/assessments/IA-\d{4}-\d+/"))
    here = page.url.split("#")[0].split("?")[0]
    page.goto(f"{here}purpose/")
    page.locator("[name=intended_use]").fill("Answer questions about berths.")
    page.locator("[name=foreseeable_misuse]").fill("Taking its answer for a booking.")
    page.locator("[name=oversight]").fill("A harbour clerk can take over.")
    page.locator("[name=jurisdictions]").fill("United Kingdom")
    page.locator("#purpose").get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#purpose")).to_contain_text("Taking its answer for a booking.")
    page.goto(f"{here}parties/new/")
    page.locator("[name=name]").fill("Visiting skippers")
    page.get_by_role("button", name="Save party").click()
    expect(page.locator("#parties")).to_contain_text("Visiting skippers")
    page.goto(f"{here}impacts/new/")
    page.locator("[name=description]").fill("A skipper relies on a wrong tide time")
    for name, score in (
        ("likelihood", "2"),
        ("severity", "4"),
        ("residual_likelihood", "2"),
        ("residual_severity", "3"),
    ):
        page.locator(f"[name={name}][value='{score}']").check(force=True)
    page.get_by_role("button", name="Save impact").click()
    expect(page.locator("#impacts")).to_contain_text("wrong tide time")
    page.goto(here)
    page.get_by_role("button", name=re.compile("^Submit")).click()
    expect(page.locator("main")).to_contain_text("In review")
    return here


def invite_approver(page: Page, home: str, email: str) -> None:
    """Give the approver's role to somebody who already has a sign-in."""
    page.goto(f"{home}settings/people/invite/")
    page.locator("[name=name]").fill("The harbour master")
    page.locator("[name=email]").fill(email)
    page.locator("[name=roles][value=approver]").check(force=True)
    page.locator("main button[type=submit]").last.click()
    page.wait_for_url(lambda address: "invite" not in address)


def let_time_pass(running: Running) -> None:
    """Let every session be older than the 15 minutes for which signing in counts as confirming."""
    env = {"ASSAY_DATA": str(running.data), "DJANGO_SETTINGS_MODULE": "config.settings", "PATH": "/usr/bin:/bin"}
    subprocess.run([sys.executable, "-c", AGE], cwd=ROOT, env=env, check=True, timeout=60)
