"""The page of a lineage: verdict, map, trail and what depends on it; at the door, without scripts."""

import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.actor import Actor
from accounts.roles import INSIDERS
from aims.models import Aims
from ledger.models import Annex, Log
from soa.actions import amend
from systems.actions import edit_system
from tests.databases import guards_lifted, owning
from tests.make import a_member, an_organisation, signed_in
from tests.soa.make import WHY, an_entry, approved, decided
from tests.soa.make import a_version as a_submitted_version
from tests.trace.lineage.make import CODE, ENTRY, World, a_world, an_item, record
from trace.lineage.page import trace_address
from trace.lineage.wording import KINDS, LEANS, group_of, in_order, kind_words, leaning, natural

Get = Callable[[str], str]


@pytest.fixture
def world(aims: Aims, officer: Actor) -> World:
    return a_world(aims, officer)


@pytest.fixture
def get(world: World) -> Get:
    """Return the page of a subject as text."""
    client = signed_in(world.officer)

    def read(subject: str) -> str:
        response = client.get(reverse("trace:lineage", args=[world.aims.slug]), {"subject": subject})
        assert response.status_code == 200
        return response.content.decode()

    return read


def test_the_page_of_a_control(get: Get, world: World) -> None:
    page = get(ENTRY)
    number = record(ENTRY, "soa.decided").removeprefix("record:")
    for words in ("AI system verification and validation", "hashes match", "2 gaps", "Ranker", "Test what you release"):
        assert words in page
    for heading in ("AI systems", "Impact assessments", "Evidence", "Approvals", "Authority", "What depends on it"):
        assert heading in page
    assert f"/a/{world.aims.slug}/chain/{number}/" in page
    assert f"Compliance officer, granted by {world.officer.name} in #2, valid then" in page
    assert f"<q>{WHY}</q>" in page
    assert "relies on it" in page
    assert "is treated by it" in page


def test_every_link_of_the_map_leads_to_a_place_on_the_page(get: Get, world: World) -> None:
    for subject in (ENTRY, world.ranker.ref, world.risk.ref, world.report.ref, world.assessment.ref):
        page = get(subject)
        svg = page[page.index('<svg class="lineage-map"') : page.index("</figure>")]
        anchors = set(re.findall(r'href="#([^"]+)"', svg))
        assert len(anchors) >= 3
        if subject == ENTRY:
            assert anchors <= set(re.findall(r' id="([^"]+)"', page))
        assert page.count("<h1") == 1
        ids = re.findall(r' id="([^"]+)"', page)
        assert len(ids) == len(set(ids))


def test_one_gap_is_said_in_the_verdict(get: Get, world: World) -> None:
    page = get(world.extractor.ref)
    assert "1 gap" in page
    assert "Extractor is in scope and has no impact assessment that was decided." in page
    assert 'class="trace-gaps"' not in page


def test_what_changed_in_the_draft(get: Get, world: World) -> None:
    decided(world.officer)
    version = approved(world.aims, a_submitted_version(world.aims, world.officer), world.officer)
    assert "Changed in draft" not in get(ENTRY)
    row = an_entry(CODE)
    amend(row, {"how": "Two people test it."}, seen=row.version, actor=world.officer)
    page = get(ENTRY)
    assert "Changed in draft 2" in page
    assert "Draft 2 says otherwise than SOA-1" in page
    trail = page[page.index('class="trail"') :]
    assert trail.index("Trace Draft 2") < trail.index("Trace SOA-1")
    assert "<ins>Two people test it.</ins>" in page
    assert reverse("soa:version", args=[world.aims.slug, version.pk]) in page
    assert f"{world.aims.slug}/chain/trace/?subject=version:SOA-1" in page


def test_a_broken_hash_shows(get: Get, world: World) -> None:
    with owning(), guards_lifted():
        Annex.objects.filter(record__subject=ENTRY, field="rationale").update(text="Nobody asked")
    page = get(ENTRY)
    assert "Leaf does not match" in page
    total = re.search(r"(\d+) of (\d+) hashes match", page)
    assert total is not None
    assert int(total[1]) == int(total[2]) - 1


def test_a_line_to_another_version_is_broken(get: Get, world: World) -> None:
    svg = re.compile(r'class="lineage-edge" data-state="(\w+)"')
    assert "gap" not in svg.findall(get(world.assessment.ref))
    edit_system(world.ranker, model_version="2.8", seen=world.ranker.version, actor=world.officer)
    assert "gap" in svg.findall(get(world.assessment.ref))


def test_what_goes_beyond_a_dozen_is_folded(get: Get, world: World) -> None:
    for number in range(15):
        an_item(world.officer, f"Test {number}", CODE)
    page = get(ENTRY)
    assert "and 5 more</summary>" in page
    assert "and 10 more" in page[page.index('<svg class="lineage-map"') : page.index("</figure>")]


def test_records_and_roles_have_a_trace_too(get: Get, world: World) -> None:
    page = get(record(ENTRY, "soa.decided"))
    assert f"Include {CODE}" in page
    membership = f"membership:{world.approver.authorities[0].membership_id}"
    assert "was done under it" in get(membership)


@pytest.mark.parametrize("subject", ["finding:NC-2026-03", "entry:A.99", "nonsense", "<b>x</b>:1"])
def test_what_is_not_there_is_said_on_the_page(world: World, subject: str) -> None:
    response = signed_in(world.officer).get(reverse("trace:lineage", args=[world.aims.slug]), {"subject": subject})
    page = response.content.decode()
    assert response.status_code == 404
    assert 'role="alert"' in page
    assert "<b>x</b>" not in page
    if subject.startswith("finding"):
        assert "There is no finding NC-2026-03 here." in page


def test_without_a_subject_it_asks_for_one(world: World) -> None:
    page = signed_in(world.officer).get(reverse("trace:lineage", args=[world.aims.slug])).content.decode()
    assert 'name="subject"' in page
    assert "alert" not in page


def test_every_member_may_read_and_strangers_find_nothing(world: World) -> None:
    address = trace_address(world.aims.slug, ENTRY)
    for role in INSIDERS:
        assert signed_in(a_member(world.aims, role, by=world.officer)).get(address).status_code == 200
    stranger = signed_in(an_organisation()[1])
    assert stranger.get(address).status_code == 404
    missing = stranger.get(trace_address(world.aims.slug, "entry:A.99"))
    assert without_token(stranger.get(address).content) == without_token(missing.content)
    assert Client().get(address).status_code == 302


def without_token(page: bytes) -> bytes:
    """A page without what differs on every page."""
    return re.sub(rb'content="\w{64}"|value="\w{64}"', b"", page)


def test_reading_leaves_no_record(get: Get) -> None:
    size = Log.objects.get().size
    get(ENTRY)
    assert Log.objects.get().size == size


def test_the_page_costs_the_same_with_many_things(world: World) -> None:
    client, address = signed_in(world.officer), trace_address(world.aims.slug, ENTRY)
    decided(world.officer)
    approved(world.aims, a_submitted_version(world.aims, world.officer), world.officer)
    client.get(address)
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    for number in range(30):
        an_item(world.officer, f"Test {number}", CODE, system=world.ranker)
    row = an_entry(CODE)
    amend(row, {"how": "Otherwise."}, seen=row.version, actor=world.officer)
    approved(world.aims, a_submitted_version(world.aims, world.officer, "Second."), world.officer)
    with CaptureQueriesContext(connection) as many:
        client.get(address)
    assert len(many) == len(few)
    assert len(many) <= 40, len(many)


def test_links_to_the_trace(world: World) -> None:
    client, slug = signed_in(world.officer), world.aims.slug
    decided(world.officer)
    version = a_submitted_version(world.aims, world.officer)
    assessment = [world.assessment.code, world.assessment.edition]
    pages = {
        f"{reverse('soa:workbench', args=[slug])}?control={CODE}": ENTRY,
        reverse("systems:detail", args=[slug, world.ranker.code]): world.ranker.ref,
        reverse("assessments:detail", args=[slug, *assessment]): world.assessment.ref,
        reverse("assessments:risk", args=[slug, world.risk.code]): world.risk.ref,
        reverse("evidence:detail", args=[slug, world.report.code]): world.report.ref,
        reverse("soa:version", args=[slug, version.pk]): version.ref,
        reverse("trace:record", args=[slug, 2]): "record:2",
    }
    for address, subject in pages.items():
        assert f'href="/a/{slug}/chain/trace/?subject={subject}"' in client.get(address).content.decode(), address


def test_signatures_tell_their_authority(world: World) -> None:
    client, slug = signed_in(world.officer), world.aims.slug
    page = client.get(reverse("assessments:detail", args=[slug, world.assessment.code, "1.0"])).content.decode()
    assert f"Approver, granted by {world.officer.name} in #" in page
    decided(world.officer)
    version = approved(world.aims, a_submitted_version(world.aims, world.officer), world.officer)
    page = client.get(reverse("soa:version", args=[slug, version.pk])).content.decode()
    assert f"Compliance officer, granted by {world.officer.name} in #2, valid then" in page
    assert f"Approver, granted by {world.officer.name} in #" in page


def test_the_keys_know_the_trace(world: World) -> None:
    page = signed_in(world.officer).get(reverse("soa:workbench", args=[world.aims.slug])).content.decode()
    assert f'data-trace="/a/{world.aims.slug}/chain/trace/?subject=entry:"' in page
    assert "<kbd>t</kbd>" in page


def test_kinds_and_relations_have_words() -> None:
    assert leaning("relies_on") == "relies on it"
    assert leaning("raised_on") == "raised on"
    assert kind_words("entry") == "Control"
    assert kind_words("data-source") == "Data source"
    assert group_of("data-source").heading == "Data source"
    assert in_order(["evidence", "data-source", "version"]) == ["version", "data-source", "evidence"]
    assert sorted(["A.10.2", "A.2.2"], key=natural) == ["A.2.2", "A.10.2"]
    assert {str(word) for word in (*KINDS.values(), *LEANS.values())}
