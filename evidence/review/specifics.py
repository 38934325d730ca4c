"""How concrete a document is: people, systems, figures, dates and other documents named, against empty promises."""

import re
from dataclasses import dataclass

from evidence.review.authority import people_in
from evidence.review.data import said
from evidence.review.dates import Dated
from evidence.review.words import Text

UNITS = (
    r"%|percent|percentage|prozent|pour cent|por ciento|ms\b|s\b|sec|seconds?|min|minutes?|hours?|days?|working|weeks?|"
    r"months?|years?|stunden|tage|arbeitstag|werktag|wochen|monat|jahre|heures|jours|semaines|mois|ans\b|horas|dias|"
    r"semanas|meses|anos|eur\b|€|usd|\$|gb\b|tb\b|kwh|rows|records|users|cases|samples|people|employees|staff|"
    r"documents|tickets|requests|reports|of \d+|von \d+|sur \d+|de \d+|vcpu|gpu|fte|etp|zeilen|datensatz|falle|lignes|"
    r"personnes|cas\b|filas|registros|casos|personas|mitarbeit|images|bilder|sessions?|pts|points?"
)
FIGURE = re.compile(
    rf"(?<![\w.,/-])(?:[<>≤≥=]\s*)?\d{{1,3}}(?:[.,\s]\d{{3}})*(?:[.,]\d+)?\s?(?:{UNITS})"
    r"|(?<![\w.,/-])0[.,]\d+(?![\w.])|(?:€|\$|£)\s?\d|(?:[<>≤≥]=?)\s?\d+"
)
THINGS = (
    "Assistant|Chatbot|Classifier|Ranker|Model|Engine|Copilot|Bot|Detector|Scorer|Agent|Recommender|Predictor|System|"
    "Screening|Assistent|Modell|Tool|Triage|Forecast|Scoring|Planner|Matcher|Checker"
)
SYSTEM = re.compile(
    r"(?<!\w)(?:SYS-\d+|AI-?\d{2,}"
    r"|[A-Z][A-Za-z0-9]+(?:[ -][A-Z][A-Za-z0-9]+)*[ ](?:v\d[\d.]*|version \d[\d.]*|\d+\.\d+(?:\.\d+)?)"
    r"|[A-Z][a-z]+[A-Z][A-Za-z]+|[A-Z][a-z]{2,}(?:-?(?:GPT|Bot|AI|Sense|Mind|Rank|Assist|Score|Match|Scan|Net))\b"
    rf"|(?:[A-Z][A-Za-z0-9]{{2,}}[ ]){{1,3}}(?:{THINGS}))"
)
NAMED = r"(?:systems?|models?|assistant|chatbot|tool|systeme|modele|sistema|modelo|asistente|modell)"
LABEL = re.compile(rf"{NAMED}\b\W{{1,3}}(?=[A-Z«\"“])", re.IGNORECASE)
REFERENCE = re.compile(
    r"(?<!\w)(?:[A-Z]{2,6}-\d{1,5}(?:-\d+)*|[A-Z]{2,6}-[A-Z]{2,6}-\d+|§\s?\d+|[A-Z]{3,}\d{3,}|SHA-256"
    r"|(?:Article|Artikel|Articulo|Art\.|Clause|Section|Annex|ISO/IEC|ISO)\s\d+|commit [0-9a-f]{6,})"
)
ENOUGH_FIGURES, MANY_FIGURES = 2, 5
VAGUE = 3


@dataclass(frozen=True, slots=True)
class Specifics:
    """Where each kind of concrete thing stands, and each empty promise."""

    people: tuple[int, ...]
    systems: tuple[int, ...]
    figures: tuple[int, ...]
    days: tuple[int, ...]
    references: tuple[int, ...]
    vague: tuple[int, ...]

    @property
    def is_vague(self) -> bool:
        """Whether empty promises outweigh figures."""
        return len(self.vague) >= VAGUE and len(self.vague) > len(self.figures)

    @property
    def points(self) -> int:
        """One, and one for each kind that is there, one off for vagueness; between none and five."""
        kinds = [
            bool(self.people),
            bool(self.systems),
            len(self.figures) >= ENOUGH_FIGURES,
            len(self.figures) >= MANY_FIGURES,
            bool(self.days),
            bool(self.references),
        ]
        return max(0, min(5, sum(kinds) - self.is_vague + (sum(kinds) > 0)))

    def place_of(self, name: str) -> int | None:
        """Return where systems or figures are first named."""
        return next(iter(self.systems if name == "systems" else self.figures), None)


def specifics_of(text: Text, dates: list[Dated]) -> Specifics:
    """Return what a document names."""
    whole = text.document.text
    kept = [match.start() for match in SYSTEM.finditer(whole)] + [match.end() for match in LABEL.finditer(whole)]
    vague = said("vague").in_language(text.document.language)
    return Specifics(
        people=tuple(match.start() for match in people_in(text)),
        systems=tuple(place for place in sorted(kept) if text.folded[place : place + 3].strip()),
        figures=tuple(match.start() for match in FIGURE.finditer(text.folded)),
        days=tuple(dated.place for dated in dates),
        references=tuple(
            match.start() for match in REFERENCE.finditer(whole) if text.folded[match.start() : match.end()].strip()
        ),
        vague=tuple(match.start() for option in vague.options for match in option[0].finditer(text.folded)),
    )
