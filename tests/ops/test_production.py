"""As it runs in production: Django's own deployment checks find nothing, and real answers carry the headers."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from ops.places import ROOT

ASK = """
import json, django; django.setup()
from django.core.management import call_command
from django.test import Client
call_command("check", deploy=True, fail_level="WARNING", verbosity=0)
call_command("migrate", verbosity=0)
host = {"SERVER_NAME": "assay.example.org"}
plain, safe = Client(**host), Client(**host)
login = safe.get("/accounts/login/", secure=True)
told = {name: login[name] for name in login.headers}
probes = [plain.get(path).status_code for path in ("/healthz", "/readyz", "/metrics")]
print(json.dumps({
    "headers": told,
    "cookies": {name: [cookie["secure"], cookie["samesite"]] for name, cookie in login.cookies.items()},
    "redirect": [plain.get("/accounts/login/").status_code, plain.get("/accounts/login/")["Location"]],
    "probes": probes,
    "stranger": Client(SERVER_NAME="evil.example.org").get("/healthz").status_code,
}))
"""


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    """What an installation with the settings of production answers, in a process of its own."""
    data: Path = tmp_path_factory.mktemp("production")
    env = {name: value for name, value in os.environ.items() if not name.startswith(("DATABASE_", "DJANGO"))}
    env |= {"ASSAY_DATA": str(data), "DJANGO_SETTINGS_MODULE": "config.settings", "LOG_FORMAT": "json"}
    env |= {"SITE_URL": "https://assay.example.org", "ALLOWED_HOSTS": "assay.example.org", "LOG_LEVEL": "ERROR"}
    done = subprocess.run([sys.executable, "-c", ASK], cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
    return found


def test_answers_are_bound_to_https(told: dict[str, object]) -> None:
    headers = told["headers"]
    assert isinstance(headers, dict)
    assert headers["Strict-Transport-Security"] == "max-age=31536000"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert told["cookies"] == {"csrftoken": [True, "Lax"]}
    assert told["redirect"] == [301, "https://assay.example.org/accounts/login/"]


def test_probes_work_without_tls_and_strangers_get_nothing(told: dict[str, object]) -> None:
    assert told["probes"] == [200, 200, 404]
    assert told["stranger"] == 400
