"""Differences: whatever two texts say, the pieces rebuild both."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from soa.diff import COMPARED, differs, entry_diffs, field_diffs, word_diff, words_of

TEXTS = st.text(st.sampled_from("ab =é\n\t "), max_size=30) | st.text(max_size=20)


def rebuilt(pieces: Any, *kinds: str) -> str:
    return "".join(piece.text for piece in pieces if piece.kind in kinds)


@given(TEXTS, TEXTS)
def test_the_pieces_rebuild_both_texts(before: str, after: str) -> None:
    pieces = word_diff(before, after)
    assert rebuilt(pieces, "same", "del") == before
    assert rebuilt(pieces, "same", "ins") == after


@given(TEXTS)
def test_equal_texts_have_no_difference(text: str) -> None:
    assert {piece.kind for piece in word_diff(text, text)} <= {"same"}


def a_row(code: str = "A.2.2", **said: Any) -> dict[str, Any]:
    empty: dict[str, Any] = dict.fromkeys(COMPARED, "")
    return empty | {"code": code, "title": "Policy", "reasons": [], "per_system": [], "expects_evidence": True} | said


def test_rows_are_changed_added_and_removed() -> None:
    before = [a_row("A.2.2", why="Old"), a_row("A.2.3"), a_row("ORG.1")]
    after = [a_row("A.2.2", why="New"), a_row("A.2.3"), a_row("ORG.2", why="x")]
    found = {diff.code: (diff.kind, [field.name for field in diff.fields]) for diff in entry_diffs(before, after)}
    assert found["A.2.2"] == ("changed", ["why"])
    assert found["ORG.2"][0] == "added"
    assert found["ORG.1"][0] == "removed"
    assert "A.2.3" not in found


def test_a_frozen_row_equals_the_draft_that_says_the_same() -> None:
    frozen = a_row(
        owner={"name": "Ana", "job_title": "CISO"}, reasons=[{"code": "BP", "ref": "", "label": "x", "target": ""}]
    )
    assert not differs(frozen, a_row(owner="Ana", reasons=[{"code": "BP", "ref": ""}]))
    assert differs(frozen, a_row(owner="Bo", reasons=[{"code": "BP", "ref": ""}]))
    assert differs(None, a_row())


def test_values_are_told_in_words() -> None:
    apart = [{"system": "SYS-01", "applicability": "excluded", "why": "Never.", "implementation": "partly"}]
    assert words_of("applicability", "excluded") == "Excluded"
    assert words_of("implementation", "partly") == "Partly"
    assert words_of("reasons", [{"code": "RT", "ref": "risk:R-1"}, {"code": "BP", "ref": ""}]) == (
        "Risk treated (R-1), Best practice"
    )
    assert words_of("per_system", apart) == "SYS-01: Excluded, Partly, Never."
    assert words_of("expects_evidence", False) == "No"
    assert words_of("why", None) == ""
    fields = field_diffs(a_row(expects_evidence=True), a_row(expects_evidence=False, per_system=apart))
    assert [field.name for field in fields] == ["expects_evidence", "per_system"]
