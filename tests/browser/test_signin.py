"""Signing in with a real browser: passkeys, confirming without losing what was typed, drafts that come back."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Running, Visitor
from tests.browser.steps import let_time_pass

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


def named(browser: Browser, running: Running) -> Visitor:
    """A visitor at an address that is a name, as passkeys need it, with a device that keeps passkeys."""
    visitor = Visitor(
        browser, Running(running.address.replace("127.0.0.1", "localhost"), running.data, running.sign_ins)
    )
    device = visitor.context.new_cdp_session(visitor.page)
    device.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    options |= {"isUserVerified": True, "automaticPresenceSimulation": True}
    device.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return visitor


def sign_out(page: Page) -> None:
    page.goto("/accounts/logout/")
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/accounts/login/")


def test_a_passkey_signs_in_and_confirms(browser: Browser, running: Running) -> None:
    visitor = named(browser, running)
    page = visitor.sign_in("reviewer")
    page.goto("/accounts/factors/")
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    sign_out(page)
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url("**/a/meridian/")
    let_time_pass(running)
    page.goto("/accounts/factors/app/")
    page.get_by_role("link", name="Use a passkey").click()
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("heading", name="Set up an authenticator app")).to_be_visible()
    assert visitor.complaints == []


@pytest.mark.parametrize("scripts", [True, False])
def test_what_was_typed_outlives_the_confirmation(browser: Browser, running: Running, scripts: bool) -> None:
    visitor = Visitor(browser, running, java_script_enabled=scripts)
    page = visitor.sign_in("owner")
    page.goto("/me/")
    page.get_by_text("Issue a token").click()
    page.locator("#tokens [name=name]").fill("Nightly build\u2026")
    page.locator("#tokens [name=expires_on]").fill((datetime.now(UTC) + timedelta(days=40)).date().isoformat())
    let_time_pass(running)
    page.get_by_role("button", name="Issue token").click()
    page.wait_for_url("**/accounts/confirm/password/**")
    page.locator("[name=password]").fill(running.sign_ins["owner"][1])
    page.get_by_role("button", name="Confirm").click()
    if not scripts:
        page.get_by_role("button", name="Go on").click()
    expect(page.locator("#tokens")).to_contain_text("The token for Nightly build\u2026")
    assert visitor.complaints == []


def test_a_draft_outlives_a_session_that_ended(browser: Browser, running: Running) -> None:
    visitor = Visitor(browser, running)
    page = visitor.sign_in("officer")
    form = "/a/meridian/settings/obligations/new/"
    page.goto(form)
    page.locator("[name=title]").fill("Harbour by-law 7")
    page.locator("[name=text]").fill("Name who answers for the assistant.\nEvery year.")
    visitor.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="Record obligation").click()
    page.wait_for_url("**/accounts/login/?next=**")
    email, password = running.sign_ins["officer"]
    page.fill("[name=login]", email)
    page.fill("[name=password]", password)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"**{form}")
    expect(page.locator(".draft-note")).to_contain_text("What you typed here before is back")
    expect(page.locator("[name=text]")).to_have_value("Name who answers for the assistant.\nEvery year.")
    page.get_by_role("button", name="Record obligation").click()
    expect(page.locator("main")).to_contain_text("Harbour by-law 7")
    page.goto(form)
    expect(page.locator("[name=title]")).to_have_value("")
    page.locator("[name=title]").fill("Not for others")
    sign_out(page)
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('assay-draft')).length") == 0
    assert visitor.complaints == []
