"""What an auditor was mailed, held against a pack that they are handed later, by the verifier in that pack."""

import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest
from django.core.management import call_command

from accounts.actor import Actor
from accounts.context import acting_in
from aims.models import Aims
from tests.ledger.make import signed_over
from tests.reports.flow import two_versions
from tests.trace.outside import an_auditor, attached, received, run_the_day, sealed, something_happens


@pytest.mark.django_db(transaction=True)
def test_the_verifier_takes_the_attached_file_as_a_pin(organisation: tuple[Aims, Actor], tmp_path: Path) -> None:
    aims, officer = organisation
    with acting_in(aims, officer):
        two_versions(aims, officer)
    an_auditor(aims, officer)
    assert run_the_day() == 1
    name, data = attached(received())
    pin = tmp_path / name
    pin.write_bytes(data)
    something_happens(aims, officer, "O-1")
    call_command("make_pack", "--aims", aims.slug, "--out", str(tmp_path / "pack.zip"), "--no-files", verbosity=0)
    with ZipFile(tmp_path / "pack.zip") as pack:
        pack.extractall(tmp_path / "pack")

    def verdict(pin: Path) -> tuple[int, str]:
        command = [sys.executable, "-I", "verify.py", "--pin", str(pin)]
        done = subprocess.run(command, cwd=tmp_path / "pack", capture_output=True, text=True, check=False, env={})
        return done.returncode, done.stdout + done.stderr

    assert verdict(pin)[0] == 0, verdict(pin)[1]
    log, other = sealed(aims), tmp_path / "other.txt"
    other.write_text(signed_over(log, 5, bytes(32)), encoding="utf-8", newline="")
    assert verdict(other)[0] == 1
    assert "with another root: the log was rewritten" in verdict(other)[1]
    other.write_bytes(data.replace(b"\n", b"\r\n"))
    assert verdict(other)[0] == 1
