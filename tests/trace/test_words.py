"""Records are told in the words of the screens."""

import pytest

from ledger.events import known_events
from trace import words
from trace.words import FieldChange


def test_a_verb_for_every_event() -> None:
    for name in known_events():
        assert words.verb_of(name, {}) == known_events()[name].verb
        assert words.meaning_of(name).endswith(".")
    assert words.verb_of("gone.away", {}) == words.meaning_of("gone.away") == "gone.away"


def test_a_decision_says_which_way() -> None:
    assert words.verb_of("soa.decided", {"applicability": "excluded"}) == "exclude"
    assert words.verb_of("soa.decided", {"applicability": "included"}) == "include"


def test_fields_are_named_and_choices_told() -> None:
    before = {"applicability": "included", "reasons": ["CT", "LG"], "why": "Bought sets.", "unknown_field": None}
    after = {"applicability": "excluded", "reasons": ["LG", "NR"], "why": "", "unknown_field": True}
    assert words.changes("entry", before, after) == (
        FieldChange("Applies", ("Included",), ("Excluded",)),
        FieldChange("Reasons", ("Contract",), ("Not necessary per risk assessment",)),
        FieldChange("Why", ("Bought sets.",), ()),
        FieldChange("Unknown field", (), ("Yes",)),
    )
    assert words.changes("no-such-kind", {}, {"level": {"low": 1}}) == (FieldChange("Level", (), ("low 1",)),)


def test_a_row_tells_the_two_most_telling_fields() -> None:
    before = {"applicability": "included", "why": "x" * 148, "notes": "n" * 200}
    after = {"applicability": "excluded", "why": "", "notes": "m" * 201}
    assert words.summary("entry", before, after) == ("Included, 148 characters", "Excluded")
    assert words.summary("entry", {}, {"why": "x" * 41}) == ("", "41 characters")


@pytest.mark.parametrize(
    ("ref", "label"),
    [
        ("entry:A.7.3", "A.7.3"),
        ("membership:12", "membership"),
        ("scope:2", "2"),
        ("token:9", "token"),
        ("judging:12", "policy run"),
        ("record:01a2185f-6ff3-72fe-b2ad-478e8a653266", "record 01a2185f…"),
    ],
)
def test_a_subject_is_named_by_its_code_or_its_kind(ref: str, label: str) -> None:
    assert words.subject_label(ref) == label


@pytest.mark.parametrize(
    ("role", "kind", "label"),
    [
        ("officer", "human", "compliance officer"),
        (None, "service", "service"),
        (None, "ai", "AI agent"),
        (None, "human", ""),
        ("emperor", "human", ""),
        ("administrator", "service", "service"),
        ("officer", "ai", "AI agent"),
    ],
)
def test_authority(role: str | None, kind: str, label: str) -> None:
    assert words.role_label(role, kind) == label


@pytest.mark.parametrize(
    ("role", "label"),
    [("officer", "Compliance officer"), ("service", "Service"), ("ai", "AI agent"), ("emperor", "Emperor")],
)
def test_authority_in_a_list_of_choices(role: str, label: str) -> None:
    assert words.filed_label(role) == label


def test_dates_reasons_and_things_are_told_by_name() -> None:
    before = {"review_on": "2026-09-08", "reasons": [{"code": "RT", "ref": "risk:R-014"}, {"code": "BP", "ref": ""}]}
    after = {"review_on": "soon", "owner": "Tom Okafor", "statement": "statement:SOA", "reasons": []}
    assert words.changes("entry", before, after) == (
        FieldChange("Review by", ("8 Sep 2026",), ("soon",)),
        FieldChange("Reasons", ("Risk treated R-014", "Best practice"), ()),
        FieldChange("Owner", (), ("Tom Okafor",)),
        FieldChange("Statement", (), ("SOA",)),
    )
    assert words.changes("assessment", {}, {"submitted_at": "2026-11-25T09:31:00+00:00"}) == (
        FieldChange("Submitted at", (), ("25 Nov 2026",)),
    )


@pytest.mark.parametrize(
    ("method", "told"),
    [
        ("password", "Password"),
        ("internal", "Assay itself"),
        ("token ab12", "API token ab12…"),
        ("passkey", "Passkey"),
        ("password+totp", "Password, authenticator app"),
        ("oidc amr=pwd", "OpenID Connect (amr=pwd)"),
    ],
)
def test_how_somebody_had_signed_in(method: str, told: str) -> None:
    assert words.signed_in(method) == told
