"""Cell values in four languages, in ticks and in numbers; unknown ones are never guessed."""

import pytest

from soa.intake.raw import Cell
from soa.intake.values import (
    decides,
    read_applicability,
    read_implementation,
    read_names,
    read_performer,
    read_reasons,
    text_of,
)
from soa.intake.words import word_list


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("Yes", "included"),
        ("Y", "included"),
        (True, "included"),
        ("✓", "included"),
        ("x", "included"),
        ("Included", "included"),
        ("Applicable", "included"),
        ("ja", "included"),
        ("Oui", "included"),
        ("O", "included"),
        ("Sí", "included"),
        ("aplica", "included"),
        ("☒ Yes ☐ No", "included"),
        ("[ ] Yes [x] No", "excluded"),
        ("No", "excluded"),
        ("N", "excluded"),
        (False, "excluded"),
        ("✗", "excluded"),
        ("N/A", "excluded"),
        ("n.a.", "excluded"),
        ("Not applicable", "excluded"),
        ("nicht anwendbar", "excluded"),
        ("Nein", "excluded"),
        ("Non applicable", "excluded"),
        ("S.O.", "excluded"),
        ("no aplica", "excluded"),
        ("Excluido", "excluded"),
        (None, "undecided"),
        ("–", "undecided"),
        ("TBD", "undecided"),
        ("offen", "undecided"),
        ("à définir", "undecided"),
        ("pendiente", "undecided"),
    ],
)
def test_applicability_in_one_word(cell: Cell, value: str) -> None:
    assert (read_applicability(cell).value, read_applicability(cell).remark) == (value, "")


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("Partially applicable", "included"),
        ("teilweise", "included"),
        ("parcialmente aplicable", "included"),
        ("Yes – all systems", "included"),
        ("Yes, see policy", "included"),
        ("No (we buy everything)", "excluded"),
        ("N/A - no development", "excluded"),
        ("maybe", "undecided"),
        ("Yes / No", "undecided"),
        ("Y/N", "undecided"),
        ("Applicable / Not applicable", "undecided"),
        ("☐ Yes ☐ No", "undecided"),
        ("#N/A", "undecided"),
        ("#REF!", "undecided"),
        ("o.k.", "undecided"),
        ("{{Y/N}}", "undecided"),
        ("not sure", "undecided"),
    ],
)
def test_what_says_more_or_less_than_a_decision_is_told(cell: Cell, value: str) -> None:
    reading = read_applicability(cell)
    assert reading.value == value
    assert reading.remark


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("Implemented", "implemented"),
        ("Fully implemented", "implemented"),
        ("umgesetzt", "implemented"),
        ("Mis en œuvre", "implemented"),
        ("Implementado", "implemented"),
        ("100 %", "implemented"),
        ("✓", "implemented"),
        ("In progress", "partly"),
        ("Partial", "partly"),
        ("in Umsetzung", "partly"),
        ("En cours", "partly"),
        ("en curso", "partly"),
        ("45%", "partly"),
        ("Planned", "planned"),
        ("geplant", "planned"),
        ("Prévu", "planned"),
        ("Planificado", "planned"),
        ("Not started", "not_started"),
        ("nicht begonnen", "not_started"),
        ("0%", "not_started"),
        ("N/A", ""),
        ("", ""),
        (None, ""),
    ],
)
def test_implementation_in_words_ticks_and_percentages(cell: Cell, value: str) -> None:
    assert (read_implementation(cell).value, read_implementation(cell).remark) == (value, "")


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("Planned Q3 2027", "planned"),
        ("Implemented (v2)", "implemented"),
        ("nearly there", ""),
        ("0.5", ""),
        ("150 %", ""),
        ("N/A - bought", ""),
    ],
)
def test_what_else_an_implementation_says_is_told(cell: Cell, value: str) -> None:
    reading = read_implementation(cell)
    assert reading.value == value
    assert reading.remark


def test_numbers_are_percentages_only_under_a_heading_that_says_so() -> None:
    assert read_implementation(0.5).value == ""
    assert read_implementation(0.5, is_percent=True).value == "partly"
    assert read_implementation(1.0, is_percent=True).value == "implemented"
    assert read_implementation(1, is_percent=True).value == "partly"
    assert read_implementation(100, is_percent=True).value == "implemented"


def test_a_status_may_be_a_decision() -> None:
    assert (decides("Excluded"), decides("Applicable"), decides("N/A")) == ("excluded", "included", "excluded")
    assert decides("Yes") is decides("Implemented") is decides("TBD") is decides("") is None


@pytest.mark.parametrize(
    ("cell", "value"),
    [("In-house", "us"), ("gemeinsam", "shared"), ("Konzern", "group"), ("prestataire", "provider"), ("", "")],
)
def test_who_performs(cell: str, value: str) -> None:
    assert (read_performer(cell).value, read_performer(cell).remark) == (value, "")


def test_who_performs_is_not_guessed() -> None:
    assert read_performer("AWS").value == ""
    assert read_performer("AWS").remark


@pytest.mark.parametrize(
    ("cell", "codes", "unknown"),
    [
        ("RT, LG", ("RT", "LG"), ""),
        ("RT LG", ("RT", "LG"), ""),
        ("LR/CO", ("LG", "CT"), ""),
        ("BR/BP", ("BP",), ""),
        ("Legal; contractual", ("LG", "CT"), ""),
        ("Risk assessment and contract", ("RT", "CT"), ""),
        ("RT, because", ("RT",), "because"),
        (None, (), ""),
    ],
)
def test_reason_codes(cell: Cell, codes: tuple[str, ...], unknown: str) -> None:
    assert read_reasons(cell) == (codes, unknown)


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("`04-POLICY/AIMS.md`", ("04-POLICY/AIMS.md",)),
        ("a.pdf; b.pdf", ("a.pdf", "b.pdf")),
        ("a.pdf, b.docx", ("a.pdf", "b.docx")),
        ("POL-01, POL-02", ("POL-01", "POL-02")),
        ("Minutes of March, signed", ("Minutes of March, signed",)),
        ("• one\n- two\n* three\n", ("one", "two", "three")),
        ("a.pdf\na.pdf", ("a.pdf",)),
        ("-", ()),
        (None, ()),
    ],
)
def test_documents_named_in_one_cell(cell: Cell, names: tuple[str, ...]) -> None:
    assert read_names(cell) == names


def test_cells_as_text() -> None:
    assert [text_of(cell) for cell in (2.5, 3, True, None, " — ", "…", "n/a")] == [
        "2.5",
        "3",
        "TRUE",
        "",
        "",
        "",
        "n/a",
    ]


def test_no_word_says_two_things() -> None:
    for field, lists in word_list("values").items():
        if isinstance(lists, dict):
            words = [str(word) for meaning in lists.values() for word in set(map(str, meaning))]
            assert sorted(words) == sorted(set(words)), field
