"""A round trip with a provider that somebody else wrote, in a process of its own."""

import http.client
import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlencode, urlsplit

from django.test import Client

from accounts.actor import Actor
from accounts.models import User
from aims.models import Aims
from signon.models import Identity
from tests.signon.idp import Oidc
from tests.signon.make import an_oidc, came_back, is_signed_in, start


@contextmanager
def the_mock_provider(person: dict[str, object]) -> Iterator[str]:
    """Start `oidc-provider-mock` as a command, wait for it, and stop it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "oidc_provider_mock", "--port", str(port), "--require-nonce"]
    process = subprocess.Popen([*command, "--user-claims", json.dumps(person)], stderr=subprocess.DEVNULL)
    try:
        until = time.monotonic() + 30
        while socket.socket().connect_ex(("127.0.0.1", port)) != 0:
            assert time.monotonic() < until
            assert process.poll() is None
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)


def allowed(url: str, sub: str) -> str:
    """Press the button of the provider's own page; return where it sends the browser."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=10)
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST", f"{parts.path}?{parts.query}", urlencode({"sub": sub}), kind)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return str(answer.headers["Location"])


def test_a_provider_of_other_make_lets_a_member_in(aims: Aims, officer: Actor, browser: Client) -> None:
    email = User.objects.get(pk=officer.user_id).email
    with the_mock_provider({"sub": "mock-1", "email": email, "email_verified": True}) as issuer:
        provider = an_oidc(officer, Oidc(issuer=issuer), "example.org")
        back = allowed(start(browser, aims, provider), "mock-1")
        assert came_back(browser, back).status_code == 302
    assert Identity.objects.get().subject == "mock-1"
    assert is_signed_in(browser, aims)
