"""What a record says to the EU AI Act: tier, basis, duties, what is missing and what contradicts."""

from datetime import date
from typing import Any

import pytest

from controls.models import Requirement
from systems.applying.classify import TIERS, classify, is_high
from systems.applying.eu_act import duties, points, starts, suggestions
from systems.record.schema import schema, walk
from tests.systems.applying.make import eu, more, saying

CHECKED = {"prohibited_practices_checked_on": "2026-06-18", "prohibited_practices": []}
DONE = CHECKED | {"role": "deployer", "gpai": "none", "transparency_duties": [], "profiles_persons": False}


def words(notes: Any) -> str:
    return "; ".join(f"{note.field}: {note.words}" for note in notes)


@pytest.mark.parametrize(
    ("said", "tier"),
    [
        ({}, ""),
        ({"tier": "limited"}, ""),
        (DONE | {"prohibited_practices": ["f"]}, "prohibited"),
        (DONE | {"high_risk_basis": "annex-iii", "annex_iii_point": "4(a)"}, "high"),
        (DONE | {"high_risk_basis": "annex-i", "annex_i_act": "medical"}, "high"),
        (DONE | {"high_risk_basis": "exception-6-3", "profiles_persons": True}, "high"),
        (DONE | {"high_risk_basis": "exception-6-3", "profiles_persons": False}, "minimal"),
        (DONE | {"high_risk_basis": "none"}, "minimal"),
        (DONE | {"high_risk_basis": "none", "transparency_duties": ["50(4)"]}, "limited"),
        ({"high_risk_basis": "none"}, ""),
        ({"transparency_duties": ["50(1)"]}, ""),
    ],
)
def test_the_tier_follows_from_its_basis(said: dict[str, Any], tier: str) -> None:
    assert classify(eu(**said)).tier == tier


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (DONE | {"high_risk_basis": "annex-iii", "tier": "minimal"}, "The tier stated is minimal"),
        (DONE | {"high_risk_basis": "exception-6-3", "profiles_persons": True}, "no exception of Art. 6(3) holds"),
        ({"prohibited_practices": ["ba"]}, "Art. 5(1)(ba)"),
        ({"prohibited_practices": ["z"]}, "no point z in Art. 5(1)"),
        ({"high_risk_basis": "none", "annex_iii_point": "4(a)"}, "the basis says otherwise"),
        ({"annex_iii_point": "2(a)"}, "There is no point 2(a)"),
        ({"high_risk_basis": "annex-iii", "annex_i_act": "toys"}, "An act of Annex I is named"),
        ({"high_risk_basis": "none", "exception": "a"}, "does not claim the exception"),
        ({"transparency_duties": ["50(9)"]}, "There is no duty 50(9)"),
        ({"transparency_duties": ["50(1)"], "role": "deployer"}, "Art. 50(1) is a duty of the provider"),
        (
            {
                "role": "deployer",
                "high_risk_basis": "annex-iii",
                "annex_iii_point": "5(b)",
                "fundamental_rights_assessment": "not-due",
            },
            "Art. 27(1)",
        ),
    ],
)
def test_what_contradicts_itself_is_said(said: dict[str, Any], expected: str) -> None:
    assert expected in words(classify(eu(**said)).contradictions)


def test_a_chatbot_suggests_that_people_are_told() -> None:
    talks = saying(("model.type", "llm-rag"), ("classification.affected_parties", ["customers"]))
    assert classify(talks).contradictions == ()  # nobody spoke of the Act
    found = classify(more(talks, eu(tier="limited", role="provider")))
    assert words(found.contradictions) == (
        "transparency_duties: It talks with people (customers), and Art. 50(1) is not among its duties"
    )
    assert classify(more(talks, eu(tier="limited", role="deployer"))).contradictions == ()
    assert classify(more(talks, eu(role="provider", transparency_duties=["50(1)"]))).contradictions == ()
    assert {one.duty for one in suggestions()} <= set(points("transparency"))


def test_what_is_missing_is_said() -> None:
    assert len(classify({}).missing) == 5
    assert classify(eu(**DONE, high_risk_basis="none")).missing == ()
    assert "Which role" in words(classify(eu(**CHECKED)).missing)
    claimed = words(classify(eu(**DONE, high_risk_basis="exception-6-3")).missing)
    for expected in ("Which point of Annex III", "Which condition of Art. 6(3)", "Why the exception holds"):
        assert expected in claimed
    assert "assessment of fundamental rights" in words(classify(eu(**DONE, high_risk_basis="annex-iii")).missing)
    assert classify(eu(tier="out-of-scope")).missing == ()


def test_duties_follow_role_and_basis_with_their_dates() -> None:
    deployer = eu(**DONE, high_risk_basis="annex-iii", annex_iii_point="4(a)")
    found = {duty.article: duty for duty in classify(deployer).duties}
    assert set(found) == {"Art. 4", "Art. 26", "Art. 86"}
    assert found["Art. 26"].applies_from == date(2027, 12, 2)
    assert found["Art. 4"].applies_from == date(2025, 2, 2)
    provider = classify(eu(role="provider", high_risk_basis="annex-i", annex_i_act="medical"))
    told = {duty.article: duty for duty in provider.duties}
    assert told["Art. 9"].applies_from == date(2028, 8, 2)
    assert told["Art. 43"].controls == ()
    assert {"Art. 10", "Art. 12", "Art. 17", "Art. 72", "Art. 73"} <= set(told)
    assert "Annex I" in provider.basis[0]
    assert [duty.article for duty in classify(eu(gpai="provides-systemic")).duties] == ["Art. 53", "Art. 55"]
    marking = next(
        duty for duty in classify(eu(role="provider", transparency_duties=["50(2)"])).duties if "50" in duty.article
    )
    assert "2026-12-02" in marking.basis


def test_profiling_voids_the_exception_in_duties_too() -> None:
    claimed = DONE | {"high_risk_basis": "exception-6-3", "annex_iii_point": "4(a)"}
    assert not is_high(eu(**claimed))
    voided = eu(**claimed | {"profiles_persons": True})
    assert is_high(voided)
    assert "Art. 26" in {duty.article for duty in classify(voided).duties}


def test_the_data_is_whole_and_agrees_with_the_schema() -> None:
    known = {".".join(map(str, path)): rule for path, rule in walk(schema(), ())}
    for name, kind in (("role", "roles"), ("annex_i_act", "annex_i"), ("exception", "exceptions"), ("gpai", "gpai")):
        assert set(known[f"classification.eu_ai_act.{name}"]["x-values"]) == set(points(kind))
    for name, kind in (("prohibited_practices", "prohibited_practices"), ("transparency_duties", "transparency")):
        assert set(known[f"classification.eu_ai_act.{name}"]["items"]["x-values"]) == set(points(kind))
    assert set(known["classification.eu_ai_act_tier"]["x-values"]) == set(TIERS)
    assert {point.key[0] for point in points("annex_iii").values()} == set("12345678")
    assert {duty.starts for duty in duties()} <= {"", *starts()}
    assert [start.on for start in starts().values()] == sorted(start.on for start in starts().values())


@pytest.mark.django_db
def test_duties_point_at_requirements_that_exist() -> None:
    told = {code for duty in duties() for code in duty.controls}
    assert set(Requirement.unscoped.filter(code__in=told).values_list("code", flat=True)) == told
