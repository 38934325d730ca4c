"""When a text is no reason, in four languages, and which short texts are one all the same."""

import pytest

from soa.wording import is_nothing, is_template

NOTHING = """
N/A|n/a|N / A|n.a.|NA|na|none|None.|nil|-|--|–|—|.|...|?|x|yes|No|ok|OK!|TBD|t.b.d.|TBC|tbc.|todo|TO DO|pending|unknown
see above|same as above|applicable|Not applicable|not applicable.|Not relevant|not required|To be determined
to be defined
Entfällt|entfällt.|keine|k.A.|s.o.|siehe oben|nicht zutreffend|Nicht anwendbar|nicht relevant|noch offen|offen
zutreffend|ja|nein
sans objet|Non applicable|néant|s/o|à définir|à compléter|aucun|aucune|oui|non|voir ci-dessus|non requis|sans motif
no aplica|No aplicable|ninguno|ninguna|por definir|pendiente|sí|N/D|véase arriba|no procede
N/A - not applicable|n/a (not relevant)|-, n/a|Not applicable / N/A
"""
REASONS = """
GDPR|EU AI Act|AI Act Art. 9|Legal duty|Policy|R-014|Art. 26|Customer contract|ISO 27001|DPIA
Required by law|No models are trained.
We develop no AI.|Wir entwickeln keine Modelle.|Nous n'entraînons aucun modèle.
No entrenamos modelos.|Not required by the AI Act
Not applicable because we buy every model.|Entfällt, weil wir nichts entwickeln.|None of our systems is trained here.
DSGVO|RGPD|5G|B2B only
"""
TEMPLATES = [
    "[Insert justification]",
    "We, [organisation], decided",
    "[COMPANY NAME] needs it",
    "[describe how]",
    "[TBD]",
    "[xxx]",
    "<insert reason here>",
    "<company name> runs it",
    "Dear {{ organisation }}",
    "{organisation name} runs it",
    "Lorem ipsum dolor sit amet",
    "Insert justification here",
    "Enter your reason here",
    "Add text here.",
    "Reason: ______",
    "to follow ........",
    "xxxxx",
    "[Begründung einfügen]",
    "[Unternehmen] braucht es",
    "[insérer la justification]",
    "[à compléter]",
    "[insertar justificación]",
    "[nombre de la empresa]",
    "<hier einfügen>",
]
TEXTS = [
    "Operators enter text into the model.",
    "Users add text and we describe reasons to them.",
    "The service returns {'label': 1} as JSON.",
    "See [1] and [Annex A].",
    "If score < limit then a person looks > once",
    "Version 2...3 of the policy",
    "file_name__v2",
    "Describe, measure, mend: our three steps.",
    "A person (the [DPO]) signs.",
    "",
]


def listed(text: str) -> list[str]:
    return [word for line in text.strip().splitlines() for word in line.split("|")]


@pytest.mark.parametrize("text", ["", "  ", "\n", *listed(NOTHING)])
def test_says_nothing(text: str) -> None:
    assert is_nothing(text)
    assert is_nothing(f"  {text.upper()} ")


@pytest.mark.parametrize("text", listed(REASONS))
def test_a_short_reason_is_one(text: str) -> None:
    assert not is_nothing(text)


@pytest.mark.parametrize("text", TEMPLATES)
def test_a_placeholder_is_found(text: str) -> None:
    assert is_template(text)


@pytest.mark.parametrize("text", [*TEXTS, *listed(REASONS)])
def test_an_ordinary_text_holds_none(text: str) -> None:
    assert not is_template(text)
