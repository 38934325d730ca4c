"""Seeding by the hundred thousand: the numbers add up, pages and past work, and nobody's own data is touched."""

from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.context import acting_in
from accounts.models import User
from aims.models import Aims
from evidence.models import Evidence, EvidenceLink, EvidenceVersion
from ledger.models import Log
from ledger.verify import verify
from soa.models import Entry
from tests.make import an_organisation

NUMBERS = ("--aims", "2", "--evidence", "61", "--history", "101")


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Path:
    """Return where sign-ins are told."""
    settings.ASSAY_DATA = tmp_path
    return tmp_path


@pytest.mark.db_both
def test_what_is_asked_for_is_there_and_can_be_worked_with(db: None, folder: Path) -> None:
    call_command("seed_scale", *NUMBERS)
    found = []
    for aims in Aims.objects.order_by("slug"):
        with acting_in(aims):
            versions, links = EvidenceVersion.objects.count(), EvidenceLink.objects.values("evidence").distinct()
            assert versions == links.count() == Evidence.objects.count() == Evidence.history.filter(aims=aims).count()
            found.append((versions, Entry.history.filter(aims=aims, history_change_reason="kept current").count()))
            assert verify(Log.objects.get(aims_id=aims.pk)).is_sound
    assert found == [(30, 50), (31, 51)]
    for line in (folder / "scale-sign-in.txt").read_text().splitlines():
        slug, email, password = line.split()
        client, person = Client(), User.objects.get(email=email)
        assert person.check_password(password)
        client.force_login(person)
        for page in ("", "soa/", "evidence/", "chain/", "chain/trace/?subject=entry:A.6.2.4"):
            assert client.get(f"/a/{slug}/{page}").status_code == 200


def test_a_second_seed_goes_on_numbering(db: None, folder: Path) -> None:
    for _time in range(2):
        call_command("seed_scale", "--aims", "1", "--evidence", "10", "--history", "0")
    assert sorted(Aims.objects.values_list("slug", flat=True)) == ["scale-000", "scale-001"]


@pytest.mark.parametrize("numbers", [("0", "10", "0"), ("2", "10", "0"), ("1", "10", "-1")])
def test_numbers_that_cannot_be_met_are_refused(db: None, folder: Path, numbers: tuple[str, ...]) -> None:
    with pytest.raises(CommandError, match="at least one organisation and 10 items"):
        call_command("seed_scale", "--aims", numbers[0], "--evidence", numbers[1], "--history", numbers[2])
    assert not Aims.objects.exists()


def test_an_organisation_s_own_data_is_never_mixed_with_it(db: None, folder: Path) -> None:
    aims, _officer = an_organisation()
    with pytest.raises(CommandError, match="own data"):
        call_command("seed_scale", *NUMBERS)
    assert list(Aims.objects.all()) == [aims]
    assert User.objects.count() == 1
    assert not (folder / "scale-sign-in.txt").exists()
