"""The rows of the table: finished HTML in which nothing that people typed is markup."""

import pytest
from django.db import connection
from django.forms import Select
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django.asserts import assertHTMLEqual

from accounts.actor import Actor
from accounts.models import User
from accounts.roles import Role
from aims.models import Aims
from soa.actions import add_own_control, amend, decide, open_statement
from soa.cells import shorten
from soa.forms import PlainSelect
from soa.models import Applicability, Entry
from tests.make import a_member, signed_in

SCRIPT = "<script>alert('x')</script> & \"more\""
ESCAPED = "&lt;script&gt;alert(&#x27;x&#x27;)&lt;/script&gt; &amp; &quot;more&quot;"


def entry(code: str) -> Entry:
    return Entry.objects.with_names().get(requirement__code=code)


def row_of(page: str, code: str) -> str:
    start = page.index(f'id="{code.lower().replace(".", "-")}"')
    return page[start : page.index("</tr>", start)]


def board(aims: Aims, actor: Actor) -> str:
    return signed_in(actor).get(f"/a/{aims.slug}/soa/").content.decode()


def test_nothing_typed_is_markup(aims: Aims, officer: Actor) -> None:
    open_statement(actor=officer)
    own = add_own_control(title=SCRIPT, summary="", actor=officer)
    person = User.objects.get(pk=a_member(aims, Role.OWNER, by=officer, name=SCRIPT).user_id)
    code = own.requirement.code
    row = decide(entry(code), Applicability.INCLUDED, why=SCRIPT, seen=1, actor=officer)
    amend(row, {"owner": person}, seen=row.version, actor=officer)
    page = board(aims, officer)
    html = row_of(page, code)
    assert "<script>alert" not in page
    assert f'<span class="control-name">{ESCAPED}</span>' in html
    assert f": {ESCAPED}" in html
    assert f'title="{ESCAPED}"' in html
    assert f'<span class="avatar" role="img" aria-label="{ESCAPED}" title="{ESCAPED}">' in html


def test_words_are_escaped_once(aims: Aims, officer: Actor) -> None:
    open_statement(actor=officer)
    decide(entry("A.2.2"), Applicability.INCLUDED, why="Ours & theirs", seen=1, actor=officer)
    html = row_of(board(aims, officer), "A.2.2")
    assert "Ours &amp; theirs" in html
    assert "&amp;amp;" not in html


@pytest.mark.parametrize("choice", list(Applicability))
def test_the_choice_made_is_checked(aims: Aims, officer: Actor, choice: Applicability) -> None:
    open_statement(actor=officer)
    decide(entry("A.2.2"), choice, why="A reason.", seen=1, actor=officer)
    html = row_of(board(aims, officer), "A.2.2")
    assert html.count(" checked") == 1
    assert f'value="{choice.value}" checked>' in html
    assert ('data-applies="no"' in html) == (choice == Applicability.EXCLUDED)


def test_a_reader_sees_the_choice_locked_and_no_way_in(aims: Aims, officer: Actor) -> None:
    open_statement(actor=officer)
    html = row_of(board(aims, a_member(aims, Role.AUDITOR, by=officer)), "A.2.2")
    assert html.count(" disabled>") == 3
    assert "data-edit" not in html
    assert 'name="control"' not in html


def test_an_answer_takes_the_place_of_the_row_on_the_page(aims: Aims, officer: Actor) -> None:
    open_statement(actor=officer)
    client = signed_in(officer)
    page = client.get(f"/a/{aims.slug}/soa/").content.decode()
    answer = client.get(f"/a/{aims.slug}/soa/A.2.2/row/", headers={"hx-request": "true"}).content.decode()
    assert 'id="a-2-2" data-code="A.2.2" hx-swap-oob="true">' in answer
    assert without_token(row_of(answer, "A.2.2").replace(' hx-swap-oob="true"', "")) == without_token(
        row_of(page, "A.2.2")
    )


def without_token(html: str) -> str:
    before, _, after = html.partition('name="csrfmiddlewaretoken" value="')
    return before + after.partition('"')[2]


def test_a_long_text_is_cut_with_an_ellipsis() -> None:
    assert shorten("word " * 10, 50) == "word " * 10
    assert shorten("word " * 10, 12) == "word word w…"


def queries_of(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def test_the_page_costs_15_queries_at_most_however_many_rows(aims: Aims, officer: Actor) -> None:
    open_statement(actor=officer)
    client, address = signed_in(officer), f"/a/{aims.slug}/soa/"
    for code in ("A.2.2", "A.2.3"):
        decide(entry(code), Applicability.INCLUDED, why="A reason.", seen=1, actor=officer)
    client.get(address)
    few = queries_of(client, address), queries_of(client, f"{address}?control=A.2.2")
    for number in range(30):
        add_own_control(title=f"Own {number}", actor=officer)
    assert (queries_of(client, address), queries_of(client, f"{address}?control=A.2.2")) == few
    assert max(few) <= 15 + 3  # the panel asks for the control itself, its incidents and its changes


def test_a_plain_select_says_what_djangos_says() -> None:
    choices = [("", "None"), ("a", "A & b"), ("c", "<c>")]
    for value in (None, "", "a", "c"):
        mine = PlainSelect({"class": "select"}, choices).render("x", value, {"id": "id-x"})
        theirs = Select({"class": "select"}, choices).render("x", value, {"id": "id-x"})
        assertHTMLEqual(mine, theirs)
