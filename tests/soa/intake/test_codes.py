"""Ids as people write them."""

from datetime import date

import pytest

from soa.intake.codes import parse, resolve, text_of_id, trailing
from tests.soa.intake.make import a_catalogue, titles

KNOWN = (*titles(), *a_catalogue().areas, *a_catalogue().objectives())


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("A.2.2", "A.2.2"),
        ("a 2.2", "A.2.2"),
        ("A2.2", "A.2.2"),
        ("A.2.2.", "A.2.2"),
        (" A 6.2.4 ", "A.6.2.4"),
        ("A.6 .2.4", "A.6.2.4"),
        ("A. 6. 2. 4", "A.6.2.4"),
        ("A 6 2 4", "A.6.2.4"),
        ("A-2-2", "A.2.2"),
        ("A_2_2", "A.2.2"),
        ("A.2,2", "A.2.2"),
        ("Annex A.2.2", "A.2.2"),
        ("Annex A 2.2", "A.2.2"),
        ("Annex A: A.2.2", "A.2.2"),
        ("Annex A control A.2.2", "A.2.2"),
        ("Anhang A.2.2", "A.2.2"),
        ("Maßnahme A.2.2", "A.2.2"),
        ("Contrôle A.2.2", "A.2.2"),
        ("ISO 42001 A.2.2", "A.2.2"),
        ("ISO/IEC 42001:2023 A.2.2", "A.2.2"),
        ("42001-A.3.3", "A.3.3"),
        ("(A.2.2)", "A.2.2"),
        ("[A.2.2]", "A.2.2"),
        ("**A.2.2**", "A.2.2"),
        ("`A.2.2`", "A.2.2"),
        ("A.2.2*", "A.2.2"),
        ("A.2.2¹", "A.2.2"),
        ("А.2.2", "A.2.2"),  # Cyrillic
        ("Α.2.2", "A.2.2"),  # Greek
        ("Ａ．２．２", "A.2.2"),  # full width
        ("A.\u200b2.2", "A.2.2"),
        ("A\u00a02.2", "A.2.2"),
        ("A.02.02", "A.2.2"),
        ("A.6.2.04", "A.6.2.4"),
        ("A.22", "A.2.2"),
        ("A22", "A.2.2"),
        ("A622", "A.6.2.2"),
        ("A.62.2", "A.6.2.2"),
        ("A102", "A.10.2"),
        ("A10.2", "A.10.2"),
        ("A.6.1", "A.6.1"),
        ("A61", "A.6.1"),
        ("A.2.1", "A.2.1"),
    ],
)
def test_spellings_of_an_id_meet(written: str, meant: str) -> None:
    code = parse(written)
    assert code is not None
    assert (resolve(code, KNOWN), code.rest) == (meant, "")


@pytest.mark.parametrize("code", titles())
def test_every_control_is_found_without_its_dots_and_in_lower_case(code: str) -> None:
    for written in (code.lower(), code.replace(".", " "), code.replace(".", "", 1), code.replace(".", "")):
        found = parse(written)
        assert found is not None
        assert resolve(found, KNOWN) == code


@pytest.mark.parametrize(
    ("cell", "rest"),
    [
        ("A.2.2 AI policy", "AI policy"),
        ("A.2.2 - AI policy", "AI policy"),
        ("A.2.2 – AI policy", "AI policy"),
        ("A.2.2: AI policy", "AI policy"),
        ("A.2.2\nAI policy", "AI policy"),
        ("A.2.2. AI policy", "AI policy"),
        ("A.2.2) AI policy", "AI policy"),
        ("A.2.2AI policy", "AI policy"),
        ("[A.2.2] AI policy", "AI policy"),
        ("A.2.2 3rd-party policy", "3rd-party policy"),
        ("A.2.2 - 3rd-party policy", "3rd-party policy"),
    ],
)
def test_a_cell_may_go_on_with_the_title(cell: str, rest: str) -> None:
    code = parse(cell)
    assert code is not None
    assert (code.dotted, code.rest) == ("A.2.2", rest)


@pytest.mark.parametrize(
    "cell",
    ["see A.5.2", "AI policy", "", "10", "Total 38", "Phase 1", "Domain 3", "Annex A", "A", "Q3 2026", "B2B customers",
     "Domain 1: Policies (A.2)", "as in A.2.2", "2026-01-01", "x" * 3000 + "A.2.2"],
)  # fmt: skip
def test_prose_headings_and_plain_numbers_are_no_ids(cell: str) -> None:
    assert parse(cell) is None


@pytest.mark.parametrize(
    ("cell", "kind"),
    [
        ("ORG.1", "own"),
        ("org 12", "own"),
        ("ORG-3 Human oversight", "own"),
        ("ORG.1.2", "other"),
        ("B.2.2", "annex"),
        ("C.2", "annex"),
        ("6.2.4", "number"),
        ("2.2", "number"),
        ("Clause 6.1.3", "clause"),
        ("§ 6.1.3 AI risk treatment", "clause"),
        ("Kapitel 6.1.3", "clause"),
        ("ISO 27001 A.5.15", "other"),
        ("CTRL-1", "other"),
        ("AI-01", "other"),
        ("GOVERN 1.1", "other"),
        ("A.2.2a", "other"),
        ("A.7.x", "other"),
        ("A.5.2, A.5.3", "several"),
        ("A.5.2 / A.5.3", "several"),
        ("A.5.2 and A.5.3", "several"),
        ("A.5.2\nA.5.3", "several"),
        ("A.6.2.2–A.6.2.8", "several"),
        ("A.5.2, 5.3", "several"),
    ],
)
def test_what_is_not_one_annex_a_id_is_told_apart(cell: str, kind: str) -> None:
    code = parse(cell)
    assert code is not None
    assert code.kind == kind


@pytest.mark.parametrize("written", ["A.5.15", "A.11.2", "A.2.5", "A.6.2.9", "A.6.2.10", "A.2.2.1", "B.2.2", "A.1.2"])
def test_invented_ids_mean_nothing(written: str) -> None:
    code = parse(written)
    assert code is not None
    assert resolve(code, KNOWN) is None


def test_an_own_id_keeps_its_number() -> None:
    code = parse("org.012")
    assert code is not None
    assert code.dotted == "ORG.12"


def test_spreadsheets_turn_ids_into_numbers_and_dates() -> None:
    assert text_of_id(2.2) == "2.2"
    assert text_of_id(date(2004, 2, 6)) == "6.2.4"
    assert text_of_id(date(1999, 2, 6)) == ""
    assert text_of_id(True) == text_of_id(7) == text_of_id(None) == ""


def test_an_id_in_brackets_may_end_a_cell() -> None:
    code = trailing("AI policy (A.2.2)")
    assert code is not None
    assert (code.dotted, code.rest) == ("A.2.2", "AI policy")
    assert trailing("AI policy") is None
    assert trailing("x" * 300 + "(A.2.2)") is None
