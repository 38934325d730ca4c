"""An OpenID Connect provider as a real HTTP server in a thread, which lies in whatever way a test asks it to."""

import base64
import json
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT_ID = "assay-tests"
CLIENT_SECRET = "s3cret:/+ word"


@cache
def a_key(number: int = 1) -> rsa.RSAPrivateKey:
    """A signing key; the same for the whole run, because making one is slow."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@dataclass
class Oidc:
    """What the provider says next: `claims` come over the truth (None takes one away), `tamper` over the token."""

    issuer: str = ""
    person: dict[str, Any] = field(default_factory=lambda: {"sub": "u-1"})
    claims: dict[str, Any] = field(default_factory=dict)
    signs_with: rsa.RSAPrivateKey | str | None = None
    algorithm: str = "RS256"
    tamper: Callable[[str], str] = str
    discovery: dict[str, Any] = field(default_factory=dict)
    userinfo: dict[str, Any] | None = None
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: list[dict[str, str]] = field(default_factory=list)

    def document(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
        } | self.discovery

    def keys(self) -> dict[str, Any]:
        public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(a_key().public_key()))
        return {"keys": [public | {"kid": "k1", "use": "sig"}]}

    def authorize(self, asked: dict[str, str]) -> str:
        """Sign the person in without a word and send them back."""
        self.asked.append(asked)
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def trade(self, form: dict[str, str], authorization: str) -> dict[str, Any] | None:
        """Hold the code to its client, redirect and PKCE challenge; a code works once."""
        asked = self.codes.pop(form.get("code", ""), None)
        pair = f"{CLIENT_ID}:s3cret%3A%2F%2B%20word"
        if asked is None or authorization != f"Basic {base64.b64encode(pair.encode()).decode()}":
            return None
        challenge = base64.urlsafe_b64encode(sha256(form["code_verifier"].encode()).digest()).rstrip(b"=").decode()
        if challenge != asked["code_challenge"] or form["redirect_uri"] != asked["redirect_uri"]:
            return None
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": CLIENT_ID, "iat": now, "exp": now + 300, "nonce": asked["nonce"]}
        claims |= {"auth_time": now} if "max_age" in asked else {}
        claims = {name: value for name, value in (claims | self.person | self.claims).items() if value is not None}
        token = jwt.encode(
            claims,
            a_key() if self.signs_with is None else self.signs_with,
            algorithm=self.algorithm,
            headers={"kid": "k1"},
        )
        return {"access_token": "at", "token_type": "Bearer", "id_token": self.tamper(token)}


class Handler(BaseHTTPRequestHandler):
    """The five addresses of a provider."""

    provider: Oidc

    def do_GET(self) -> None:
        place = urlsplit(self.path)
        if place.path == "/authorize":
            asked = {name: values[0] for name, values in parse_qs(place.query).items()}
            self.send_response(302)
            self.send_header("Location", self.provider.authorize(asked))
            self.end_headers()
            return
        told = {
            "/.well-known/openid-configuration": self.provider.document,
            "/keys": self.provider.keys,
            "/userinfo": lambda: self.provider.userinfo,
        }.get(place.path, lambda: None)()
        self._tell(told)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        form = {name: values[0] for name, values in parse_qs(body).items()}
        self._tell(self.provider.trade(form, self.headers.get("Authorization", "")))

    def _tell(self, told: dict[str, Any] | None) -> None:
        body = json.dumps(told if told is not None else {"error": "invalid_grant"}).encode()
        self.send_response(200 if told is not None else 400)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args: Any) -> None:
        """Say nothing."""


@contextmanager
def serving(handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    """Serve on a free port of this machine, and stop."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def an_oidc_provider() -> Iterator[Oidc]:
    """A provider that answers truthfully until it is told otherwise."""
    provider = Oidc()
    with serving(type("OidcHandler", (Handler,), {"provider": provider})) as address:
        provider.issuer = address
        yield provider
