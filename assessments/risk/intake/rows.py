"""Rows of a register to risks: what each says, recomputed by the criteria of the AIMS, and what contradicts them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from django.utils.translation import gettext as _

from aims.models import Criteria
from assessments.bands import Level, judged
from assessments.risk.intake.columns import option_of
from assessments.risk.intake.raw import Row
from assessments.risk.intake.scores import Score, Stated, is_scorelike, pair_of, score_of, stated
from assessments.risk.intake.tables import Register
from assessments.risk.intake.words import ranks_of, said, words
from systems.registers.guessing import normal

CONTROL = re.compile(r"\bA\s?\.\s?\d{1,2}(?:\.\d{1,2}){1,2}\b")
TEXTS = ("owner", "due", "system", "category", "cause",
         "consequence_organisation", "consequence_individuals", "consequence_societies")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Judged:
    """Two scores and what a register states of their level."""

    likelihood: Score
    severity: Score
    level: Level | None
    stated: Stated
    faults: tuple[str, ...] = ()

    @property
    def contradicts(self) -> bool:
        """Whether the stated level is not the band, or the stated product is wrong."""
        return bool(self.faults)


@dataclass(frozen=True, slots=True)
class Entry:
    """One row that tells of a risk: `reasons` are why a person should look, `refusals` why it cannot come in."""

    line: int
    sheet: str
    id: str
    title: str
    description: str
    before: Judged
    after: Judged
    option: str = ""
    controls: tuple[str, ...] = ()
    texts: Mapping[str, str] = field(default_factory=dict)
    reasons: tuple[str, ...] = ()
    refusals: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Skipped:
    """A row that is no risk, and why."""

    line: int
    sheet: str
    words: str
    reason: str


def entries_of(register: Register, criteria: Criteria) -> Iterator[Entry | Skipped]:
    """Yield what every row of a register is."""
    reader = _Reader(register, criteria)
    last: Entry | None = None
    for place, row in enumerate(register.rows):
        if reason := reader.why_no_risk(place, row):
            yield Skipped(row.line, register.sheet, _first(row), reason)
            continue
        if last and reader.continues(row, last):
            last = _joined(last, reader, row)
            yield Skipped(row.line, register.sheet, _first(row), _("It carries on the risk of line %d.") % last.line)
            continue
        if last:
            yield last
        last = reader.entry(row)
    if last:
        yield last


def _joined(entry: Entry, reader: "_Reader", row: Row) -> Entry:
    more = reader.columns.measures_of(row)
    texts = dict(entry.texts)
    if said(more) and more not in texts.get("controls", ""):
        texts["controls"] = "\n".join(filter(None, (texts.get("controls", ""), more)))
    return replace(entry, texts=texts, controls=_codes(texts.get("controls", "")))


def _first(row: Row) -> str:
    return next((cell for cell in row.cells if cell), "")[:120]


def _codes(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(re.sub(r"\s", "", code) for code in CONTROL.findall(text)))


class _Reader:
    """Reads the rows of one register by its columns."""

    def __init__(self, register: Register, criteria: Criteria) -> None:
        self.register, self.columns, self.criteria = register, register.columns, criteria
        self.scales = {"likelihood": scale_of(criteria.likelihood), "severity": scale_of(criteria.severity)}
        self.last_scored = max((at for at, row in enumerate(register.rows) if self._is_scored(row)), default=-1)

    def _is_scored(self, row: Row) -> bool:
        """Tell whether a row has at least two of likelihood, severity and level, in whatever words."""
        if row.line in self.register.repeats:
            return False
        cells = [self.columns.cell(row, name) for name in ("likelihood", "severity", "pair", "pair")]
        scores = sum(bool(said(cell)) and is_scorelike(cell) for cell in cells)
        return scores + bool(ranks_of(self.columns.cell(row, "level"))) > 1

    def why_no_risk(self, place: int, row: Row) -> str:
        """Say why a row tells of no risk, or nothing."""
        if row.line in self.register.repeats:
            return _("The headings again.")
        filled = {cell for cell in row.cells if said(cell)}
        if not filled:
            return _("Nothing is filled in.")
        if normal(_first(row)) in words("totals"):
            return _("A total.")
        if len(filled) == 1 and len(row.merged) > 1:
            return _("A heading or a note.")
        if self._is_scored(row):
            return ""
        if len(filled) == 1 and not self._says(row, "likelihood", "severity", "title"):
            return _("A heading or a note.")
        rows = self.register.rows
        if self.last_scored >= 0 and any(
            rows[at].line - rows[at - 1].line > 1 for at in range(self.last_scored + 1, place + 1)
        ):
            return _("A note below the register.")
        return ""

    def _says(self, row: Row, *names: str) -> bool:
        return any(said(self.columns.cell(row, name)) for name in names)

    def continues(self, row: Row, last: Entry) -> bool:
        """Tell whether a row carries on the one above: it repeats its merged cells, or leaves them open."""
        cells = {name: self.columns.cell(row, name) for name in ("id", "title")}
        if not any(cells.values()) and not self._says(row, "likelihood", "severity", "pair"):
            return self._says(row, "controls", "owner", "due")
        held = [at for name in ("id", "title") for at in [self.columns.places.get(name)] if at is not None]
        same = cells["id"] == last.id and cells["title"] in (last.title, last.description, "")
        return bool(row.merged & set(held)) and same and row.line > last.line and self._scores_like(row, last)

    def _scores_like(self, row: Row, last: Entry) -> bool:
        one = self._judged(row, "")
        return (one.likelihood.value, one.severity.value) in {
            (last.before.likelihood.value, last.before.severity.value),
            (None, None),
        }

    def entry(self, row: Row) -> Entry:
        """Read one risk."""
        id_ = self.columns.cell(row, "id").strip()
        id_ = id_ if said(id_) or id_.isalnum() else ""
        title, description = self._names(row, id_)
        before, after = self._judged(row, ""), self._judged(row, "after_")
        texts = {name: cell for name in TEXTS if said(cell := self.columns.cell(row, name))}
        texts |= {"controls": measures} if (measures := self.columns.measures_of(row)) else {}
        return Entry(
            line=row.line,
            sheet=self.register.sheet,
            id=id_,
            title=title,
            description=description,
            before=before,
            after=after,
            option=option_of(self.columns.cell(row, "option")),
            controls=_codes(texts.get("controls", "")),
            texts=texts,
            reasons=(*before.faults, *_after_faults(after), *_looks(before)),
            refusals=tuple(_refusals(title, before, after)),
        )

    def _names(self, row: Row, id_: str) -> tuple[str, str]:
        """Return the title and what else is said of the risk."""
        title = self.columns.cell(row, "title").strip()
        title = title if said(title) else ""
        rest = [row.at(at).strip() for at in self.columns.descriptions if said(row.at(at))]
        if not title and rest:
            title, rest = rest[0], rest[1:]
        if not title and id_:
            title = id_
        return title, "\n".join(part for part in rest if part != title)

    def _judged(self, row: Row, prefix: str) -> Judged:
        cells = [self.columns.cell(row, f"{prefix}likelihood"), self.columns.cell(row, f"{prefix}severity")]
        if not prefix and self.columns.has("pair"):
            cells = list(pair_of(self.columns.cell(row, "pair")) or ("", ""))
        one = score_of(cells[0], "likelihood", self.scales["likelihood"])
        two = score_of(cells[1], "severity", self.scales["severity"])
        level = judged(self.criteria, one.value, two.value)
        told = stated(self.columns.cell(row, f"{prefix}score"), self.columns.cell(row, f"{prefix}level"))
        return Judged(one, two, level, told, tuple(_contradictions(level, told)) if level else ())


def scale_of(scale: object) -> dict[str, int]:
    """Return the scores of the AIMS's own words for them."""
    rows = scale if isinstance(scale, list) else []
    return {normal(str(row["label"])): int(row["score"]) for row in rows if isinstance(row, dict) and row.get("label")}


def _contradictions(level: Level, told: Stated) -> Iterator[str]:
    about = {"one": level.likelihood, "two": level.severity, "score": level.score, "band": level.label}
    if told.product is not None and told.product != level.score:
        yield _("The file says %(said)g; %(one)d × %(two)d is %(score)d.") % {**about, "said": told.product}  # noqa: RUF001
    if told.ranks and level.rank not in told.ranks:
        yield _("The file says “%(said)s”; %(score)d is %(band)s by the criteria.") % {
            **about,
            "said": told.written[:60],
        }


def _after_faults(after: Judged) -> Iterator[str]:
    yield from (_("After treatment: %s") % fault for fault in after.faults)
    if bool(after.likelihood.value) != bool(after.severity.value):
        yield _("What remains has one score only, so it was left out.")


def _looks(before: Judged) -> Iterator[str]:
    """Say what a person should look at though nothing contradicts."""
    for name, score in ((_("Likelihood"), before.likelihood), (_("Severity"), before.severity)):
        if score.is_loose:
            yield _("%(name)s is told in words of a shorter scale and was read as %(score)d.") % {
                "name": name,
                "score": score.value,
            }
    if before.likelihood.is_missing and before.severity.is_missing:
        yield _("It has no scores yet.")


def _refusals(title: str, before: Judged, after: Judged) -> Iterator[str]:
    """Say why a row cannot come in."""
    if not title:
        yield _("It does not say what the risk is.")
    pairs = (
        (_("Likelihood"), before.likelihood),
        (_("Severity"), before.severity),
        (_("Likelihood after treatment"), after.likelihood),
        (_("Severity after treatment"), after.severity),
    )
    for name, score in pairs:
        if score.fault:
            yield f"{name}: {score.fault}."
    if before.likelihood.is_missing != before.severity.is_missing:
        yield _("Likelihood is missing.") if before.likelihood.is_missing else _("Severity is missing.")
