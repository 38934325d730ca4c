"""What a file says of one assessment: plain values, the same whether they were read from a file or from our rows."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

SECTIONS = {
    "context": "Context",
    "parties": "Affected parties",
    "impacts": "Impacts",
    "scores": "Likelihood and severity",
    "mitigations": "Mitigations",
    "decision": "Residual risk and decision",
}
SCALE = "Before measures; 1 is the lowest, 5 the highest."
TEXTS = {
    "intended_use": "Intended use",
    "foreseeable_misuse": "Foreseeable misuse",
    "oversight": "Human oversight",
    "benefits": "Benefits",
}


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody whom the system touches."""

    kind: str
    name: str
    per_year: int | None = None
    heard: str = ""
    can_opt_out: str = ""
    is_vulnerable: bool = False


@dataclass(frozen=True, slots=True)
class Measure:
    """What is done about an impact; `control` is a code of the catalogue, or nothing."""

    text: str
    control: str = ""
    is_in_place: bool = False
    due_on: date | None = None
    kind: str = ""
    is_failing: bool = False


@dataclass(frozen=True, slots=True)
class Impact:
    """One effect with its three judgements."""

    number: int
    description: str
    level: str = "individual"
    valence: str = "harm"
    dimension: str = ""
    who: str = ""
    likelihood: int | None = None
    severity: int | None = None
    residual_likelihood: int | None = None
    residual_severity: int | None = None
    target_likelihood: int | None = None
    target_severity: int | None = None
    target_on: date | None = None
    measures: tuple[Measure, ...] = ()
    affected_number: int | None = None
    duration: str = ""
    reversibility: str = ""
    failure: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a question of a section, or why the question does not apply."""

    question: str
    text: str = ""
    because: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a file says was decided; it decides nothing here, for that takes an approver who did not write it."""

    decision: str = ""
    reason: str = ""
    conditions_by: date | None = None
    approver: str = ""
    decided_on: date | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """One assessment."""

    system_version: str = ""
    intended_use: str = ""
    foreseeable_misuse: str = ""
    oversight: str = ""
    benefits: str = ""
    jurisdictions: tuple[str, ...] = ()
    next_review_on: date | None = None
    parties: tuple[Party, ...] = ()
    impacts: tuple[Impact, ...] = ()
    verdict: Verdict = field(default_factory=Verdict)
    sensitive_uses: tuple[str, ...] = ()
    triggers: tuple[str, ...] = ()
    publication: str = ""
    answers: tuple[Answer, ...] = ()


@dataclass(frozen=True, slots=True)
class Head:
    """What stands above the six sections: which assessment of which system a file was written from."""

    title: str = ""
    assessment: str = ""
    edition: str = ""
    system: str = ""
    depth: str = ""


@dataclass(frozen=True, slots=True, order=True)
class Note:
    """A line (1 is the first, 0 where none can be named) and what is to be said of it."""

    line: int
    reason: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.reason}" if self.line else self.reason

    def as_json(self) -> dict[str, object]:
        """Return it as JSON tells it."""
        return {"line": self.line, "reason": self.reason}


@dataclass(frozen=True, slots=True)
class Stated:
    """What a file claims follows from two scores: a product and a level in words, which are judged again here."""

    line: int
    number: int
    stage: str
    score: str
    band: str


@dataclass(frozen=True, slots=True)
class Reading:
    """A file as it was understood; with `faults` nothing of it is taken, `notes` are what to look at.

    `speaks` are the questions and other things beyond the six sections of old that the file says anything of, be it
    nothing: what it does not speak of stays as it stands.
    """

    head: Head
    document: Document
    faults: tuple[Note, ...] = ()
    notes: tuple[Note, ...] = ()
    stated: tuple[Stated, ...] = ()
    lines: tuple[tuple[int, int], ...] = ()
    speaks: frozenset[str] = frozenset()

    def line_of(self, number: int) -> int:
        """Return the line that names an impact."""
        return dict(self.lines).get(number, 0)


def in_order(notes: Iterable[Note]) -> tuple[Note, ...]:
    """Return notes by line, each once."""
    return tuple(sorted(set(notes)))
