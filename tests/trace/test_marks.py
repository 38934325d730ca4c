"""Checkpoints stand between the records they cover: those of which a copy went outside, and the newest."""

import re
from datetime import UTC, datetime

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from accounts.actor import Actor
from accounts.clock import standing_at
from accounts.roles import Role
from aims.models import Aims
from ledger.models import AnchorKind, Checkpoint, Leaf
from tests.make import a_member, signed_in
from tests.trace.make import a_checkpoint, an_anchor, an_edit, an_obligation
from tests.trace.test_chain_pages import numbers_in
from trace.finding import PAGE
from trace.marks import _places

MIDNIGHT = datetime(2026, 6, 17, tzinfo=UTC)


def chain(aims: Aims, officer: Actor, **query: object) -> str:
    """The table of the chain as text, without tags between words."""
    answer = signed_in(officer).get(reverse("trace:records", args=[aims.slug]), query)
    return answer.content.decode()


def said(page: str) -> list[str]:
    """What the checkpoint rows say."""
    rows = re.findall(r'<tr class="checkpoint-row">(.*?)</tr>', page, re.S)
    return [" ".join(re.sub(r"<[^>]+>", "", row).split()) for row in rows]


@pytest.mark.db_both
def test_a_checkpoint_says_what_it_covers_and_where_it_went(aims: Aims, officer: Actor) -> None:
    with standing_at(MIDNIGHT):
        an_obligation(officer, "O-1", aims_id=aims.pk)
        row = a_checkpoint(aims.pk)
        an_anchor(row, to=a_member(aims, Role.CERTIFIER, by=officer, name="Ingrid Solheim"))
    an_obligation(officer, "O-2", aims_id=aims.pk)
    a_checkpoint(aims.pk)
    newest, sent = said(chain(aims, officer))
    assert newest.startswith(f"Checkpoint covers #1 to #{Checkpoint.objects.order_by('-size')[0].size}. Root ")
    assert sent == (
        f"Checkpoint covers #1 to #{row.size}. Root {row.root[:16]} signed 17 Jun 2026 at 01:00, "
        "sent to Ingrid Solheim on 17 Jun 2026"
    )


def test_one_that_went_nowhere_is_shown_only_while_it_is_the_newest(aims: Aims, officer: Actor) -> None:
    sizes = []
    for number in range(3):
        an_obligation(officer, f"O-{number}", aims_id=aims.pk)
        sizes.append(a_checkpoint(aims.pk).size)
    assert [row.split()[4] for row in said(chain(aims, officer))] == [f"#{sizes[-1]}."]


@pytest.mark.parametrize(
    ("kind", "place", "words"),
    [
        (AnchorKind.MAIL, "", "sent to an auditor on"),
        (AnchorKind.MAIL, "audit@northgate.example", "sent to audit@northgate.example on"),
        (AnchorKind.REPORT, "report:4", "printed on report 4 on"),
        (AnchorKind.REPORT, "report 4", "printed on report 4 on"),
        (AnchorKind.PACK, "PK-003", "handed over in pack PK-003 on"),
        (AnchorKind.REPORT, "", "printed on a report on"),
        (AnchorKind.PACK, "", "handed over in a pack on"),
        (AnchorKind.BUCKET, "s3://anchors/1.txt", "written to s3://anchors/1.txt on"),
        (AnchorKind.TIMESTAMP, "tsa.example", "timestamped by tsa.example on"),
    ],
)
def test_every_way_out_in_words(aims: Aims, officer: Actor, kind: AnchorKind, place: str, words: str) -> None:
    an_anchor(a_checkpoint(aims.pk), kind, place=place)
    assert words in said(chain(aims, officer))[0]


def test_many_copies_are_counted(aims: Aims, officer: Actor) -> None:
    row = a_checkpoint(aims.pk)
    for number in range(4):
        an_anchor(row, AnchorKind.BUCKET, place=f"place {number}", at=MIDNIGHT)
    words = said(chain(aims, officer))[0]
    assert words.endswith("written to place 0 on 17 Jun 2026, written to place 1 on 17 Jun 2026 and 2 more")


def test_each_checkpoint_stands_on_one_page_only(aims: Aims, officer: Actor) -> None:
    for number in range(PAGE + 20):
        an_obligation(officer, f"O-{number}", aims_id=aims.pk)
        if number % 7 == 0:
            an_anchor(a_checkpoint(aims.pk), AnchorKind.REPORT)
    first = chain(aims, officer)
    numbers = numbers_in(first)
    second = chain(aims, officer, before=numbers[-1])
    shown = said(first) + said(second)
    assert len(shown) == len(set(shown)) == Checkpoint.objects.count()
    back = chain(aims, officer, after=numbers_in(second)[0])
    assert said(back) == said(first)


def test_a_filtered_list_shows_the_first_that_covers_each_record(aims: Aims, officer: Actor) -> None:
    for code in ("O-1", "P-1", "P-2", "O-2"):
        an_obligation(officer, code, aims_id=aims.pk)
        an_anchor(a_checkpoint(aims.pk), AnchorKind.REPORT)
    one, two = (Leaf.objects.get(record__subject=f"obligation:O-{n}").number for n in (1, 2))
    page = chain(aims, officer, subject="O")
    assert numbers_in(page) == [two, one]
    covered = [int(row.split()[4].strip("#.")) for row in said(page)]
    firsts = [Checkpoint.objects.filter(size__gte=number).order_by("size")[0].size for number in (two, one)]
    assert covered == firsts


def test_a_run_of_edits_is_not_folded_over_a_checkpoint(aims: Aims, officer: Actor) -> None:
    row = an_obligation(officer, "O-1", aims_id=aims.pk)
    for title in ("One", "Two"):
        an_edit(officer, row, title=title)
    an_anchor(a_checkpoint(aims.pk), AnchorKind.REPORT)
    for title in ("Three", "Four", "Five"):
        an_edit(officer, row, title=title)
    page = chain(aims, officer, subject="O-1")
    assert re.findall(r"data-run-open=\"\d+\">([^<]+)", page) == ["3 times", "2 times"]


def test_a_page_without_records_has_no_checkpoints(aims: Aims, officer: Actor) -> None:
    a_checkpoint(aims.pk)
    assert said(chain(aims, officer, q="nothing of the kind")) == []


@given(st.sets(st.integers(1, 60), min_size=1), st.sets(st.integers(1, 80)))
def test_a_checkpoint_stands_above_the_first_record_it_covers(shown: set[int], sizes: set[int]) -> None:
    numbers = sorted(shown, reverse=True)
    lowest = numbers[-1]
    places = _places(sorted(size for size in sizes if size >= lowest), numbers)
    assert len(set(places.values())) == len(places)
    for size, number in places.items():
        assert number == max(place for place in numbers if place <= size)
        assert size == min(one for one in sizes if max((p for p in numbers if p <= one), default=0) == number)
