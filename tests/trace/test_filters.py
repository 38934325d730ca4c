"""Filters of the chain: each finds what it says, is shown as a chip once chosen, and can be cleared without scripts."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.actor import Actor, ActorKind, service
from accounts.clock import now, standing_at
from accounts.context import acting_in
from accounts.roles import Role
from aims.models import Aims
from ledger.models import AnchorKind, Leaf, Log, Record
from tests.databases import guards_lifted
from tests.make import a_member, an_organisation, signed_in
from tests.trace.make import a_checkpoint, an_anchor, an_obligation
from tests.trace.test_chain_pages import numbers_in
from trace import finding
from trace.asked import Asked
from trace.finding import PAGE, find, kinds
from trace.remembered import remembered

Get = Callable[..., str]


@pytest.fixture
def get(officer: Actor, aims: Aims) -> Get:
    """Return the chain's page as text."""
    browser = signed_in(officer)

    def read(**query: str) -> str:
        answer = browser.get(reverse("trace:records", args=[aims.slug]), query)
        assert answer.status_code == 200
        return answer.content.decode()

    return read


def found(aims: Aims, **query: str) -> list[int]:
    page = find(Log.objects.get(), Asked.of(query), zone=aims.time_zone)
    return [leaf.number for leaf in page.leaves]


@pytest.mark.db_both
def test_by_the_authority_an_act_was_done_under(aims: Aims, officer: Actor) -> None:
    an_obligation(service("importer"), "O-1", aims_id=aims.pk)
    an_obligation(replace(officer, kind=ActorKind.AI, user_id=None), "O-2", aims_id=aims.pk)
    an_obligation(a_member(aims, Role.ADMINISTRATOR, by=officer), "O-3", aims_id=aims.pk)
    one, two, three = (Leaf.objects.get(record__subject=f"obligation:O-{n}").number for n in (1, 2, 3))
    assert found(aims, role="service") == [one]
    assert found(aims, role="ai") == [two]
    assert three in found(aims, role="administrator")
    assert one not in found(aims, role="administrator")
    assert found(aims, role="emperor") == []


def test_by_the_grant_behind_an_act(aims: Aims, officer: Actor) -> None:
    owner = a_member(aims, Role.OFFICER, by=officer)
    an_obligation(owner, "O-1", aims_id=aims.pk)
    grant = owner.authorities[0].membership_id
    assert found(aims, membership=str(grant)) == [Log.objects.get().size]
    assert found(aims, membership="x") == found(aims, membership="9" * 30) == []


@pytest.mark.db_both
@pytest.mark.parametrize(
    ("subject", "codes"),
    [
        ("obligation:O-1", ["O-1"]),
        ("OBLIGATION:o-1", ["O-1"]),
        ("O-1", ["O-1"]),
        ("O", ["O-1", "O-12", "O-1.2", "O-1@3"]),
        ("O-1*", ["O-1", "O-12", "O-1.2", "O-1@3"]),
        ("obligation:O-1*", ["O-1", "O-12", "O-1.2", "O-1@3"]),
        ("O-1.", ["O-1.2"]),
        ("O-1.2", ["O-1.2"]),
        ("obligation:", ["O-1", "O-12", "O-1.2", "O-1@3"]),
        ("P-1", []),
        ("entry:O-1", []),
        ("100%", []),
        ("*", ["O-1", "O-12", "O-1.2", "O-1@3"]),
    ],
)
def test_by_reference(aims: Aims, officer: Actor, subject: str, codes: list[str]) -> None:
    for code in ("O-1", "O-12", "O-1.2", "O-1@3"):
        an_obligation(officer, code, aims_id=aims.pk)
    size = Log.objects.get().size
    expected = {f"obligation:{code}" for code in codes}
    if subject == "O-1":
        expected |= {"obligation:O-1.2", "obligation:O-1@3"}
    if subject in ("obligation:O-1", "OBLIGATION:o-1"):
        expected |= {"obligation:O-1.2", "obligation:O-1@3"}
    shown = found(aims, subject=subject, kind="obligation")
    assert set(Leaf.objects.filter(number__in=shown).values_list("record__subject", flat=True)) == expected
    assert all(number > size - 4 for number in shown)


REFS = ["entry:A.6", "entry:A.6.2.4", "entry:A.60", "evidence:EV-02", "evidence:EV-023", "evidence:EV-023@3", "x:a/b"]
ASKED = st.one_of(
    st.sampled_from(REFS).flatmap(lambda ref: st.integers(1, len(ref)).map(lambda end: ref[:end])),
    st.sampled_from(REFS).map(lambda ref: ref.partition(":")[2]),
    st.text("AEV.-0236@/:*%_\\", min_size=1, max_size=6),
)


def speaks_of(ref: str, asked: str) -> bool:
    """The rule in plain words: whole, or up to a full part, or with an asterisk any beginning."""
    said, ref = asked.rstrip("*").lower(), ref.lower()
    places = [ref] if ":" in asked else [ref[at + 1 :] for at, letter in enumerate(ref) if letter == ":"]
    if asked[-1] in "*@/.-:":
        return any(place.startswith(said) for place in places)
    return any(place == said or (place.startswith(said) and place[len(said)] in "@/.-:") for place in places)


@settings(max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(asked=ASKED)
def test_references_are_found_as_the_rule_says(aims: Aims, officer: Actor, asked: str) -> None:
    if not Record.objects.filter(subject=REFS[0]).exists():
        for at, ref in enumerate(REFS):
            row = an_obligation(officer, f"O-{at}", aims_id=aims.pk)
            with guards_lifted():
                Record.objects.filter(subject=row.ref).update(subject=ref)
    shown = found(aims, subject=asked)
    refs = Leaf.objects.filter(number__in=shown).values_list("record__subject", flat=True)
    assert {ref for ref in refs if ref in REFS} == {ref for ref in REFS if speaks_of(ref, asked.strip())}


def test_by_period(aims: Aims, officer: Actor) -> None:
    for days, code in ((400, "O-1"), (1, "O-2"), (0, "O-3")):
        with standing_at(now() - timedelta(days=days)):
            an_obligation(officer, code, aims_id=aims.pk)
    size = Log.objects.get().size
    assert size in found(aims, period="today")
    assert size - 1 not in found(aims, period="today")
    assert size - 2 not in found(aims, period="month")
    assert found(aims, period="month", since="2020-01-01", until="2020-01-01") == found(aims, period="month")
    assert size - 2 in found(aims, period="decade")


def test_what_is_chosen_becomes_a_chip_that_clears_it(get: Get, aims: Aims, officer: Actor) -> None:
    page = get(actor=officer.pseudonym, role="officer", kind="obligation", subject="O-1", period="week", q="O")
    chips = re.findall(r'name="drop" value="(\w+)" aria-pressed="true">.*?filter-chosen">([^<]*)', page)
    assert chips == [
        ("actor", officer.name),
        ("role", "Compliance officer"),
        ("kind", "Obligation"),
        ("subject", "O-1"),
        ("time", "This week"),
    ]
    assert f'<input type="hidden" name="actor" value="{officer.pseudonym}">' in page
    assert 'name="drop"' not in get()


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"since": "2026-06-01"}, "From 1 Jun 2026"),
        ({"until": "2026-06-30"}, "Until 30 Jun 2026"),
        ({"since": "2026-06-01", "until": "2026-06-30"}, "1 Jun 2026 to 30 Jun 2026"),
        ({"since": "2026-06-01", "until": "2026-06-01"}, ">1 Jun 2026<"),
        ({"membership": "7"}, ">7<"),
        ({"event": "gone.away"}, ">Gone away<"),
    ],
)
def test_chips_in_words(get: Get, query: dict[str, str], words: str) -> None:
    assert words in get(**query)


def test_dropping_leads_to_the_address_without_it(aims: Aims, officer: Actor) -> None:
    chain = reverse("trace:records", args=[aims.slug])
    browser = signed_in(officer)
    query = {"actor": "x", "period": "week", "event": "", "drop": "time"}
    assert browser.get(chain, query)["Location"] == f"{chain}?actor=x"
    assert browser.get(chain, query | {"actor": ""})["Location"] == chain
    assert browser.get(chain, {"q": "x", "drop": "nonsense"})["Location"] == f"{chain}?q=x"


def test_every_filter_is_offered_while_none_is_chosen(get: Get, aims: Aims, officer: Actor) -> None:
    page = get()
    for name in ("actor", "role", "event", "kind"):
        assert f'name="{name}"' in page
    options = {"officer": "Compliance officer", "aims.founded": "Aims founded", "membership": "Membership"}
    for value, label in options.items():
        assert f'<option value="{value}">{label}</option>' in page
    assert 'name="period" value="today"' in page


def test_many_matches_are_counted_up_to_a_point(
    get: Get, aims: Aims, officer: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(4):
        an_obligation(officer, f"O-{number}", aims_id=aims.pk)
    assert "4 of 4" in get(kind="obligation")
    monkeypatch.setattr(finding, "MOST_COUNTED", 3)
    assert "4 of more than 10\u202f000" in get(kind="obligation")


@pytest.mark.db_both
def test_the_page_costs_the_same_with_many_records_and_copies(aims: Aims, officer: Actor) -> None:
    browser = signed_in(officer)
    auditor = a_member(aims, Role.REVIEWER, by=officer)
    an_obligation(officer, "O-1.1", aims_id=aims.pk)
    an_anchor(a_checkpoint(aims.pk), to=auditor)

    def queries(**query: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            assert browser.get(reverse("trace:records", args=[aims.slug]), query).status_code == 200
        return len(asked)

    queries()
    filters = ({}, {"role": "officer"}, {"subject": "O-1", "period": "month"})
    few = [queries(**query) for query in filters]
    for number in range(60):
        who = a_member(aims, Role.OFFICER, by=officer) if number < 3 else officer
        an_obligation(who, f"O-{number}", aims_id=aims.pk)
        if number % 10 == 0:
            row = a_checkpoint(aims.pk)
            an_anchor(row, to=auditor)
            an_anchor(row, AnchorKind.BUCKET, place="s3://anchors")
    assert [queries(**query) for query in filters] == few
    assert max(few) <= (28 if connection.vendor == "sqlite" else 34)  # PostgreSQL is told whose AIMS it is


def test_strangers_to_scripts_can_search(get: Get) -> None:
    page = get()
    form = page.partition('class="toolbar-inline chain-find"')[2].partition("</form>")[0]
    assert form.index('<button class="button" type="submit">Search</button>') < form.index("<select")
    assert numbers_in(page)


def test_reading_needs_no_script_for_a_foreign_client(aims: Aims) -> None:
    assert Client().get(reverse("trace:records", args=[aims.slug]), {"drop": "q"}).status_code == 302


@pytest.mark.db_both
def test_few_and_many_matches_give_the_same_pages(aims: Aims, officer: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(PAGE * 2 + 7):
        an_obligation(officer, f"O-{number}", aims_id=aims.pk)
    log, asked = Log.objects.get(), Asked.of({"kind": "obligation"})
    size = log.size

    def pages() -> list[tuple[list[int], int, int, int]]:
        places = ({}, {"before": size - PAGE}, {"after": size - PAGE * 2}, {"after": size - 3}, {"before": 3})
        found = [find(log, asked, zone=aims.time_zone, **place) for place in places]
        return [([leaf.number for leaf in one.leaves], one.newer, one.older, one.above) for one in found]

    few = pages()
    assert few[0] == (list(range(size, size - PAGE, -1)), 0, size - PAGE + 1, 0)
    assert few[2][3] == size - PAGE + 1
    monkeypatch.setattr(finding, "MOST_COUNTED", 0)
    assert pages() == few


def test_choices_of_a_long_log_are_kept_awhile(aims: Aims, officer: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    log = Log.objects.get()
    assert "obligation" not in remembered(log, kinds)
    an_obligation(officer, "O-1", aims_id=aims.pk)
    assert "obligation" in remembered(log, kinds)
    monkeypatch.setattr("trace.remembered.LONG", 1)
    assert "obligation" in remembered(log, kinds)
    with CaptureQueriesContext(connection) as asked:
        assert "obligation" in remembered(log, kinds)
    assert len(asked) == 0
    other, _stranger = an_organisation()
    with acting_in(other):
        assert "obligation" not in remembered(Log.objects.get(), kinds)
