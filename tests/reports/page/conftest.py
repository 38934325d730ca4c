"""Packs that are made once, and one open verify.html for all tests of it."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import override_settings

from accounts.context import acting_in
from tests.browser.conftest import CHROMIUM
from tests.make import an_organisation
from tests.reports.packs import Unpacked, a_pack, a_state
from tests.reports.page.lives import a_second_life
from tests.reports.page.reader import Reader, reading

HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One of them run alone finds the database made."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.django_db)


@pytest.fixture(scope="package")
def packs(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Unpacked]:
    """A whole pack, one cut to a control, and a whole one of a restored log; the database forgets them."""
    if os.environ.get("ASSAY_NO_BROWSER") or not CHROMIUM:
        pytest.skip("there is no browser on this machine")
    where = tmp_path_factory.mktemp("packs")
    stores = {"EVIDENCE_ROOT": where / "store", "ANCHOR_ROOT": where / "anchors"}
    with django_db_blocker.unblock(), override_settings(**stores, PASSWORD_HASHERS=HASHERS), transaction.atomic():
        aims, officer = an_organisation()
        with acting_in(aims, officer):
            a_state(aims, officer)
            whole = a_pack(aims, officer, where / "whole")
            cut = a_pack(aims, officer, where / "cut", controls=("A.6.2.4",))
        transaction.set_rollback(True)
    return {"whole": whole, "cut": cut, "restored": a_second_life(whole.copied_to(where / "restored"))}


@pytest.fixture
def pack(packs: dict[str, Unpacked], tmp_path: Path) -> Unpacked:
    """A good pack of its own for each test."""
    return packs["whole"].copied_to(tmp_path / "pack")


@pytest.fixture(scope="package")
def reader(packs: dict[str, Unpacked]) -> Iterator[Reader]:
    """One open page; at the end it must have asked nothing of any network and thrown nothing.

    Playwright keeps a loop running in this thread, which Django would otherwise take for asynchronous code.
    """
    with pytest.MonkeyPatch.context() as environ, reading() as opened:
        environ.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        yield opened
        assert opened.asked == []
        assert opened.thrown == []
