"""Whether a title is that of its control in substance."""

import re
from functools import cache

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from soa.intake.catalogue import Catalogue, CatalogueControl
from soa.intake.titles import Titles
from tests.soa.intake.make import ROOT, a_catalogue, titles

ERRORS = ROOT.parent / "shared" / "domain" / "circulating_errors.yaml"
CODES = list(titles())


@cache
def shipped() -> Titles:
    return Titles(a_catalogue())


@cache
def bare() -> Titles:
    """The standard's titles alone, without translations or other names."""
    return Titles(Catalogue([CatalogueControl(code, title) for code, title in titles().items()]))


@pytest.mark.parametrize("known", [shipped, bare])
def test_every_title_fits_its_own_control_and_no_other(known: object) -> None:
    book = shipped() if known is shipped else bare()
    for code, title in titles().items():
        for other in CODES:
            assert book.compare(title, other).kind == ("same" if other == code else "different"), (title, other)


def test_other_names_fit_their_own_control_and_no_other() -> None:
    for control in a_catalogue().controls:
        for name in control.also_called:
            for other in CODES:
                kind = shipped().compare(name, other).kind
                assert kind == ("same" if other == control.code else "different"), (name, other)


def test_translations_match_their_own_control_with_a_note_and_no_other() -> None:
    for control in a_catalogue().controls:
        for title in control.titles.values():
            for other in CODES:
                verdict = shipped().compare(title, other)
                assert verdict.kind == ("foreign" if other == control.code else "different"), (title, other)
                assert verdict.remark


@pytest.mark.parametrize(
    ("code", "title"),
    [
        ("A.2.2", "Ai Policies"),
        ("A.2.2", "A.I. policy"),
        ("A.2.2", "AI polciy"),
        ("A.2.2", "Artificial-intelligence policy"),
        ("A.2.2", "AI policy / KI-Richtlinie"),
        ("A.2.2", "KI-Richtlinie (AI policy)"),
        ("A.2.2", "AI policy\nThe organization shall document a policy."),
        ("A.2.2", "Control: AI policy"),
        ("A.2.3", "Alignment with other organisational policies"),
        ("A.3.2", "AI Roles & Responsibilities"),
        ("A.3.3", "Reporting concerns"),
        ("A.4.5", "System & computing resource"),
        ("A.5.2", "AI System Impact Assesment Process"),
        ("A.5.2", "AI impact assessment process"),
        ("A.5.4", "Assessing AI system impact on individuals or groups"),
        ("A.6.1.2", "Objectives for the responsible development of AI-systems"),
        ("A.6.2.4", "AI system V&V"),
        ("A.6.2.4", "Verification and validation"),
        ("A.6.2.4", "AI system verification and validation, including bias and robustness testing"),
        ("A.6.2.8", "AI system recording of event-logs"),
        ("A.7.4", "Data quality"),
        ("A.7.4", "Quality of data"),
        ("A.8.4", "Incident communication"),
        ("A.10.2", "Allocation of responsibilities"),
        ("A.10.3", "Supplers"),
    ],
)
def test_spelling_order_and_shortening_are_forgiven(code: str, title: str) -> None:
    assert bare().compare(title, code).kind == "same"
    assert shipped().compare(title, code).kind == "same"


@pytest.mark.parametrize(
    ("code", "title"),
    [
        ("A.2.2", "Human oversight"),
        ("A.2.2", "Information security policies"),
        ("A.2.2", "Leadership & commitment"),
        ("A.2.4", "Management review"),
        ("A.3.2", "AI system life cycle"),
        ("A.4.2", "AI risk assessment"),
        ("A.5.5", "Records management"),
        ("A.6.2.5", "AI system decommissioning"),
        ("A.6.2.5", "AI system development"),
        ("A.6.2.5", "Responsible AI development"),
        ("A.7.2", "Data management processes"),
        ("A.7.4", "Equality of data for AI systems"),
        ("A.8.2", "Identity management"),
        ("A.8.3", "Internal reporting"),
        ("A.9.2", "System log monitoring"),
        ("A.9.3", "Objectives for responsible retirement of AI systems"),
        ("A.9.4", "Unintended use of the AI system"),
        ("A.10.3", "AI literacy and fluency"),
        ("A.2.2", "Lorem ipsum"),
    ],
)
def test_another_title_is_different_even_when_words_agree(code: str, title: str) -> None:
    assert bare().compare(title, code).kind == "different"
    assert shipped().compare(title, code).kind == "different"


def test_the_reason_names_whose_title_it_is() -> None:
    verdict = shipped().compare("AI system deployment", "A.6.2.8")
    assert verdict.belongs_to == "A.6.2.5"
    assert verdict.remark == (
        "“AI system deployment” is the title of A.6.2.5; A.6.2.8 is “AI system recording of event logs”."
    )
    assert shipped().compare("AI system life cycle", "A.3.2").belongs_to == "area A.6"
    assert shipped().compare("Internal audit", "A.3.2").belongs_to == "clause 9.2"


@pytest.mark.parametrize(
    "title",
    [
        "Resursy ludzkie według planu na rok",
        "AI-beleid",
        "AIポリシー",
        "Политика ИИ",
        "Gestión de personas",
        "Überwachung",
        "Politique sur l'IA",
        "Leitlinie zur KI",
        "Politica per l'IA",
    ],
)
def test_titles_in_other_languages_match_with_a_note(title: str) -> None:
    verdict = bare().compare(title, "A.2.2")
    assert verdict.kind == "foreign"
    assert "not in English" in verdict.remark


def test_a_file_in_another_language_vouches_for_words_nobody_knows() -> None:
    assert bare().compare("Xyzabc", "A.2.2").kind == "different"
    assert bare().compare("Xyzabc", "A.2.2", others_are_foreign=True).kind == "foreign"
    assert bare().compare("Human oversight", "A.2.2", others_are_foreign=True).kind == "different"


def test_wordings_are_not_compared_unless_they_begin_with_a_title() -> None:
    assert shipped().compare("The organization shall document its own rules for AI.", "A.2.2").kind == "wording"
    assert shipped().compare("AI system deployment: the organization shall plan it.", "A.6.2.8").kind == "different"


def test_no_words_are_no_title() -> None:
    assert shipped().compare("", "A.2.2").kind == shipped().compare(" – 12", "A.2.2").kind == "none"


def test_a_heading_may_be_an_areas() -> None:
    assert shipped().fits_area("Policies for AI", "A.2")
    assert shipped().fits_area("", "A.2")
    assert shipped().fits_area("Richtlinien im Zusammenhang mit KI", "A.2")
    assert not shipped().fits_area("Human oversight", "A.6.2")


def test_wrong_pairs_that_circulate_are_all_found() -> None:
    if not ERRORS.exists():
        pytest.skip(f"{ERRORS} is not here")
    pair = re.compile(r"^\W*(?:Annex )?(A(?:\.\d+)+)\s*(?:\(|-\s)(.+?)\)?$")
    found = [pair.match(row["says"]) for row in YAML(typ="safe").load(ERRORS) if row["kind"] == "control-number"]
    pairs = [(match[1], match[2]) for match in found if match]
    assert len(pairs) >= 8
    for code, title in pairs:
        if code in titles():
            assert shipped().compare(title, code).kind == "different", (code, title)
        else:
            assert not shipped().fits_area(title, code), (code, title)


@st.composite
def misspelt(draw: st.DrawFn) -> tuple[str, str]:
    """A title with its case, punctuation and plurals changed, and one slip in one long word."""
    code = draw(st.sampled_from(CODES))
    words = titles()[code].split()
    long = [at for at, word in enumerate(words) if len(word) >= 7]
    if long:
        at = draw(st.sampled_from(long))
        words[at] = draw(slip(words[at]))
    words = [draw(plural(word)) for word in words]
    words = [draw(st.sampled_from([str.upper, str.lower, str.title, str]))(word) for word in words]
    text = words[0]
    for word in words[1:]:
        text += draw(st.sampled_from([" ", "  ", "-", " - ", ", ", "_", "\u00a0"])) + word
    return code, text + draw(st.sampled_from(["", ".", " *", ":", " –"]))


@st.composite
def slip(draw: st.DrawFn, word: str) -> str:
    """Drop, double, change or swap one letter inside a word."""
    at = draw(st.integers(1, len(word) - 2))
    letter = draw(st.sampled_from("abcdefghijklmnopqrstuvwxyz"))
    return draw(
        st.sampled_from(
            [
                word[:at] + word[at + 1 :],
                word[:at] + word[at] + word[at:],
                word[:at] + letter + word[at + 1 :],
                word[:at] + word[at + 1] + word[at] + word[at + 2 :],
            ]
        )
    )


@st.composite
def plural(draw: st.DrawFn, word: str) -> str:
    """Take a plural out, or put a plain noun into it."""
    if len(word) < 4 or not word.isalpha() or not draw(st.booleans()):
        return word
    if word.endswith(("ies", "sses")):
        return f"{word[:-3]}y" if word.endswith("ies") else word[:-2]
    if word.endswith("s"):
        return word if word.endswith(("ss", "us")) else word[:-1]
    return f"{word}s" if word in ("system", "impact", "assessment", "log", "use", "specification") else word


@given(misspelt())
def test_case_punctuation_plural_and_one_slip_leave_a_title_the_same(changed: tuple[str, str]) -> None:
    code, title = changed
    assume("supplies" not in title.lower())  # a slip can make another word
    assert bare().compare(title, code).kind in ("same", "foreign"), title


@given(st.text(max_size=80), st.sampled_from(CODES))
def test_any_text_gets_a_verdict(text: str, code: str) -> None:
    assert shipped().compare(text, code).kind in ("same", "foreign", "different", "none", "wording")
