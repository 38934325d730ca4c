"""Columns by their many names, and by what they hold."""

import pytest

from soa.intake.columns import cannot_be_id, matches
from soa.intake.words import key, word_list
from tests.soa.intake.make import a_plan, a_sheet, entry, only, verdicts


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("Control_ID", "id"),
        ("controlId", "id"),
        ("Annex A Ref.", "id"),
        ("Réf.", "id"),
        ("Maßnahmen-Nr.", "id"),
        ("Código", "id"),
        ("Control", "control"),
        ("Maßnahme", "control"),
        ("Mesure de l'annexe A", "control"),
        ("Control Name", "title"),
        ("Intitulé", "title"),
        ("Bezeichnung", "title"),
        ("Título", "title"),
        ("Applicable? (Y/N)", "applicability"),
        ("APPLICABILITY", "applicability"),
        ("Anwendbar (ja/nein)", "applicability"),
        ("Applicable (Oui/Non)", "applicability"),
        ("¿Aplica? (SI/NO)", "applicability"),
        ("Included / Excluded", "applicability"),
        ("Applicability to our organisation", "applicability"),
        ("Not applicable", "excluded"),
        ("Nicht anwendbar", "excluded"),
        ("Justification for inclusion / exclusion", "why"),
        ("Justifcation", "why"),
        ("Begründung für Ein-/Ausschluss", "why"),
        ("Justificación de la inclusión o exclusión", "why"),
        ("Reason for inclusion", "why_included"),
        ("Justification (if excluded)", "why_excluded"),
        ("Ausschlussbegründung", "why_excluded"),
        ("Motif d'exclusion", "why_excluded"),
        ("Implementation status", "implementation"),
        ("Umsetzungsstatus", "implementation"),
        ("État de mise en œuvre", "implementation"),
        ("Estado de implementación", "implementation"),
        ("% implemented", "implementation"),
        ("Status", "implementation"),
        ("How is it implemented?", "how"),
        ("Policy / Procedure", "document"),
        ("Implementation reference", "document"),
        ("Evidence / Records", "evidence"),
        ("Nachweise", "evidence"),
        ("Éléments de preuve", "evidence"),
        ("Control owner", "owner"),
        ("Verantwortliche(r)", "owner"),
        ("Owner / Responsible", "owner"),
        ("Next review date", "review_on"),
        ("Nächste Überprüfung", "review_on"),
        ("Target date", "planned_on"),
        ("Échéance", "planned_on"),
        ("Fecha límite", "planned_on"),
        ("Performed by", "performed_by"),
        ("Dienstleister", "provider"),
        ("Remarks", "notes"),
        ("LR", "reason_LG"),
        ("CO", "reason_CT"),
        ("BR/BP", "reason_BP"),
        ("RRA", "reason_RT"),
        ("S.No", "row_number"),
    ],
)
def test_a_heading_names_its_field(heading: str, field: str) -> None:
    assert matches(heading)[0].field == field


@pytest.mark.parametrize(
    "heading",
    [
        "Risk treatment plan ref",
        "AI_Act_Reference",
        "Implementation cost",
        "Approved by",
        "Priority",
        "Date",
        "",
        "x" * 300,
    ],
)
def test_other_headings_name_nothing(heading: str) -> None:
    assert matches(heading) == ()


def test_an_exact_name_beats_one_that_is_only_like_it() -> None:
    got = entry(["Justification text so far", "Justification"], "first", "second")
    assert got.why == "second"
    assert got.notes == "Justification text so far: first"


def test_headings_of_other_ids_are_known() -> None:
    assert cannot_be_id("ISO 27001 ref")
    assert cannot_be_id("Related controls")
    assert not cannot_be_id("Ref")


def test_every_name_in_the_list_is_found_under_its_own_field() -> None:
    for field, languages in word_list("columns").items():
        for language, names in languages.items() if isinstance(languages, dict) else ():
            for name in names:
                assert field in [match.field for match in matches(str(name))], (field, language, name)
                assert key(str(name)), name


def test_the_id_column_is_the_one_with_the_ids() -> None:
    plan = a_sheet(
        ["Related control", "Control", "Ref", "ISO 27001"],
        ["A.5.2", "AI policy", "A.2.2", "A.5.1"],
        ["A.5.3", "Suppliers", "A.10.3", "A.5.19"],
    )
    assert verdicts(plan)[1:] == [("matched", "A.2.2"), ("matched", "A.10.3")]
    assert plan.sheets[0].columns["id"] == "Ref"


def test_an_area_column_beside_it_is_not_the_id() -> None:
    plan = a_sheet(
        ["Clause", "Control", "Title"],
        *[["A.2", f"A.2.{n}", t] for n, t in _SECOND],
        ["A.3", "A.3.3", "Reporting of concerns"],
    )
    assert [row.id for row in plan.of("matched")] == ["A.2.2", "A.2.3", "A.2.4", "A.3.3"]


_SECOND = ((2, "AI policy"), (3, "Alignment with other organizational policies"), (4, "Review of the AI policy"))


def test_row_numbers_are_neither_ids_nor_notes() -> None:
    plan = a_sheet(["#", "Control", "Title"], [1, "A.2.2", "AI policy"], [2, "A.10.3", "Suppliers"])
    assert [row.id for row in plan.of("matched")] == ["A.2.2", "A.10.3"]
    assert plan.of("matched")[0].entry is not None
    assert plan.of("matched")[0].entry.notes == ""


def test_without_headings_the_cells_tell() -> None:
    plan = a_plan("A.2.2;AI policy;because\nA.10.3;Customers;why not\n")
    assert verdicts(plan) == [("matched", "A.2.2"), ("flagged", "A.10.3")]
    assert plan.rows[0].entry is not None
    assert plan.rows[0].entry.notes == "Column C: because"


def test_headings_nobody_knows_still_label_the_notes() -> None:
    plan = a_sheet(["Kod", "Nazwa", "Uwaga"], ["A.2.2", "AI policy", "tak"], ["A.10.3", "Suppliers", "nie"])
    assert plan.of("matched")[0].entry is not None
    assert plan.of("matched")[0].entry.notes == "Uwaga: tak"


def test_titles_are_found_under_a_heading_nobody_knows() -> None:
    plan = a_sheet(["Control ID", "Nazwa", "Applicable"], ["A.2.2", "Suppliers", "Y"])
    assert only(plan).verdict == "flagged"


def test_a_column_of_areas_is_no_column_of_titles() -> None:
    plan = a_sheet(["Control ID", "Domain", "Applicable"], ["A.2.2", "Policies related to AI", "Y"])
    assert (only(plan).verdict, only(plan).title) == ("matched", "")


def test_texts_under_implementation_are_how_and_not_how_far() -> None:
    got = entry(["Implementation", "Status"], "We wrote a policy and trained everybody on it.", "Implemented")
    assert got.how == "We wrote a policy and trained everybody on it."
    assert got.implementation == "implemented"


def test_descriptions_are_not_compared_as_titles() -> None:
    brief = "Rules for building and using AI, written down and approved"
    for text in (brief, f"{brief} at the top, and known to everybody"):
        plan = a_sheet(["Ref", "Description", "Applicable"], ["A.2.2", text, "Y"])
        assert only(plan).verdict == "matched"
        assert "not compared" in only(plan).reason
    assert only(a_sheet(["Ref", "Control title"], ["A.2.2", brief])).verdict == "flagged"
