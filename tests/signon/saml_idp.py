"""A SAML provider as a real HTTP server in a thread: it reads our request and signs its answer with `signxml`,
which shares no code with the library that checks it. A test may have it say, sign or rearrange anything."""

import base64
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs, urlsplit

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from lxml import etree
from signxml import DigestAlgorithm, SignatureMethod, XMLSigner, methods

from tests.signon.idp import a_key, serving

NS = {
    "samlp": "urn:oasis:names:tc:SAML:2.0:protocol",
    "saml": "urn:oasis:names:tc:SAML:2.0:assertion",
    "ds": "http://www.w3.org/2000/09/xmldsig#",
}
PERSISTENT = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"
STATUS = "urn:oasis:names:tc:SAML:2.0:status:"
CONTEXT = "urn:oasis:names:tc:SAML:2.0:ac:classes:TimeSyncToken"


@cache
def a_certificate(number: int = 1) -> x509.Certificate:
    """The certificate of `a_key(number)`."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "idp.example.org")])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(a_key(number).public_key())
    made = made.serial_number(number).not_valid_before(now - timedelta(days=1))
    return made.not_valid_after(now + timedelta(days=30)).sign(a_key(number), SHA256())


def pem(number: int = 1) -> str:
    return a_certificate(number).public_bytes(Encoding.PEM).decode()


Xml = etree._Element


def signed(element: Xml, *, key: int = 1, weak: bool = False) -> Xml:
    """The element with its signature placed where SAML wants it: right after the issuer."""
    method, digest = (
        (SignatureMethod.RSA_SHA1, DigestAlgorithm.SHA1)
        if weak
        else (SignatureMethod.RSA_SHA256, DigestAlgorithm.SHA256)
    )
    place = etree.Element(f"{{{NS['ds']}}}Signature", Id="placeholder", nsmap={"ds": NS["ds"]})
    element.insert(1, place)
    kind = _Sha1Signer if weak else XMLSigner
    signer = kind(methods.enveloped, method, digest, "http://www.w3.org/2001/10/xml-exc-c14n#")
    signer.namespaces = {"ds": NS["ds"]}
    return signer.sign(element, key=a_key(key), cert=pem(key), reference_uri=element.get("ID"))


class _Sha1Signer(XMLSigner):
    """Signs as nobody should any more."""

    def check_deprecated_methods(self) -> None:
        """Do not mind."""


@dataclass
class Saml:
    """What the provider says next: `says` goes over the plain values, `before` and `after` over the signed XML."""

    issuer: str = "https://idp.example.org/meta"
    address: str = ""
    name_id: str = "s-1"
    name_id_format: str = PERSISTENT
    attributes: dict[str, str] = field(default_factory=dict)
    says: dict[str, Any] = field(default_factory=dict)
    sign: Callable[[Xml], Xml] = signed
    after: Callable[[Xml], Xml] = lambda response: response
    asked: list[dict[str, str]] = field(default_factory=list)

    def metadata(self) -> str:
        body = "".join(pem().strip().splitlines()[1:-1])
        return f"""<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="{self.issuer}">
          <md:IDPSSODescriptor protocolSupportEnumeration="{NS["samlp"]}">
            <md:KeyDescriptor use="signing"><ds:KeyInfo xmlns:ds="{NS["ds"]}"><ds:X509Data>
              <ds:X509Certificate>{body}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>
            <md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"
              Location="{self.address}/sso"/>
          </md:IDPSSODescriptor></md:EntityDescriptor>"""

    def answer(self, query: dict[str, str]) -> tuple[str, str]:
        """Read a request; return where the answer is posted, and the answer."""
        self.asked.append(query)
        request = etree.fromstring(zlib.decompress(base64.b64decode(query["SAMLRequest"]), -15))
        acs = request.get("AssertionConsumerServiceURL")
        audience = request.findtext("saml:Issuer", namespaces=NS)
        facts = self._facts(request.get("ID"), acs, audience) | self.says
        response = etree.fromstring(_response(facts, self.attributes))
        assertion = response.find("saml:Assertion", NS)
        if assertion is not None:
            response.replace(assertion, self.sign(assertion))
        return acs, base64.b64encode(etree.tostring(self.after(response))).decode()

    def _facts(self, request_id: str, acs: str, audience: str) -> dict[str, Any]:
        now = datetime.now(UTC)
        return {
            "issuer": self.issuer,
            "destination": acs,
            "recipient": acs,
            "in_response_to": request_id,
            "confirmed_for": request_id,
            "audience": audience,
            "begins": now - timedelta(seconds=30),
            "ends": now + timedelta(minutes=5),
            "asked_at": now,
            "now": now,
            "status": f"{STATUS}Success",
            "name_id": self.name_id,
            "format": self.name_id_format,
            "id": f"_{now.timestamp()}".replace(".", ""),
        }


def _attribute(name: str, value: object) -> str:
    text = f"{value:%Y-%m-%dT%H:%M:%SZ}" if isinstance(value, datetime) else value
    return f' {name}="{text}"' if value else ""


def _response(facts: dict[str, Any], attributes: dict[str, str]) -> str:
    told = "".join(
        f'<saml:Attribute Name="{name}"><saml:AttributeValue>{value}</saml:AttributeValue></saml:Attribute>'
        for name, value in attributes.items()
    )
    statement = f"<saml:AttributeStatement>{told}</saml:AttributeStatement>" if told else ""
    audience = facts["audience"]
    restriction = f"<saml:AudienceRestriction><saml:Audience>{audience}</saml:Audience></saml:AudienceRestriction>"
    return f"""<samlp:Response xmlns:samlp="{NS["samlp"]}" xmlns:saml="{NS["saml"]}" Version="2.0" ID="r{facts["id"]}"
      {_attribute("IssueInstant", facts["now"])}{_attribute("Destination", facts["destination"])}{
        _attribute("InResponseTo", facts["in_response_to"])
    }><saml:Issuer>{facts["issuer"]}</saml:Issuer><samlp:Status><samlp:StatusCode Value="{
        facts["status"]
    }"/></samlp:Status>
      <saml:Assertion Version="2.0" ID="a{facts["id"]}"{_attribute("IssueInstant", facts["now"])}>
        <saml:Issuer>{facts["issuer"]}</saml:Issuer>
        <saml:Subject><saml:NameID{_attribute("Format", facts["format"])}>{facts["name_id"]}</saml:NameID>
          <saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml:SubjectConfirmationData{
        _attribute("NotOnOrAfter", facts["ends"])
    }{_attribute("Recipient", facts["recipient"])}{_attribute("InResponseTo", facts["confirmed_for"])}/>
          </saml:SubjectConfirmation></saml:Subject>
        <saml:Conditions{_attribute("NotBefore", facts["begins"])}{_attribute("NotOnOrAfter", facts["ends"])}>
          {restriction if audience else ""}</saml:Conditions>
        <saml:AuthnStatement{_attribute("AuthnInstant", facts["asked_at"])}><saml:AuthnContext>
          <saml:AuthnContextClassRef>{CONTEXT}</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>
        {statement}</saml:Assertion></samlp:Response>"""


class Handler(BaseHTTPRequestHandler):
    """The provider's one page: a form that would post itself."""

    provider: Saml

    def do_GET(self) -> None:
        query = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
        acs, answer = self.provider.answer(query)
        page = f"""<!doctype html><title>idp</title><body onload="document.forms[0].submit()">
          <form method="post" action="{acs}"><input type="hidden" name="SAMLResponse" value="{answer}">
          <input type="hidden" name="RelayState" value="{query["RelayState"]}"></form></body>"""
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(page.encode())

    def log_message(self, *_args: Any) -> None:
        """Say nothing."""


@contextmanager
def a_saml_provider() -> Iterator[Saml]:
    """A provider that answers truthfully until it is told otherwise."""
    provider = Saml()
    with serving(type("SamlHandler", (Handler,), {"provider": provider})) as address:
        provider.address = address
        yield provider
