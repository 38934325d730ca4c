"""What the heading of a column means: a field of a risk, and whether it tells of before, after or the target."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from assessments.risk.intake.words import stage_words, words
from systems.registers.guessing import normal

OTHER_DATES = frozenset(
    ("identified", "review", "reviewed", "created", "raised", "updated", "logged", "assessed", "opened", "closed",
     "last", "next", "approval", "accepted", "entry", "registered")
)  # fmt: skip
DATES = frozenset(("date", "deadline", "due", "frist", "termin", "echeance", "fecha", "eta", "timeline"))
CONSEQUENCES = ("organisation", "individuals", "societies")
PLURAL = frozenset(("impacts", "consequences", "auswirkungen", "consecuencias"))
ALONE = frozenset(("risk", "risks", "risiko", "risque", "riesgo", "resiko", "risico", "ai"))


@dataclass(frozen=True, slots=True)
class Meaning:
    """A field that a heading may name; the lower the rank, the more plainly it does."""

    field: str
    stage: str = ""
    rank: int = 0
    is_prose: bool = False


@cache
def meanings_of(heading: str) -> tuple[Meaning, ...]:
    """Return what a heading may mean, the likeliest first; the cells below decide."""
    return tuple(_Heading(heading).meanings())


@cache
def is_telling(heading: str) -> bool:
    """Tell whether a cell is a heading that registers of risks have."""
    return len(heading) <= 80 and bool(meanings_of(heading))


class _Heading:
    def __init__(self, heading: str) -> None:
        split = re.sub(r"(?<=[a-z]{2})(?=[A-Z])", " ", heading)
        tokens = [token for token in normal(split).split() if not token.isdigit()]
        self.is_hash = any(mark in heading for mark in "#№") and frozenset(tokens) <= ALONE
        self.whole = frozenset(tokens)
        self.stage = next((stage for stage in ("after", "before", "target") if self.whole & stage_words(stage)), "")
        staged = stage_words("after") | stage_words("before") | stage_words("target")
        self.core = frozenset(token for token in tokens if token not in staged)
        self.rest = self.core - words("little")

    def has(self, name: str) -> bool:
        return bool(self.core & words(name))

    def meanings(self) -> Iterator[Meaning]:
        if self.is_hash:
            yield Meaning("id", rank=3)
        elif self.core & DATES:
            if not self.core & OTHER_DATES:
                yield Meaning("due", rank=len(self.rest))
        elif self._is_product():
            yield Meaning("score", self.stage)
        elif found := self._scored():
            yield from found
        else:
            yield from self._worded()

    def _is_product(self) -> bool:
        """Tell of “Likelihood x Impact” and “L x I”."""
        short_l, short_s = words("likelihood_short"), words("severity_short")
        letters = self.core - ALONE - words("score") - words("level") - {"x", "overall", "total"}
        is_short = (
            len(letters) == 2 and bool(letters & short_l) and bool(letters & short_s) and letters <= short_l | short_s
        )
        return (self.has("likelihood") and self.has("severity")) or is_short

    def _scored(self) -> list[Meaning]:
        """Read headings of scores and levels; an empty list where it is none."""
        rank = len(self.rest)
        is_beside = self.has("beside")
        if self._names("likelihood"):
            return [] if is_beside else [Meaning("likelihood", self.stage, rank)]
        if self._names("severity") and not self.has("owner"):
            return list(self._consequences(rank, is_beside=is_beside))
        if is_beside or (self.core & {"control", "controls"} and not self.stage):
            return []
        if self.has("score"):
            return [Meaning("score", self.stage, rank)]
        if self.has("level"):
            also = [Meaning("category", rank=rank)] if self.core & {"class", "classification"} else []
            return [Meaning("level", self.stage, rank), *also]
        if not self.rest and self.core <= ALONE | {"mitigation", "treatment", "controls", "control"} and self.stage:
            return [Meaning("level", self.stage, 4)]
        if self.whole & {"overall", "total"} and not self.rest:
            return [Meaning("level", self.stage, 3)]
        return []

    def _names(self, name: str) -> bool:
        return self.has(name) or (len(self.rest) == 1 and self.rest <= words(f"{name}_short") and len(self.core) <= 2)

    def _consequences(self, rank: int, *, is_beside: bool) -> Iterator[Meaning]:
        is_prose = self.has("prose") or bool(self.core & PLURAL)
        whom = next((name for name in CONSEQUENCES if self.core & words(name)), "")
        if not is_beside:
            rank += 2 if whom else -1 if self.whole & {"overall", "total"} else 0
            yield Meaning("severity", self.stage, rank, is_prose=is_prose)
        yield Meaning(f"consequence_{whom or 'organisation'}", rank=rank)

    def _worded(self) -> Iterator[Meaning]:
        """Read headings of words: what the risk is, who owns it, what is done."""
        rank = len(self.rest)
        if self.has("owner"):
            yield Meaning("owner", rank=rank + (3 if self.core & {"control", "action", "plan"} else 0))
            return
        if self.rest and self.rest <= words("id"):
            is_count = not self.core & {"id", "ref", "reference", "code", "key", "kennung", "riskid", "identifier"}
            yield Meaning("id", rank=rank + (2 if is_count else 0))
            return
        if self.core & {"id", "ids"}:
            yield Meaning("id", rank=5 + (0 if self.core & ALONE else 5))
            return
        yield from self._titles(rank)
        if self.has("option"):
            yield Meaning("option", rank=rank)
        for name in ("cause", "controls", "category", "system"):
            if self.has(name) and not self.has("beside"):
                yield Meaning(name, rank=rank)

    def _titles(self, rank: int) -> Iterator[Meaning]:
        if self.core and self.core <= ALONE and not self.stage:
            yield Meaning("title", rank=10)
            yield Meaning("level", rank=9)
        if self.has("controls") or self.has("option") or self.has("system") or self.has("cause"):
            return
        for start, name in ((0, "title"), (20, "threat"), (40, "description")):
            if self.core & words(name):
                yield Meaning("title", rank=start + rank)
                return
