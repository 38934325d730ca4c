"""Criteria as somebody says them, before they are a version: scales, bands, levels, and what is wrong with them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from aims.acceptance import Rule, rule_of
from aims.models import Criteria
from aims.queries import default_criteria
from aims.vocabulary import Acceptor, Band

SCORES = range(1, 6)
HIGHEST = 25
LABEL, WORDING = 40, 400
ORDER = list(Band)
Fault = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Step:
    """One score of a scale: its label and what it means here."""

    score: int
    label: str
    wording: str


@dataclass(frozen=True, slots=True)
class Judging:
    """What a version of the criteria says. `bands` is the lowest and highest score (1 to 25) of each band."""

    likelihood: Sequence[Step]
    severity: Sequence[Step]
    bands: Mapping[str, Sequence[int]]
    severity_five_at_least: str = Band.HIGH
    acceptable_up_to: str = Band.LOW
    escalate_from: str = Band.HIGH
    accepts: Mapping[str, Sequence[str]] = field(default_factory=dict)
    named: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def fields(self) -> dict[str, Any]:
        """Return the columns of a version, with who may accept what in words."""
        found: dict[str, Any] = {
            "likelihood": [_plain(step) for step in self.likelihood],
            "severity": [_plain(step) for step in self.severity],
            "bands": {band.value: list(self.bands[band]) for band in Band},
            "severity_five_at_least": str(self.severity_five_at_least),
            "acceptable_up_to": str(self.acceptable_up_to),
            "acceptable_score": self.bands[self.acceptable_up_to][1] if self.acceptable_up_to else 0,
            "escalate_from": str(self.escalate_from),
            "accepts": {band.value: [str(who) for who in self.accepts[band]] for band in Band if band in self.accepts},
            "named": {band.value: sorted(self.named[band]) for band in Band if self.named.get(band)},
        }
        draft = Criteria(**found)
        words = {band.value.capitalize(): rule_of(draft, band).sentence for band in Band}
        return found | {"acceptance": words}


def shipped() -> dict[str, Any]:
    """Return the columns of the criteria that every AIMS begins with."""
    data = default_criteria()
    levels = ("severity_five_at_least", "acceptable_up_to", "escalate_from")
    tops = {band["label"]: band["highest"] for band in data["bands"]}
    return {
        "likelihood": data["likelihood"],
        "severity": data["severity"],
        "bands": {band["label"].lower(): [band["lowest"], band["highest"]] for band in data["bands"]},
        "acceptance": data["acceptance"],
        "acceptable_score": tops[data["acceptable_up_to"]],
        **{name: str(data[name]).lower() for name in levels},
    }


def judging_of(row: Criteria) -> Judging:
    """Return what a version says, with every rule spelled out."""
    rules = [rule_of(row, band) for band in Band]
    return Judging(
        likelihood=steps_of(row.likelihood),
        severity=steps_of(row.severity),
        bands=row.bands,
        severity_five_at_least=row.severity_five_at_least,
        acceptable_up_to=row.acceptable_up_to,
        escalate_from=row.escalate_from,
        accepts={rule.band: [str(who) for who in rule.who] for rule in rules},
        named={rule.band: sorted(rule.named) for rule in rules if rule.named},
    )


def steps_of(scale: Sequence[Mapping[str, Any]]) -> tuple[Step, ...]:
    """Return a stored scale as steps."""
    return tuple(Step(int(row["score"]), row["label"], row.get("wording", "")) for row in scale)


def bands_up_to(low: int, moderate: int, high: int) -> dict[str, list[int]]:
    """Return the bands that end at these scores; Severe is what lies above."""
    edges = (0, low, moderate, high, HIGHEST)
    return {band.value: [edges[place] + 1, edges[place + 1]] for place, band in enumerate(Band)}


def faults(said: Judging) -> Iterator[Fault]:
    """Yield the field and the words of everything that cannot stand."""
    yield from _scale_faults("likelihood", said.likelihood)
    yield from _scale_faults("severity", said.severity)
    yield from _band_faults(said.bands)
    known = list(_level_faults(said))
    yield from known
    if not known:
        yield from _acceptance_faults(said)


def _plain(step: Step) -> dict[str, Any]:
    return {"score": step.score, "label": step.label.strip(), "wording": step.wording.strip()}


def _scale_faults(name: str, steps: Sequence[Step]) -> Iterator[Fault]:
    if [step.score for step in steps] != list(SCORES):
        yield name, _("A scale has the scores 1 to 5, each once.")
        return
    for step in steps:
        if not step.label.strip() or not step.wording.strip():
            yield name, _("Give score %(n)s a name and say what it means.") % {"n": step.score}
        elif len(step.label) > LABEL or len(step.wording) > WORDING:
            limits = {"n": step.score, "label": LABEL, "wording": WORDING}
            yield name, _("Score %(n)s: at most %(label)s characters name it and %(wording)s explain it.") % limits
    labels = [step.label.strip().casefold() for step in steps]
    if len(set(labels)) < len(labels):
        yield name, _("Two scores of a scale cannot have the same name.")


def _band_faults(bands: Mapping[str, Sequence[int]]) -> Iterator[Fault]:
    if set(bands) != set(Band) or any(len(span) != 2 for span in bands.values()):
        yield "bands", _("Give each of the four bands its lowest and its highest score.")
        return
    expected = 1
    for band in Band:
        lowest, highest = bands[band]
        if lowest != expected or highest < lowest:
            yield "bands", _("Bands follow one another from 1 to 25, without gaps, each higher than the one before.")
            return
        expected = highest + 1
    if expected != HIGHEST + 1:
        yield "bands", _("The highest band ends at 25.")


def _level_faults(said: Judging) -> Iterator[Fault]:
    if said.severity_five_at_least not in (Band.HIGH, Band.SEVERE):
        yield "severity_five_at_least", _("Severity 5 is never judged below High.")
    if said.acceptable_up_to not in ("", *Band):
        yield "acceptable_up_to", _("Choose a band.")
    if said.escalate_from not in set(Band):
        yield "escalate_from", _("Choose a band.")
    elif said.acceptable_up_to in set(Band) and _rank(said.acceptable_up_to) >= _rank(said.escalate_from):
        yield "acceptable_up_to", _("What is acceptable without treatment lies below what is escalated.")


def _acceptance_faults(said: Judging) -> Iterator[Fault]:
    spoken = [*said.accepts.items(), *said.named.items()]
    if any(band not in set(Band) for band, _who in spoken):
        yield "accepts", _("Choose a band.")
        return
    if any(who not in set(Acceptor) for some in said.accepts.values() for who in some):
        yield "accepts", _("Choose its owner, a compliance officer or an approver.")
        return
    yield from _rule_faults([rule_of(_Said(said), band) for band in Band], said)


def _rule_faults(rules: Sequence[Rule], said: Judging) -> Iterator[Fault]:
    is_closed = False
    for rule in rules:
        words = {"band": rule.band.label}
        if _rank(rule.band) >= _rank(said.escalate_from) and set(rule.who) - {Acceptor.APPROVER}:
            yield "accepts", _("%(band)s is escalated, so only an approver may accept it.") % words
        if is_closed and rule.who:
            yield "accepts", _("%(band)s cannot be accepted while nobody may accept the band below it.") % words
        if rule.named and rule.is_nobody:
            yield "named", _("People are named for %(band)s, which nobody may accept.") % words
        is_closed = is_closed or rule.is_nobody


@dataclass(frozen=True, slots=True)
class _Said:
    """What somebody says, as the rule of a band reads it."""

    said: Judging

    @property
    def accepts(self) -> dict[str, list[str]]:
        return {str(band): list(who) for band, who in self.said.accepts.items()}

    @property
    def named(self) -> dict[str, list[str]]:
        return {str(band): list(who) for band, who in self.said.named.items()}


def _rank(band: str) -> int:
    return ORDER.index(Band(band))
