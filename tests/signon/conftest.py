"""Providers on this machine, which nobody's server may ask unless it is told so."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from accounts.actor import Actor
from aims.models import Aims
from signon.models import Provider
from tests.signon.idp import Oidc, an_oidc_provider
from tests.signon.make import a_saml, an_oidc
from tests.signon.saml_idp import Saml, a_saml_provider


@pytest.fixture(autouse=True)
def _on_this_machine(settings: Any) -> None:
    settings.SSO_ALLOW_PRIVATE = True


@pytest.fixture(scope="session")
def _one_idp() -> Iterator[Oidc]:
    with an_oidc_provider() as running:
        yield running


@pytest.fixture
def idp(_one_idp: Oidc) -> Oidc:
    """A provider that speaks the truth."""
    fresh = Oidc(issuer=_one_idp.issuer)
    _one_idp.__dict__.update(fresh.__dict__)
    return _one_idp


@pytest.fixture
def provider(aims: Aims, officer: Actor, idp: Oidc) -> Provider:
    """The organisation's provider, trusted for no domain."""
    return an_oidc(officer, idp)


@pytest.fixture
def browser() -> Client:
    """A browser in which nobody is signed in."""
    return Client()


@pytest.fixture(scope="session")
def _one_saml_idp() -> Iterator[Saml]:
    with a_saml_provider() as running:
        yield running


@pytest.fixture
def saml_idp(_one_saml_idp: Saml) -> Saml:
    """A SAML provider that speaks the truth."""
    _one_saml_idp.__dict__.update(Saml(address=_one_saml_idp.address).__dict__)
    return _one_saml_idp


@pytest.fixture
def saml_provider(aims: Aims, officer: Actor, saml_idp: Saml) -> Provider:
    """The organisation's SAML provider, trusted for no domain."""
    return a_saml(officer, saml_idp)
