"""SAML 2.0 as a service provider: python3-saml in its strict mode, and what it lets pass asked for here."""

import binascii
from datetime import UTC, datetime
from typing import Any, cast
from urllib.parse import urlsplit

import xmlsec
from django.utils.translation import gettext as _
from lxml import etree
from onelogin.saml2.auth import OneLogin_Saml2_Auth
from onelogin.saml2.constants import OneLogin_Saml2_Constants as Names
from onelogin.saml2.errors import OneLogin_Saml2_Error, OneLogin_Saml2_ValidationError
from onelogin.saml2.idp_metadata_parser import OneLogin_Saml2_IdPMetadataParser
from onelogin.saml2.response import OneLogin_Saml2_Response
from onelogin.saml2.settings import OneLogin_Saml2_Settings
from onelogin.saml2.utils import OneLogin_Saml2_Utils

from signon.addresses import Addresses
from signon.asserted import Asserted, NotAsserted
from signon.told import Told, bare, read_certificate

WRONG = (OneLogin_Saml2_Error, OneLogin_Saml2_ValidationError, etree.LxmlError, xmlsec.Error, binascii.Error)
MOST = 512 * 1024
MAIL = (
    "email",
    "mail",
    "urn:oid:0.9.2342.19200300.100.1.3",
    "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress",
)
NAME = ("name", "displayName", "urn:oid:2.16.840.1.113730.3.1.241")


def read_metadata(text: str) -> Told:
    """Read a provider's metadata as pasted or uploaded; it has to name the issuer, an address and a certificate."""
    if len(text) > MOST:
        raise NotAsserted(_("The metadata is longer than 512 KB."))
    try:
        idp = OneLogin_Saml2_IdPMetadataParser.parse(text.strip().encode()).get("idp", {})
    except (*WRONG, ValueError, AttributeError) as error:
        raise NotAsserted(_("This is no SAML metadata.")) from error
    certificates = [idp["x509cert"]] if "x509cert" in idp else idp.get("x509certMulti", {}).get("signing", [])
    sso_url = idp.get("singleSignOnService", {}).get("url", "")
    if not (idp.get("entityId") and sso_url and certificates):
        raise NotAsserted(
            _("The metadata names no entity id, no address for HTTP-Redirect, or no certificate to sign.")
        )
    return Told(idp["entityId"], sso_url, tuple(bare(one) for one in certificates if read_certificate(one)))


def _settings(issuer: str, sso_url: str, certificates: list[str], ours: Addresses) -> dict[str, Any]:
    return {
        "strict": True,
        "sp": {
            "entityId": ours.metadata,
            "assertionConsumerService": {"url": ours.acs, "binding": Names.BINDING_HTTP_POST},
            "NameIDFormat": Names.NAMEID_PERSISTENT,
        },
        "idp": {
            "entityId": issuer,
            "singleSignOnService": {"url": sso_url, "binding": Names.BINDING_HTTP_REDIRECT},
            "x509certMulti": {"signing": certificates},
        },
        "security": {
            "wantAssertionsSigned": True,
            "wantNameId": True,
            "wantAttributeStatement": False,
            "requestedAuthnContext": False,
            "rejectDeprecatedAlgorithm": True,
            "allowRepeatAttributeName": True,
        },
    }


def our_metadata(ours: Addresses) -> str:
    """Return what the provider needs to know of Assay."""
    settings = OneLogin_Saml2_Settings(
        _settings("https://idp.invalid", "https://idp.invalid", [], ours), sp_validation_only=True
    )
    told: bytes | str = settings.get_sp_metadata()
    return told.decode() if isinstance(told, bytes) else told


def way_there(told: Told, ours: Addresses, *, state: str, afresh: bool = False) -> tuple[str, str]:
    """Return the address at the provider and the id of the request, which its answer has to name."""
    auth = OneLogin_Saml2_Auth(_request(ours), _settings(told.issuer, told.sso_url, list(told.certificates), ours))
    url = auth.login(return_to=state, force_authn=afresh)
    return str(url), str(auth.get_last_request_id())


def way_back(told: Told, ours: Addresses, *, answer: str, request_id: str) -> Asserted:
    """Check a response whole and return whom it names."""
    if not request_id or len(answer) > MOST:
        raise NotAsserted(_("The provider's answer belongs to no request of ours."))
    settings = OneLogin_Saml2_Settings(_settings(told.issuer, told.sso_url, list(told.certificates), ours))
    try:
        response = OneLogin_Saml2_Response(settings, answer)
        response.is_valid(_request(ours), request_id, raise_exceptions=True)
        _insist(response, ours, request_id)
        return _asserted(response, told.issuer)
    except (*WRONG, ValueError) as error:
        if getattr(error, "code", None) == OneLogin_Saml2_Error.PRIVATE_KEY_NOT_FOUND:
            words = _("The assertion is encrypted. Turn encryption off at the provider; the way here is https.")
            raise NotAsserted(words) from error
        raise NotAsserted(_("The provider's answer is not valid: %(why)s") % {"why": str(error)[:300]}) from error


def _request(ours: Addresses) -> dict[str, Any]:
    """The request as python3-saml wants it, made of our own address and nothing that came with the real one."""
    parts = urlsplit(ours.acs)
    return {
        "https": "on" if parts.scheme == "https" else "off",
        "http_host": parts.netloc,
        "script_name": parts.path,
        "get_data": {},
        "post_data": {},
    }


def _insist(response: OneLogin_Saml2_Response, ours: Addresses, request_id: str) -> None:
    """Refuse what strict mode accepts when it is missing or only begins alike: request, audience, place and end."""
    if response.document.get("InResponseTo") != request_id:
        raise NotAsserted(_("The provider's answer belongs to no request of ours."))
    if response.document.get("Destination") not in (None, ours.acs):
        raise NotAsserted(_("The provider's answer was meant for another address."))
    if ours.metadata not in response.get_audiences():
        raise NotAsserted(_("The provider's answer was made for another application (audience)."))
    places = response._query_assertion("/saml:Subject/saml:SubjectConfirmation/saml:SubjectConfirmationData")
    for place in places:
        told = (place.get("InResponseTo"), place.get("Recipient"))
        if told != (request_id, ours.acs) or not place.get("NotOnOrAfter"):
            raise NotAsserted(_("The provider's answer was meant for another request, or never ends."))


def _asserted(response: OneLogin_Saml2_Response, issuer: str) -> Asserted:
    kind, subject = response.get_nameid_format(), response.get_nameid()
    if kind == Names.NAMEID_TRANSIENT or not subject or len(subject) > 255:
        raise NotAsserted(_("The provider names people anew each time. Have it send a lasting NameID (persistent)."))
    said = response.get_attributes()
    email = _first(said, MAIL) or (subject if kind == Names.NAMEID_EMAIL_ADDRESS else "")
    contexts = [str(context) for context in response.get_authn_contexts()]
    return Asserted(
        issuer=issuer,
        subject=subject,
        email=email.lower() if len(email) <= 254 else "",
        email_verified=False,
        name=_first(said, NAME)[:120],
        acr=contexts[0] if contexts else "",
        asked_at=_asked_at(response),
    )


def _first(said: dict[str, list[Any]], names: tuple[str, ...]) -> str:
    values = (value for name in names for value in said.get(name, []))
    return next((value.strip() for value in values if isinstance(value, str) and "\x00" not in value), "")


def _asked_at(response: OneLogin_Saml2_Response) -> datetime | None:
    nodes = response._query_assertion("/saml:AuthnStatement[@AuthnInstant]")
    if not nodes:
        return None
    seconds = cast(int, OneLogin_Saml2_Utils.parse_SAML_to_time(nodes[0].get("AuthnInstant")))
    return datetime.fromtimestamp(seconds, UTC)
