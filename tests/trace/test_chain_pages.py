"""The governance chain: a list that finds, one record in full, and an export that can be recomputed."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.actor import Actor, service
from accounts.clock import now, standing_at
from accounts.models import User
from accounts.roles import INSIDERS, Role
from aims.models import Aims
from ledger.canonical import canonical
from ledger.merkle import leaf_hash, root_of
from ledger.models import Annex, Leaf, Log, Waiting
from tests.databases import reword
from tests.make import a_member, an_organisation, signed_in
from tests.trace.make import an_edit, an_obligation
from trace.finding import PAGE

Get = Callable[..., str]


@pytest.fixture
def browser(officer: Actor) -> Client:
    return signed_in(officer)


@pytest.fixture
def get(browser: Client, aims: Aims) -> Get:
    """Return a page of the chain as text."""

    def read(name: str = "records", *args: object, **query: object) -> str:
        response = browser.get(reverse(f"trace:{name}", args=[aims.slug, *args]), query)
        assert response.status_code == 200
        return response.content.decode()

    return read


def numbers_in(page: str) -> list[int]:
    """The record numbers of the table, as links lead to them."""
    rows = page.partition("<tbody>")[2].partition("</tbody>")[0]
    return [int(number) for number in re.findall(r'class="chain-seq" href="[^"]*/chain/(\d+)/', rows)]


def test_the_list_tells_who_did_what(get: Get, aims: Aims, officer: Actor) -> None:
    row = an_obligation(officer, "O-11", aims_id=aims.pk)
    an_edit(officer, row, kind="contract")
    page = get()
    leaf = Leaf.objects.order_by("-number")[0]
    for words in (officer.name, "compliance officer", "O-11", "Law or regulation", "Contract", leaf.leaf_hash[:8]):
        assert words in page
    assert numbers_in(page) == list(range(leaf.number, 0, -1))
    assert "Not verified yet" in page


def test_the_list_costs_the_same_with_many_records(browser: Client, aims: Aims, officer: Actor) -> None:
    address = reverse("trace:records", args=[aims.slug])
    browser.get(address)
    with CaptureQueriesContext(connection) as few:
        browser.get(address)
    for number in range(60):
        an_obligation(
            a_member(aims, Role.OFFICER, by=officer) if number % 20 == 0 else officer, f"O-{number}", aims_id=aims.pk
        )
    with CaptureQueriesContext(connection) as many:
        assert len(numbers_in(browser.get(address).content.decode())) == PAGE
    assert len(many) == len(few)
    assert len(many) <= 24, [query["sql"][:80] for query in many]


def test_older_and_newer_pages_meet(get: Get, aims: Aims, officer: Actor) -> None:
    for number in range(PAGE * 2):
        an_obligation(officer, f"O-{number}", aims_id=aims.pk)
    size = Log.objects.get().size
    newest = numbers_in(get())
    assert newest == list(range(size, size - PAGE, -1))
    older = numbers_in(get(before=newest[-1]))
    assert older == list(range(newest[-1] - 1, newest[-1] - 1 - PAGE, -1))
    assert numbers_in(get(after=older[0])) == newest
    oldest = get(before=older[-1])
    assert numbers_in(oldest) == list(range(older[-1] - 1, 0, -1))
    assert 'rel="next"' not in oldest
    assert 'rel="prev"' not in get()
    assert 'rel="prev"' in oldest
    assert numbers_in(get(before="9" * 30)) == newest


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"kind": "obligation"}, [6, 5]),
        ({"event": "aims.founded"}, [1]),
        ({"q": "#5"}, [5]),
        ({"q": "o-12"}, [6]),
        ({"kind": "obligation", "q": "O-11"}, [5]),
        ({"q": "nothing of the kind"}, []),
        ({"q": "9" * 40}, []),
        ({"since": "2099-01-01"}, []),
        ({"until": "2020-01-01"}, []),
        ({"since": "not a date", "kind": "obligation"}, [6, 5]),
    ],
)
def test_filters_and_search(get: Get, aims: Aims, officer: Actor, query: dict[str, str], found: list[int]) -> None:
    an_obligation(officer, "O-11", aims_id=aims.pk)
    an_obligation(officer, "O-12", aims_id=aims.pk)
    page = get(**query)
    assert numbers_in(page) == found
    assert ("No record matches" in page) == (not found)


def test_a_run_of_edits_is_one_line_on_screen(get: Get, aims: Aims, officer: Actor) -> None:
    row = an_obligation(officer, "O-11", aims_id=aims.pk)
    for title in ("One", "Two", "Three"):
        an_edit(officer, row, title=title)
    size = Log.objects.get().size
    page = get()
    [run] = re.findall(r'<tr data-run="(\d+)">(.*?)</tr>', page, re.S)
    assert run[0] == str(size)
    words = " ".join(re.sub(r"<[^>]+>|&nbsp;", " ", run[1]).split())
    assert words.startswith(f"#{size - 2} to #{size} ")
    assert "O-11, 3 times Law O-11 Three" in words
    assert f'<a href="?fold=no" data-run-open="{size}">3 times</a>' in page
    hidden = re.findall(rf'<tr data-run-of="{size}" hidden>.*?/chain/(\d+)/', page, re.S)
    assert hidden == [str(size), str(size - 1), str(size - 2)]
    assert "Show every edit" in page


def test_unfolded_it_is_the_list_as_it_stands(get: Get, aims: Aims, officer: Actor) -> None:
    row = an_obligation(officer, "O-11", aims_id=aims.pk)
    for title in ("One", "Two", "Three"):
        an_edit(officer, row, title=title)
    page = get(fold="no", q="O-11")
    assert numbers_in(page) == list(range(row.version + 4, 4, -1))
    assert "data-run" not in page
    assert '<a href="?q=O-11">Fold runs of edits</a>' in page
    assert '<input type="hidden" name="fold" value="no">' in page


def test_the_run_of_the_open_record_lies_open(get: Get, aims: Aims, officer: Actor) -> None:
    row = an_obligation(officer, "O-11", aims_id=aims.pk)
    for title in ("One", "Two"):
        an_edit(officer, row, title=title)
    size = Log.objects.get().size
    page = get("record", size - 1)
    assert f'<tr data-run-of="{size}" aria-current="true">' in page
    assert " hidden" not in page.partition("<tbody>")[2].partition("</tbody>")[0]
    assert page.count('aria-current="true"') == 1


def test_the_export_knows_nothing_of_runs(browser: Client, aims: Aims, officer: Actor) -> None:
    row = an_obligation(officer, "O-11", aims_id=aims.pk)
    for title in ("One", "Two"):
        an_edit(officer, row, title=title)
    response = browser.get(reverse("trace:export", args=[aims.slug]))
    assert len(b"".join(response.streaming_content).splitlines()) == Log.objects.get().size


def test_a_panel_leads_to_more_of_the_same(get: Get, aims: Aims, officer: Actor) -> None:
    an_obligation(officer, "O-11", aims_id=aims.pk)
    page = get("record", Log.objects.get().size)
    chain = reverse("trace:records", args=[aims.slug])
    grant = officer.authorities[0].membership_id
    for query in (f"actor={officer.pseudonym}", "subject=obligation%3AO-11", f"membership={grant}"):
        assert f'href="{chain}?{query}"' in page
    assert f'href="{chain}{Log.objects.get().size}/json/" data-copy-text' in page


def test_search_by_hash_by_actor_and_by_day(get: Get, aims: Aims, officer: Actor) -> None:
    an_obligation(service("importer"), "O-1", aims_id=aims.pk)
    with standing_at(datetime(2026, 3, 29, 22, 30, tzinfo=UTC)):
        an_obligation(officer, "O-2", aims_id=aims.pk)
    last, before = (leaf.number for leaf in Leaf.objects.order_by("-number")[:2])
    assert numbers_in(get(q=Leaf.objects.get(number=last).leaf_hash[:9].upper())) == [last]
    assert numbers_in(get(actor="service-importer")) == [before]
    assert numbers_in(get(since="2026-03-29", until="2026-03-29")) == [last]
    assert numbers_in(get(since="2026-03-30", until="2026-03-30")) == []
    assert "importer" in get()


def test_a_record_in_full(get: Get, aims: Aims, officer: Actor) -> None:
    row = an_obligation(officer, "O-11", aims_id=aims.pk)
    with standing_at(datetime(2026, 6, 17, 16, 20, 7, tzinfo=UTC)):
        an_edit(officer, row, reason="Counsel asked for it", title="AI Act", kind="contract")
    leaf = Leaf.objects.order_by("-number")[0]
    page = get("record", leaf.number)
    told = ("<del>Law O-11</del>", "<ins>AI Act</ins>", "<ins>Contract</ins>", "Counsel asked for it", leaf.leaf_hash)
    for words in (*told, "Wed 17 Jun 2026, 16:20:07 UTC", "Password", f"{leaf.number} of {leaf.number}", officer.name):
        assert words in page
    assert "Record and texts match the leaf" in page
    assert f"{officer.name}\n      in" in page or "granted by" in page
    assert 'aria-current="true"' in page


def test_an_altered_text_shows_red(get: Get, aims: Aims, officer: Actor) -> None:
    row = an_obligation(officer, "O-11", aims_id=aims.pk)
    an_edit(officer, row, reason="Counsel asked", title="AI Act")
    reword("Counsel asked", "Nobody asked")
    assert "do not match the leaf" in get("record", Log.objects.get().size)


def test_erased_texts_are_said_to_be_erased(get: Get, aims: Aims, officer: Actor) -> None:
    row = an_obligation(officer, "O-11", aims_id=aims.pk)
    an_edit(officer, row, reason="Counsel asked", title="AI Act")
    Annex.objects.update(text="", salt=b"")
    page = get("record", Log.objects.get().size)
    assert "Erased: the reason" in page
    assert "Record and texts match the leaf" in page
    assert "erased" in get()


def test_somebody_forgotten_stays_a_pseudonym(get: Get, aims: Aims, officer: Actor) -> None:
    an_obligation(officer, "O-11", aims_id=aims.pk)
    User.objects.filter(pk=officer.user_id).update(pseudonym="0" * 32)
    assert f"Someone ({officer.pseudonym[:8]}…)" in get()


def test_htmx_gets_the_panel_alone(browser: Client, aims: Aims) -> None:
    headers = {"HX-Request": "true", "HX-Target": "inspector"}
    page = browser.get(reverse("trace:record", args=[aims.slug, 2]), headers=headers).content.decode()
    assert page.lstrip().startswith("<aside")
    assert "<html" not in page
    assert f"{reverse('trace:record', args=[aims.slug, 3])}?" in page
    assert f"{reverse('trace:record', args=[aims.slug, 1])}?" in page


def test_a_record_beyond_the_log_is_not_there(browser: Client, aims: Aims) -> None:
    assert browser.get(reverse("trace:record", args=[aims.slug, 99])).status_code == 404
    assert browser.get(reverse("trace:record", args=[aims.slug, 10**30])).status_code == 404


def test_the_record_stays_in_view(get: Get, aims: Aims, officer: Actor) -> None:
    for number in range(PAGE * 2):
        an_obligation(officer, f"O-{number}", aims_id=aims.pk)
    assert 20 in numbers_in(get("record", 20))
    assert Log.objects.get().size in numbers_in(get("record", Log.objects.get().size))


@pytest.mark.db_both
def test_the_export_can_be_recomputed(browser: Client, aims: Aims, officer: Actor) -> None:
    an_obligation(officer, "O-11", aims_id=aims.pk, text="Ä “quoted” text")
    log = Log.objects.get()
    response = browser.get(reverse("trace:export", args=[aims.slug]))
    assert response["Content-Disposition"] == f'attachment; filename="{aims.slug}-chain.jsonl"'
    rows = [json.loads(line) for line in b"".join(response.streaming_content).splitlines()]
    assert [row["number"] for row in rows] == list(range(1, log.size + 1))
    leaves = [leaf_hash(canonical(row["record"])) for row in rows]
    assert [leaf.hex() for leaf in leaves] == [row["leaf"] for row in rows]
    assert root_of(leaves).hex() == log.root


def test_records_without_a_number_are_counted(get: Get, aims: Aims) -> None:
    assert "for its number" not in get()
    Waiting(record=Leaf.objects.get(number=1).record, aims_id=aims.pk).save()
    assert "1 record waits for its number." in get()


def test_strangers_find_nothing_here(aims: Aims, officer: Actor) -> None:
    _other, stranger = an_organisation()
    for name, args in (("records", []), ("record", [1]), ("export", []), ("verification", [])):
        address = reverse(f"trace:{name}", args=[aims.slug, *args])
        assert signed_in(stranger).get(address).status_code == 404
        assert Client().get(address).status_code == 302


def test_every_member_may_read(aims: Aims, officer: Actor) -> None:
    for role in INSIDERS:
        client = signed_in(a_member(aims, role, by=officer))
        assert client.get(reverse("trace:record", args=[aims.slug, 1])).status_code == 200


def test_times_of_today_and_days_before(get: Get, aims: Aims, officer: Actor) -> None:
    with standing_at((now() - timedelta(days=400)).replace(hour=12)):
        an_obligation(officer, "O-1", aims_id=aims.pk)
    past = Leaf.objects.order_by("-number").select_related("record")[0].record.occurred_at
    page = get()
    assert f"{past.day} {past:%b %Y}" in page
