"""The catalogue: every id and title pinned, loaded once however often it is loaded."""

import pytest

from aims.models import Aims
from controls.catalogue import catalogue_files, load, read
from controls.models import Requirement, RequirementKind

CONTROLS = {
    "A.2.2": "AI policy",
    "A.2.3": "Alignment with other organizational policies",
    "A.2.4": "Review of the AI policy",
    "A.3.2": "AI roles and responsibilities",
    "A.3.3": "Reporting of concerns",
    "A.4.2": "Resource documentation",
    "A.4.3": "Data resources",
    "A.4.4": "Tooling resources",
    "A.4.5": "System and computing resources",
    "A.4.6": "Human resources",
    "A.5.2": "AI system impact assessment process",
    "A.5.3": "Documentation of AI system impact assessments",
    "A.5.4": "Assessing AI system impact on individuals or groups of individuals",
    "A.5.5": "Assessing societal impacts of AI systems",
    "A.6.1.2": "Objectives for responsible development of AI system",
    "A.6.1.3": "Processes for responsible AI system design and development",
    "A.6.2.2": "AI system requirements and specification",
    "A.6.2.3": "Documentation of AI system design and development",
    "A.6.2.4": "AI system verification and validation",
    "A.6.2.5": "AI system deployment",
    "A.6.2.6": "AI system operation and monitoring",
    "A.6.2.7": "AI system technical documentation",
    "A.6.2.8": "AI system recording of event logs",
    "A.7.2": "Data for development and enhancement of AI system",
    "A.7.3": "Acquisition of data",
    "A.7.4": "Quality of data for AI systems",
    "A.7.5": "Data provenance",
    "A.7.6": "Data preparation",
    "A.8.2": "System documentation and information for users",
    "A.8.3": "External reporting",
    "A.8.4": "Communication of incidents",
    "A.8.5": "Information for interested parties",
    "A.9.2": "Processes for responsible use of AI systems",
    "A.9.3": "Objectives for responsible use of AI system",
    "A.9.4": "Intended use of the AI system",
    "A.10.2": "Allocating responsibilities",
    "A.10.3": "Suppliers",
    "A.10.4": "Customers",
}
AREAS = {
    "A.2": "Policies related to AI",
    "A.3": "Internal organization",
    "A.4": "Resources for AI systems",
    "A.5": "Assessing impacts of AI systems",
    "A.6": "AI system life cycle",
    "A.7": "Data for AI systems",
    "A.8": "Information for interested parties of AI systems",
    "A.9": "Use of AI systems",
    "A.10": "Third-party and customer relationships",
}
CLAUSES = (
    "4.1 4.2 4.3 4.4 5.1 5.2 5.3 6.1 6.1.1 6.1.2 6.1.3 6.1.4 6.2 6.3 7.1 7.2 7.3 7.4 7.5 7.5.1 7.5.2 7.5.3 "
    "8.1 8.2 8.3 8.4 9.1 9.2 9.2.1 9.2.2 9.3 9.3.1 9.3.2 9.3.3 10.1 10.2"
)


def rows_of(kind: RequirementKind) -> dict[str, str]:
    return dict(Requirement.objects.filter(kind=kind).values_list("code", "title"))


def test_every_control_bears_its_id_and_title(aims: Aims) -> None:
    assert len(CONTROLS) == 38
    assert rows_of(RequirementKind.CONTROL) == CONTROLS


def test_the_nine_areas_bear_their_titles(aims: Aims) -> None:
    found = rows_of(RequirementKind.AREA)
    assert {code: found[code] for code in AREAS} == AREAS
    assert set(found) - set(AREAS) == {"A.6.1", "A.6.2"}


def test_every_numbered_subclause_is_there(aims: Aims) -> None:
    clauses = rows_of(RequirementKind.CLAUSE)
    assert set(CLAUSES.split()) <= set(clauses)
    assert clauses["6.1.4"] == "AI system impact assessment"
    assert clauses["10.2"] == "Nonconformity and corrective action"


def test_each_control_says_what_an_auditor_looks_for(aims: Aims) -> None:
    for control in Requirement.objects.filter(kind=RequirementKind.CONTROL):
        assert len(control.guidance.split()) > 25, control.code
        assert len(control.auditor_looks_for) >= 3, control.code
        assert control.area is not None, control.code
        assert control.area.code == ".".join(control.code.split(".")[:2])


@pytest.mark.db_both
def test_loading_again_changes_nothing(aims: Aims) -> None:
    versions = dict(Requirement.objects.values_list("code", "version"))
    assert [load(path) for path in catalogue_files()] == [(0, 0)]
    assert dict(Requirement.objects.values_list("code", "version")) == versions


@pytest.mark.db_both
def test_a_changed_text_is_brought_up_to_date(db: None) -> None:
    control = Requirement.unscoped.get(code="A.2.2")
    control.guidance = "Old words."
    control.save()
    assert [load(path) for path in catalogue_files()] == [(0, 1)]
    control.refresh_from_db()
    assert control.guidance == next(
        row["guidance"] for row in read(catalogue_files()[0])["requirements"] if row["code"] == "A.2.2"
    )
    assert control.version == 2


def test_own_controls_are_seen_in_their_aims_only(aims: Aims) -> None:
    assert not Requirement.objects.filter(kind=RequirementKind.OWN).exists()
    control = Requirement(aims=aims, code="ORG.1", kind=RequirementKind.OWN, title="Ours", position=100_001)
    control.save()
    assert Requirement.objects.decidable().count() == 39
    assert Requirement.objects.in_order().last() == control
