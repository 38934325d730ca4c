"""References lead to the page of their subject, when there is one."""

import pytest
from django.urls import reverse

from aims.models import Aims
from ledger.models import Leaf
from trace.ports import DEFAULTS, address_of, leads_to


def test_a_reference_without_a_page_leads_nowhere(db: None) -> None:
    assert address_of("meridian", "token:5") == ""
    assert address_of("meridian", "nonsense") == ""


def test_rooms_register_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("trace.ports._builders", {})
    leads_to("finding", lambda slug, code: reverse("trace:records", args=[slug]) + f"#{code}")
    assert address_of("meridian", "finding:NC-1") == "/a/meridian/chain/#NC-1"
    leads_to("finding", lambda slug, _code: reverse("no:such", args=[slug]))
    assert address_of("meridian", "finding:NC-1") == ""


@pytest.mark.parametrize(
    ("ref", "end"),
    [
        ("entry:A.6.2.4", "A.6.2.4/"),
        ("entry-system:A.6.2.4/SYS-01", "A.6.2.4/"),
        ("system:SYS-01", "/systems/SYS-01/"),
        ("evidence:EV-023@3", "/evidence/EV-023/"),
        ("risk:R-014", "R-014/"),
        ("assessment:IA-2026-08@1.3", "1.3/"),
        ("obligation:O-11", "/settings/"),
        ("version:SOA-99", ""),
        ("checkpoint:5", "/chain/anchors/"),
        ("log-key:1", "/chain/anchors/"),
        ("log:2", "/chain/anchors/"),
        ("record:01a2185f-6ff3-72fe-b2ad-478e8a653266", ""),
        ("record:nonsense", ""),
    ],
)
def test_the_rooms_to_the_left(aims: Aims, ref: str, end: str) -> None:
    assert address_of(aims.slug, ref).endswith(end)
    assert ref.partition(":")[0] in DEFAULTS


def test_a_record_that_is_named_leads_to_its_page(aims: Aims) -> None:
    leaf = Leaf.objects.select_related("record").get(number=2)
    assert address_of(aims.slug, f"record:{leaf.record.event_id}").endswith("/chain/2/")
