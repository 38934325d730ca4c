"""Single sign-on in a real browser: a provider at another site, whose answers arrive without our cookie."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Running, Visitor
from tests.signon.idp import CLIENT_ID, CLIENT_SECRET, Oidc, an_oidc_provider
from tests.signon.saml_idp import Saml, a_saml_provider

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]


@pytest.fixture
def oidc() -> Iterator[Oidc]:
    """Under another name than Assay's, so that browsers call it another site."""
    with an_oidc_provider() as provider:
        provider.issuer = provider.issuer.replace("127.0.0.1", "localhost")
        yield provider


@pytest.fixture
def saml() -> Iterator[Saml]:
    with a_saml_provider() as provider:
        provider.address = provider.address.replace("127.0.0.1", "localhost")
        yield provider


def add(page: Page, name: str, protocol: str) -> None:
    """Add a provider to the demo organisation; its page opens."""
    page.goto("/a/meridian/")
    found = re.search(r"/a/[^/]+/", page.url)
    assert found
    page.goto(f"{found[0]}settings/sign-on/")
    page.get_by_role("link", name="Add a provider").click()
    page.get_by_label("Name").fill(name)
    page.get_by_label(protocol).check()
    page.get_by_role("button", name="Add provider").click()
    expect(page.get_by_role("heading", name="To register at the provider")).to_be_visible()


def try_it(page: Page, browser: Browser, running: Running, name: str) -> None:
    """Save, link one's own sign-in, and come in by it in a fresh browser."""
    page.get_by_role("button", name="Save provider").click()
    page.get_by_role("link", name="Link my own sign-in").click()
    expect(page.get_by_text(f"You can sign in through {name} from now on.")).to_be_visible()
    expect(page.get_by_text("by the person, who was signed in")).to_be_visible()
    fresh = Visitor(browser, running)
    fresh.page.goto("/accounts/login/")
    fresh.page.get_by_role("link", name="Sign in through your organisation").click()
    fresh.page.get_by_label("Work email").fill("x@meridian.example")
    fresh.page.get_by_role("button", name="Continue").click()
    fresh.page.get_by_role("link", name=f"Continue with {name}").click()
    fresh.page.wait_for_url(re.compile(r"/a/[^/]+/$"))
    assert fresh.complaints == []
    fresh.context.close()


def test_there_and_back_by_openid_connect(browser: Browser, running: Running, oidc: Oidc) -> None:
    visitor = Visitor(browser, running)
    page = visitor.sign_in("administrator")
    add(page, "Open ID", "OpenID Connect")
    page.get_by_label("Issuer").fill(oidc.issuer)
    page.get_by_label("Client ID").fill(CLIENT_ID)
    page.get_by_label("Client secret").fill(CLIENT_SECRET)
    page.get_by_label("Trusted domains").fill("meridian.example")
    try_it(page, browser, running, "Open ID")
    assert visitor.complaints == []


def test_there_and_back_by_saml(browser: Browser, running: Running, saml: Saml) -> None:
    visitor = Visitor(browser, running)
    page = visitor.sign_in("administrator")
    add(page, "Saml ID", "SAML 2.0")
    page.get_by_label("Metadata of the provider").fill(saml.metadata())
    page.get_by_label("Trusted domains").fill("meridian.example")
    try_it(page, browser, running, "Saml ID")
    assert visitor.complaints == []
