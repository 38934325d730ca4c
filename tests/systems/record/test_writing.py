"""Writing: the same bytes while nothing changed, the changed lines alone when something did, and never other values."""

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from systems.record.reading import read
from systems.record.writing import alike, fresh, write

TRAPS = (
    "", " ", "~", "null", "Null", "true", "False", "yes", "no", "on", "off", "y", "N", "12", "012", "0x1F", "0o17",
    "1_000", "-1", "+1", "1e3", "1.5", ".5", ".inf", ".nan", "1:30", "2026-01-15", "2026-01-15T10:00:00Z", "=", "<<",
    "- a", "a: b", "a #b", "#a", "&a", "*a", "!a", "|", ">", "%a", "@a", "`a", "[a", "{a", "a,b", "'a'", '"a"',
    "a\nb", "a\n", "\na", "a\n\n", " a", "a ", "a\tb", "\ta", "a\r\nb", "a\n b", "a \nb", "a\n\n  b\n", "# a\n# b",
    "---", "...", "---\na", "\ufeffa", "\x85", "\u2028", "\x07", "\x1b", "é", "日本", "😀", "?", "? a", ":", "a:", ":a",
    "-", "123456789012345678", "1234567890123456789",
)  # fmt: skip
SIGNS = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
TEXTS = st.sampled_from(TRAPS) | st.text(SIGNS, max_size=12)
NAMES = TEXTS.filter(lambda name: name != "<<")
NUMBERS = st.integers(-(10**16), 10**16) | st.integers(-(10**9), 10**9).map(lambda value: value / 1000)
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=12,
)
RECORDS = st.fixed_dictionaries(
    {"id": st.just("a")},
    optional={
        "name": TEXTS,
        "deployment": st.dictionaries(NAMES, VALUES, max_size=3),
        "data": st.fixed_dictionaries(
            {"sources": st.lists(st.fixed_dictionaries({"name": TEXTS, "pii": VALUES}), max_size=3)}
        ),
        "no": VALUES,
        "unheard of": VALUES,
    },
)
FILE = """\
# The assistant of the help desk
id: assistant   # never changes
name:   "Assistant"
deployment:
    regions: [ eu-west-1,  us-east-1 ]   # both
    environment: production

# What it learns from
data:
    sources:
    - name: kb
      pii: no   # asked in May
      # the old one
    - { name: tickets, pii: true }
notes: >-
    folded
    text
added-by-us:
    ticket: 012
    since: 2026-01-15
"""


def said(text: str) -> dict[str, Any]:
    reading = read(text.encode())
    assert not reading.faults, (reading.faults, text)
    return reading.record


@given(RECORDS)
@settings(max_examples=150, deadline=None)
def test_what_is_written_reads_as_the_record(record: dict[str, Any]) -> None:
    assert alike(said(fresh(record)), record)


@given(RECORDS, RECORDS)
@settings(max_examples=60, deadline=None)
def test_a_text_that_is_changed_reads_as_what_it_was_changed_to(before: dict[str, Any], after: dict[str, Any]) -> None:
    text = fresh(before)
    assert write(before, text) == text
    assert alike(said(write(after, text)), after)


@pytest.mark.parametrize("text", [FILE, FILE.replace("\n", "\r\n"), f"\ufeff{FILE}", FILE.rstrip("\n")])
def test_a_record_that_did_not_change_keeps_every_byte(text: str) -> None:
    assert write(said(text), text) == text


def test_only_what_changed_is_altered() -> None:
    record = said(FILE)
    after = deepcopy(record)
    after["deployment"]["environment"] = "staging"
    after["data"]["sources"][0]["pii"] = True
    after["data"]["sources"].append({"name": "mail", "pii": False})
    after["added-by-us"]["ticket"] = "no"
    written = write(after, FILE)
    assert alike(said(written), after)
    before = FILE.replace("pii: no   #", "pii: true #").replace("012", '"no"').replace("production", "staging")
    assert (
        written.splitlines() == before.replace("true }\n", "true }\n    - name: mail\n      pii: false\n").splitlines()
    )


def test_comments_outlive_what_they_stood_beside() -> None:
    after = deepcopy(said(FILE))
    del after["deployment"]["environment"], after["data"]["sources"][0]
    written = write(after, FILE.replace("\n", "\r\n"))
    assert alike(said(written), after)
    assert "# What it learns from\r\n" in written
    assert written.count("\n") == written.count("\r\n")


def test_a_value_that_an_anchor_shares_is_changed_in_one_place() -> None:
    text = "id: a\nfirst: &x {pii: true}\nsecond: *x\n"
    after = said(text) | {"second": {"pii": False}}
    assert alike(said(write(after, text)), after)


def test_a_text_that_cannot_be_read_is_written_anew() -> None:
    assert write({"id": "a"}, "id: [") == "id: a\n"


def test_new_yaml_follows_the_schema_and_spells_what_others_misread() -> None:
    record = {"zeal": "no", "lifecycle": {"stage": "design"}, "name": "12", "id": "a", "data": {}, "roles": []}
    assert fresh(record) == ('id: a\nname: "12"\nroles: []\ndata: {}\nlifecycle:\n  stage: design\nzeal: "no"\n')
