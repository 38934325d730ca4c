"""Which column of a table holds which field of a risk: the headings propose, the cells below decide."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product

from assessments.risk.intake.headings import Meaning, meanings_of
from assessments.risk.intake.raw import Row
from assessments.risk.intake.scores import is_levellike, is_scorelike, pair_of
from assessments.risk.intake.words import meanings, said
from systems.registers.guessing import normal

SAMPLE = 400
STAGED = ("likelihood", "severity", "score", "level")
WORDY = 7
PROSE = 60  # signs a cell has at most in a column of titles that could be levels


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of one table by field; those after treatment are called `after_likelihood` and so on."""

    labels: tuple[str, ...]
    places: Mapping[str, int] = field(default_factory=dict)
    descriptions: tuple[int, ...] = ()
    measures: tuple[int, ...] = ()

    def cell(self, row: Row, name: str) -> str:
        """Return the cell of a field, or nothing where no column holds it."""
        return row.at(self.places.get(name))

    def measures_of(self, row: Row) -> str:
        """Return what is done about a risk; several columns are told apart by their headings."""
        said_of = [(self.labels[at], row.at(at)) for at in self.measures if said(row.at(at))]
        if len(said_of) == 1:
            return said_of[0][1]
        return "\n".join(f"{label}: {cell}" for label, cell in said_of)

    def has(self, *names: str) -> bool:
        """Tell whether there is a column for each."""
        return all(name in self.places for name in names)

    @property
    def is_scored(self) -> bool:
        """Whether this is a register that can be judged: what the risks are, likelihood and severity."""
        return (self.has("likelihood", "severity") or self.has("pair")) and (self.has("id") or self.has("title"))

    @property
    def is_worded(self) -> bool:
        """Whether this is a register of risks whose levels alone are told."""
        return self.has("title") and (self.has("level") or self.has("score")) and not self.has("likelihood", "severity")


@dataclass(frozen=True, slots=True)
class _Offer:
    at: int
    meaning: Meaning


def columns_of(labels: Sequence[str], body: Sequence[Row]) -> Columns:
    """Settle the columns of a table."""
    sample = body[:SAMPLE]
    cells = [[row.at(at) for row in sample if said(row.at(at))] for at in range(len(labels))]
    offers = [
        _Offer(at, meaning)
        for at, label in enumerate(labels)
        for meaning in [next((each for each in meanings_of(label) if _fits(each, cells[at])), None)]
        if meaning
    ]
    places: dict[str, int] = {}
    _place_scores(places, offers, sample)
    for name in ("id", "title", "owner", "option", "controls", "due", "system", "category", "cause",
                 "consequence_organisation", "consequence_individuals", "consequence_societies"):  # fmt: skip
        if found := _best(offer for offer in offers if offer.meaning.field == name):
            places[name] = found.at
    if {"likelihood", "severity"} <= places.keys() and "title" not in places:
        taken = {*places.values(), *(offer.at for offer in offers)}
        wordy = (at for at, held in enumerate(cells) if at not in taken and _share(held, _is_wordy) and held)
        places.update(("title", at) for at in list(wordy)[:1])
    titles = [offer.at for offer in offers if offer.meaning.field == "title" and offer.at != places.get("title")]
    measures = tuple(offer.at for offer in offers if offer.meaning.field == "controls")
    if "likelihood" not in places and (pair := _pair_column(offers, cells)) is not None:
        places["pair"] = pair
    return Columns(tuple(labels), places, tuple(titles), measures)


def _fits(meaning: Meaning, cells: list[str]) -> bool:
    """Tell whether the cells of a column can be what its heading says."""
    if meaning.field in ("likelihood", "severity"):
        return _share(cells, is_scorelike) if cells else not meaning.is_prose
    if meaning.field in ("score", "level"):
        return not cells or _share(cells, is_levellike)
    if meaning.field == "option":
        return bool(cells) and _share(cells, lambda cell: bool(option_of(cell)))
    if meaning.field == "title" and meaning.rank == 10:
        return not cells or not _share(cells, lambda cell: len(cell) < PROSE and is_levellike(cell))
    return True


def option_of(cell: str) -> str:
    """Return the treatment option that a cell names first, or nothing."""
    known = meanings("options")
    return next((known[word] for word in normal(cell).split()[:6] if word in known), "")


def _is_wordy(cell: str) -> bool:
    return len(cell) > WORDY and not is_scorelike(cell)


def _share(cells: list[str], test: Callable[[str], bool]) -> bool:
    return sum(map(test, cells)) * 2 >= len(cells)


def _best(offers: Iterable[_Offer]) -> _Offer | None:
    return min(offers, key=lambda offer: (offer.meaning.rank, offer.at), default=None)


def _place_scores(places: dict[str, int], offers: Sequence[_Offer], sample: Sequence[Row]) -> None:
    """Place the scores before and after treatment."""
    staged = _staged(offers)
    for stage, prefix in (("before", ""), ("after", "after_")):
        here = {name: [o for o in staged[stage] if o.meaning.field == name] for name in STAGED}
        pair = _pair(here["likelihood"], here["severity"], here["score"] + here["level"], sample)
        if pair:
            places[f"{prefix}likelihood"], places[f"{prefix}severity"] = (offer.at for offer in pair)
        taken = {offer.at for offer in pair} if pair else set()
        levels = here["level"] + (
            [o for o in here["severity"] if o.at not in taken and _is_stated(o, sample)] if pair else []
        )
        for name, found in (("score", _best(here["score"])), ("level", _best(levels))):
            if found:
                places[f"{prefix}{name}"] = found.at


def _is_stated(offer: _Offer, sample: Sequence[Row]) -> bool:
    """Tell whether a second column of severity rather states the level: “Likelihood, Impact, Severity”."""
    cells = [row.at(offer.at) for row in sample if said(row.at(offer.at))]
    return bool(cells) and not offer.meaning.is_prose and _share(cells, is_levellike)


def _staged(offers: Sequence[_Offer]) -> dict[str, list[_Offer]]:
    """Sort the columns of scores into before and after: by their headings, else the second set comes after."""
    found: dict[str, list[_Offer]] = {"before": [], "": [], "after": [], "target": []}
    for offer in offers:
        if offer.meaning.field in STAGED:
            found[offer.meaning.stage].append(offer)
    if not _scores(found["after"]) and _scores(found["target"]):
        found["after"] += found["target"]
    if not _scores(found["before"]) and not _scores(found[""]):
        found["before"], found["after"] = found["before"] + found["after"], []
    if _scores(found["before"]) and _scores(found["after"]):
        last = max(offer.at for offer in found["after"])
        found["after"] += [offer for offer in found[""] if offer.at > last]
        found[""] = [offer for offer in found[""] if offer.at <= last]
    plain = found[""]
    second = _second_set(plain, found["after"])
    found["after"] += [offer for offer in plain if second is not None and offer.at >= second]
    first = [offer for offer in plain if second is None or offer.at < second]
    names = {offer.meaning.field for offer in found["before"]}
    found["before"] += [offer for offer in first if offer.meaning.field not in names]
    return found


def _scores(offers: Sequence[_Offer]) -> bool:
    return {"likelihood", "severity"} <= {offer.meaning.field for offer in offers}


def _second_set(plain: Sequence[_Offer], after: Sequence[_Offer]) -> int | None:
    """Return where a second set of unnamed scores begins."""
    likelihoods = [offer.at for offer in plain if offer.meaning.field == "likelihood"]
    severities = [offer.at for offer in plain if offer.meaning.field == "severity"]
    if len(likelihoods) > 1 and len(severities) > 1 and not _scores(after):
        return min(likelihoods[1], severities[1])
    scored = [offer.at for offer in after if offer.meaning.field in ("likelihood", "severity")]
    stating = [offer for offer in plain if offer.meaning.field in ("score", "level")]
    fields = [offer.meaning.field for offer in stating]
    if scored and any(fields.count(name) > 1 for name in set(fields)):
        return max(scored)
    return None


def _pair(
    likelihoods: list[_Offer], severities: list[_Offer], stating: list[_Offer], sample: Sequence[Row]
) -> tuple[_Offer, _Offer] | None:
    """Choose the two columns whose product the register states most often, else those named most plainly."""
    pairs = [(one, two) for one, two in product(likelihoods, severities) if one.at != two.at]
    if len(pairs) < 2:
        return pairs[0] if pairs else None

    def worth(pair: tuple[_Offer, _Offer]) -> tuple[int, int, int, int]:
        hits = sum(_multiplies(row, pair, stating) for row in sample)
        numeric = sum(row.at(offer.at)[:1].isdigit() for row in sample for offer in pair)
        return hits, numeric, -pair[0].meaning.rank - pair[1].meaning.rank, -pair[0].at - pair[1].at

    return max(pairs, key=worth)


def _multiplies(row: Row, pair: tuple[_Offer, _Offer], stating: list[_Offer]) -> bool:
    one, two = (row.at(offer.at)[:1] for offer in pair)
    if not (one.isdigit() and two.isdigit()):
        return False
    return any(row.at(offer.at).startswith(str(int(one) * int(two))) for offer in stating)


def _pair_column(offers: Sequence[_Offer], cells: Sequence[list[str]]) -> int | None:
    """Find the column that writes both scores in one cell, such as “4 x 5 = 20”."""
    found = [o for o in offers if o.meaning.field in STAGED and o.meaning.stage != "after"]
    return next(
        (o.at for o in found if cells[o.at] and _share(cells[o.at], lambda cell: pair_of(cell) is not None)), None
    )
