"""OpenID Connect as a relying party: code flow with PKCE, state and nonce, and an ID token that is checked whole."""

import base64
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from urllib.parse import quote, urlencode

import jwt
from django.utils.translation import gettext as _

from signon.asserted import Asserted, NotAsserted
from signon.fetching import Unreachable, check_address, get_json, post_form

WELL_KNOWN = "/.well-known/openid-configuration"
ALGORITHMS = frozenset({"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"})
KINDS = frozenset({"RSA", "EC", "OKP"})
LEEWAY = 60
NEEDED = ["iss", "sub", "aud", "exp", "iat"]


@dataclass(frozen=True, slots=True)
class Client:
    """What Assay is at the provider."""

    issuer: str
    client_id: str
    secret: str
    redirect_uri: str


@dataclass(frozen=True, slots=True)
class Meta:
    """What the provider's discovery document tells."""

    issuer: str
    authorize: str
    token: str
    keys: str
    userinfo: str
    takes_post: bool
    names_itself: bool


@dataclass(frozen=True, slots=True)
class Trip:
    """What was sent along and has to come back."""

    state: str
    nonce: str
    verifier: str


def discover(issuer: str) -> Meta:
    """Read the discovery document, which has to name the very issuer that was configured."""
    told = get_json(issuer.rstrip("/") + WELL_KNOWN)
    if str(told.get("issuer", "")).rstrip("/") != issuer.rstrip("/"):
        raise NotAsserted(_("The provider calls itself %(issuer)s.") % {"issuer": str(told.get("issuer"))[:200]})
    authorize, token, keys = (
        check_address(str(told.get(name, ""))) for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")
    )
    methods = told.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    return Meta(
        issuer=str(told["issuer"]),
        authorize=authorize,
        token=token,
        keys=keys,
        userinfo=str(told.get("userinfo_endpoint") or ""),
        takes_post="client_secret_basic" not in methods,
        names_itself=told.get("authorization_response_iss_parameter_supported") is True,
    )


def way_there(meta: Meta, client: Client, trip: Trip, *, afresh: bool = False) -> str:
    """Return the address at the provider; `afresh` has it ask the person again, whoever is signed in there."""
    challenge = base64.urlsafe_b64encode(sha256(trip.verifier.encode()).digest()).rstrip(b"=").decode()
    asked = {
        "response_type": "code",
        "client_id": client.client_id,
        "redirect_uri": client.redirect_uri,
        "scope": "openid email profile",
        "state": trip.state,
        "nonce": trip.nonce,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    asked |= {"prompt": "login", "max_age": "0"} if afresh else {}
    return f"{meta.authorize}{'&' if '?' in meta.authorize else '?'}{urlencode(asked)}"


def way_back(meta: Meta, client: Client, trip: Trip, *, code: str, iss: str = "") -> Asserted:
    """Trade the code for an ID token, check it, and return whom it names."""
    if (meta.names_itself or iss) and iss != meta.issuer:
        raise NotAsserted(_("The answer came from another provider."))
    tokens = _trade(meta, client, trip, code)
    claims = read_id_token(str(tokens.get("id_token", "")), get_json(meta.keys), meta, client, trip.nonce)
    if "email" not in claims and meta.userinfo and (bearer := tokens.get("access_token")):
        claims = _with_userinfo(claims, meta, str(bearer))
    return _asserted(claims)


def _trade(meta: Meta, client: Client, trip: Trip, code: str) -> dict[str, Any]:
    fields = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": client.redirect_uri,
        "code_verifier": trip.verifier,
    }
    if meta.takes_post:
        return post_form(meta.token, fields | {"client_id": client.client_id, "client_secret": client.secret})
    pair = f"{quote(client.client_id, safe='')}:{quote(client.secret, safe='')}"
    return post_form(meta.token, fields, {"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"})


def read_id_token(token: str, keys: dict[str, Any], meta: Meta, client: Client, nonce: str) -> dict[str, Any]:
    """Return the claims of an ID token whose signature, issuer, audience, times and nonce are right."""
    try:
        header = jwt.get_unverified_header(token)
        if header.get("alg") not in ALGORITHMS:
            raise NotAsserted(_("The ID token is signed by %(alg)s.") % {"alg": str(header.get("alg"))[:20]})
        key = _key(keys, header)
        claims: dict[str, Any] = jwt.decode(
            token,
            key,
            algorithms=[header["alg"]],
            audience=client.client_id,
            issuer=meta.issuer,
            leeway=LEEWAY,
            options={"require": NEEDED},
        )
    except (jwt.PyJWTError, ValueError, TypeError) as error:
        raise NotAsserted(_("The ID token is not valid: %(why)s.") % {"why": str(error)[:200]}) from error
    _check_party(claims, client.client_id)
    if not hmac.compare_digest(str(claims.get("nonce", "")).encode(), nonce.encode()):
        raise NotAsserted(_("The ID token answers another request (nonce)."))
    return claims


def _key(keys: dict[str, Any], header: dict[str, Any]) -> jwt.PyJWK:
    fit = [key for key in keys.get("keys", []) if key.get("kty") in KINDS and key.get("use", "sig") == "sig"]
    if header.get("kid"):
        fit = [key for key in fit if key.get("kid") == header["kid"]]
    if len(fit) != 1:
        raise NotAsserted(_("The provider publishes no key that the ID token could be signed with."))
    return jwt.PyJWK(fit[0], algorithm=header["alg"])


def _check_party(claims: dict[str, Any], client_id: str) -> None:
    """A token for several audiences, or for another authorized party, was not made for Assay."""
    several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
    if (several or "azp" in claims) and claims.get("azp") != client_id:
        raise NotAsserted(_("The ID token was made for another application (azp)."))
    if not isinstance(claims["sub"], str) or not 0 < len(claims["sub"]) <= 255:
        raise NotAsserted(_("The ID token names nobody (sub)."))


def _with_userinfo(claims: dict[str, Any], meta: Meta, bearer: str) -> dict[str, Any]:
    """Fill in what only the userinfo address tells; it has to speak of the same person. An address is needed for the
    first sign-in at most, so a provider that tells none stops nobody."""
    try:
        more = get_json(meta.userinfo, {"Authorization": f"Bearer {bearer}"})
    except Unreachable:
        return claims
    if more.get("sub") != claims["sub"]:
        raise NotAsserted(_("The provider's two answers name two people."))
    return {name: more[name] for name in ("email", "email_verified", "name") if name in more} | claims


def _asserted(claims: dict[str, Any]) -> Asserted:
    amr, at = claims.get("amr"), claims.get("auth_time") or 0
    return Asserted(
        issuer=claims["iss"],
        subject=claims["sub"],
        email=_text(claims.get("email"), 254).lower(),
        email_verified=claims.get("email_verified") is True,
        name=_text(claims.get("name"), 120),
        amr=tuple(str(word) for word in amr) if isinstance(amr, list) else (),
        acr=_text(claims.get("acr"), 120),
        asked_at=datetime.fromtimestamp(at, UTC) if isinstance(at, int | float) and 0 < at < 2**33 else None,
    )


def _text(value: object, most: int) -> str:
    return value.strip() if isinstance(value, str) and len(value) <= most and "\x00" not in value else ""
