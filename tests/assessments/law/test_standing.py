"""Which articles bind, for each role and basis; Art. 27 is never shown for whom it does not name."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.law.data import all_dates, articles, dates_on
from assessments.law.speaking import ANSWER, SOURCES
from assessments.law.standing import Bearing, facts_of, standings
from assessments.law.view import Told, law_view
from assessments.sections.questions import BY_KEY
from systems.applying.eu_act import points, starts
from tests.systems.applying.make import eu

III = {"high_risk_basis": "annex-iii", "annex_iii_point": "4(a)"}
I_A = {"high_risk_basis": "annex-i", "annex_i_act": "medical"}
VOID = {"high_risk_basis": "exception-6-3", "annex_iii_point": "4(a)", "exception": "a", "profiles_persons": True}
OUT = VOID | {"profiles_persons": False}
PUBLIC, SERVICES, OTHER = ({"deployer_kind": kind} for kind in ("public-body", "public-services", "other"))


def bearings(said: dict[str, Any]) -> str:
    """One letter for Art. 9, 26 and 27: b(inds), d(oes not), u(nknown)."""
    return "".join(one.bearing.value[0] for one in standings(facts_of(eu(**said))))


@pytest.mark.parametrize(
    ("role", "said", "expected"),
    [
        ("provider", III, "bdd"),
        ("provider", I_A, "bdd"),
        ("provider", VOID, "bdd"),
        ("provider", OUT, "ddd"),
        ("provider", {"high_risk_basis": "none"}, "ddd"),
        ("provider", {}, "uuu"),
        ("provider", OUT | {"profiles_persons": None}, "uuu"),
        ("provider", OUT | {"exception": ""}, "uuu"),
        ("provider", I_A | {"annex_i_act": "motor"}, "ddd"),
        ("provider", I_A | {"annex_i_act": ""}, "udd"),
        ("product-manufacturer", I_A, "bdd"),
        ("product-manufacturer", III, "ddd"),
        ("importer", III, "ddd"),
        ("distributor", III, "ddd"),
        ("authorised-representative", III, "ddd"),
        ("", III, "uuu"),
        ("", I_A, "uud"),
        ("owner", III, "uuu"),
        ("deployer", I_A | PUBLIC, "dbd"),
        ("deployer", III, "dbu"),
        ("deployer", III | PUBLIC, "dbb"),
        ("deployer", III | SERVICES, "dbb"),
        ("deployer", III | OTHER, "dbd"),
        ("deployer", III | {"fundamental_rights_assessment": "due"}, "dbu"),
        ("deployer", III | OTHER | {"fundamental_rights_assessment": "due"}, "dbd"),
        ("deployer", III | OTHER | {"annex_iii_point": "5(b)"}, "dbb"),
        ("deployer", III | {"annex_iii_point": "5(c)"}, "dbb"),
        ("deployer", III | OTHER | {"annex_iii_point": "5(a)"}, "dbd"),
        ("deployer", III | OTHER | {"annex_iii_point": "5"}, "dbu"),
        ("deployer", III | PUBLIC | {"annex_iii_point": "5"}, "dbb"),
        ("deployer", III | PUBLIC | {"annex_iii_point": "2"}, "dbd"),
        ("deployer", III | PUBLIC | {"annex_iii_point": ""}, "dbu"),
        ("deployer", VOID | PUBLIC, "dbb"),
        ("deployer", OUT | PUBLIC, "ddd"),
        ("deployer", {"high_risk_basis": "none"}, "ddd"),
    ],
)
def test_each_role_and_basis(role: str, said: dict[str, Any], expected: str) -> None:
    assert bearings(said | {"role": role}) == expected


def words(*known: str) -> st.SearchStrategy[Any]:
    return st.sampled_from([*known, "", None, "else", 7])


ANYTHING = st.fixed_dictionaries(
    {
        "role": words(*points("roles")),
        "high_risk_basis": words("annex-i", "annex-iii", "exception-6-3", "none"),
        "annex_i_act": words(*points("annex_i")),
        "annex_iii_point": words(*points("annex_iii")),
        "exception": words(*points("exceptions")),
        "profiles_persons": st.sampled_from([True, False, None]),
        "deployer_kind": words("public-body", "public-services", "other"),
        "fundamental_rights_assessment": words("due", "done", "not-due"),
        "tier": words("high", "out-of-scope"),
    }
)


@given(ANYTHING)
def test_art_27_is_never_shown_for_whom_it_does_not_name(said: dict[str, Any]) -> None:
    """Told apart from the code: only deployers, only Annex III, never point 2, and only those it names."""
    found = law_view(eu(**said), {}, all_dates()[-1].since).articles[-1]
    by_annex_iii = said["high_risk_basis"] == "annex-iii" or (
        said["high_risk_basis"] == "exception-6-3" and said["profiles_persons"] is True
    )
    is_public = said["deployer_kind"] in ("public-body", "public-services") and said["annex_iii_point"] in (
        set(points("annex_iii")) - {"2"}
    )
    is_named = said["annex_iii_point"] in ("5(b)", "5(c)") or is_public
    assert bool(found.elements) == (said["role"] == "deployer" and by_annex_iii and is_named)
    assert bool(found.elements) == (found.standing.bearing is Bearing.BINDS) == (found.day is not None)
    assert found.standing.because


def test_the_data_name_what_is_there() -> None:
    elements = [one for article in articles().values() for one in article.elements]
    assert len({one.key for one in elements}) == len(elements)
    for one in elements:
        for key in one.reads:
            assert key in SOURCES or key.removeprefix(ANSWER) in BY_KEY, one.key
        assert one.reads or one.beyond, f"{one.key} says neither what speaks to it nor what is not covered"


def test_dates_are_versions_and_the_newest_agrees_with_the_classification() -> None:
    first, newest = all_dates()[0], all_dates()[-1]
    assert (newest.annex_iii.on, newest.annex_i.on) == (starts()["annex-iii"].on, starts()["annex-i"].on)
    assert dates_on(newest.since) is newest
    assert dates_on(newest.since - timedelta(days=1)) is all_dates()[-2]
    assert dates_on(first.since - timedelta(days=1)) is first
    assert all(dates.source for dates in all_dates())


def test_what_is_told_is_told_in_full_in_part_or_not() -> None:
    record = eu(role="provider", **III)
    body = {
        "foreseeable_misuse": "Misread",
        "impacts": [{"valence": "harm", "before": {"score": 4}, "measures": [{"text": "a", "kind": "technical"}]}],
        "answers": [{"question": "performance", "text": "", "not_applicable_because": "No test is possible"}],
    }

    def state(key: str, of: dict[str, Any]) -> Told:
        lines = law_view(record, of, all_dates()[-1].since).articles[0].elements
        return next(line.state for line in lines if line.key == key)

    assert state("9(2)(b)", body) is Told.PART
    assert state("9(2)(d)", body) is Told.TOLD
    assert state("9(5)(b)", body) is Told.PART
    assert state("9(6)", body) is Told.TOLD
    assert state("9(9)", body) is Told.NOT_TOLD
    assert state("9(4)", body) is Told.NOT_COVERED
    assert state("9(2)(d)", {}) is Told.NOT_TOLD
