"""Impacts with their scores and measures, put together from the three sections that speak of them."""

import re
from dataclasses import dataclass, field, replace
from typing import Any

from assessments.dimensions import dimensions
from assessments.markdown.blocks import Part
from assessments.markdown.claims import rank_of_words
from assessments.markdown.document import Impact, Measure, Party, Stated
from assessments.markdown.rows import Rows, Said, rows_of
from assessments.markdown.values import CONTROL, Telling
from assessments.markdown.words import DURATIONS, MEASURE_KINDS, REVERSIBILITIES, column_of, level_of

SCORES = (
    "likelihood",
    "severity",
    "residual_likelihood",
    "residual_severity",
    "target_likelihood",
    "target_severity",
)
MORE = ("affected_number", "duration", "reversibility", "failure")
MOST_JOINED = 290
_OWN = {"", "impact", "risk", "harm", "imp", "i", "r", "h"}
MOST_SPREAD, MOST_WORD = 60, 12
_PAIR = re.compile(
    r"(?:likelihood|probability|\bL)\s*[:=]?\s*(?P<l>[-+]?[0-9.]+)\b.*?(?:severity|impact|consequence|\bS|\bI)\s*[:=]?\s*(?P<s>[-+]?[0-9.]+)\b",
    re.IGNORECASE | re.DOTALL,
)
_LABELLED = (
    ("score", re.compile(r"\b(?:risk )?(?:score|product)\s*[:=]\s*([0-9]{1,2})\b", re.IGNORECASE)),
    ("band", re.compile(r"\b(?:risk (?:level|rating)|rating)\s*[:=]\s*([A-Za-z][A-Za-z ]{1,20})", re.IGNORECASE)),
    (
        "likelihood",
        re.compile(
            r"\b(?:likelihood|probability)\s*[:=]\s*([^,;|\n.]{1,40}?)(?=\s*(?:[,;|\n.)]|severity|impact|$))",
            re.IGNORECASE,
        ),
    ),
    (
        "severity",
        re.compile(
            r"\bseverity\s*[:=]\s*([^,;|\n.]{1,40}?)(?=\s*(?:[,;|\n.)]|likelihood|probability|$))", re.IGNORECASE
        ),
    ),
)
_TAIL = re.compile(r"[\s,;.:|/–—-]*(?:\(\s*[,;/.]*\s*\)|\[\s*\])?[\s,;:|/–—(\[-]*$")
_STATUS = re.compile(
    r"\s*[(,;–—]\s*(in place|implemented|done|live|active|planned[^)]*|in progress|not yet[^)]*|proposed)(?:\)|\.?$)",
    re.IGNORECASE,
)
_TIMES = re.compile(r"(?P<l>[-+]?[0-9.]+)\s*[x×*]\s*(?P<s>[-+]?[0-9.]+)")
_LEADING = re.compile(
    r"^[(\[]?((?:impact|risk|harm|imp|i|r|h)?[ .#_-]?[0-9]{1,4}|[A-Z]{1,6}[-.]?[0-9]{1,4})[)\].:]*\s*[:–—.-]?\s+",
    re.IGNORECASE,
)
_LETTERED = re.compile(r"^((?:impact|risk|harm) [A-Z])\s*[:–—.-]\s*", re.IGNORECASE)
_TRAILING = re.compile(
    r"\((?:(?:for|treats|addresses|impacts?|risks?|against)\s*:?\s*)?((?:[A-Z]{0,6}[-#]?[0-9]{1,4})(?:\s*(?:,|;|&|and)\s*[A-Z]{0,6}[-#]?[0-9]{1,4})*)\)",
    re.IGNORECASE,
)
_BY = re.compile(r"\b(?:due|by|until|target)\b[:\s]*([0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{1,2} [A-Za-z]+ [0-9]{4})")
_LIST = re.compile(r",|;|&|\band\b|\s(?=#)")


def scores_in(text: str) -> tuple[str, str] | None:
    """Return likelihood and severity as they are written in running text."""
    found = _pair_in(text)
    return (found["l"].rstrip("."), found["s"].rstrip(".")) if found else None


def _pair_in(text: str) -> re.Match[str] | None:
    return _PAIR.search(text) or _TIMES.search(text)


def residual_column(title: str) -> str:
    """Return the field of a column in the last section, where plain scores are those that remain."""
    name = column_of("impacts", title)
    return (
        {"likelihood": "residual_likelihood", "severity": "residual_severity"}.get(name, name)
        .replace("residual_score", "score")
        .replace("residual_band", "band")
    )


@dataclass(slots=True)
class ImpactsRead:
    """Impacts while they are put together: fields by number, the names they go by, and what is claimed of them."""

    found: dict[int, dict[str, Any]] = field(default_factory=dict)
    names: dict[str, int] = field(default_factory=dict)
    lines: dict[int, int] = field(default_factory=dict)
    measures: dict[int, list[Measure]] = field(default_factory=dict)
    stated: list[Stated] = field(default_factory=list)
    speaks: set[str] = field(default_factory=set)

    def named(self, text: str) -> list[int]:
        """Return the impacts that a reference names by number, id or words; nothing when one of them is unknown."""
        key = _key(text)
        if not key:
            return []
        if key in ("all", "every impact", "all impacts", "overall", "general"):
            return [number for number, fields in self.found.items() if fields.get("valence") != "benefit"]
        if key in self.names:
            return [self.names[key]]
        if (found := _LEADING.match(f"{text.strip()} ")) and _key(found[1]) in self.names:
            return [self.names[_key(found[1])]]
        pieces = [_key(piece) for piece in _LIST.split(text) if _key(piece)]
        numbers = [self.names.get(piece, self._by_digits(piece)) for piece in pieces]
        if numbers and all(numbers):
            return list(dict.fromkeys(number for number in numbers if number))
        close = [
            number
            for name, number in self.names.items()
            if len(key) > 8 and (key in name or (name in key and len(name) > 8))
        ]
        return close[:1] if len(set(close)) == 1 else []

    def _by_digits(self, piece: str) -> int:
        digits = re.fullmatch(r"([a-z]{0,6})[ .#_-]*([0-9]{1,4})", piece)
        if digits is None or digits[1] not in _OWN | {name.rstrip("0123456789 .#_-") for name in self.names}:
            return 0
        number = int(digits[2])
        return number if number in self.found else 0

    def finished(self, telling: Telling) -> tuple[Impact, ...]:
        """Return the impacts in order, with a note for each that is half filled."""
        for number, fields in self.found.items():
            for one, other in (SCORES[:2], SCORES[2:4], SCORES[4:]):
                if (fields.get(one) is None) != (fields.get(other) is None):
                    lacking = one if fields.get(one) is None else other
                    telling.note(self.lines[number], f"Impact {number} has no {lacking.replace('_', ' ')}.")
        return tuple(
            Impact(number=number, measures=tuple(self.measures.get(number, ())), **fields)
            for number, fields in sorted(self.found.items())
        )


def impacts_of(sections: dict[str, list[Part]], people: tuple[Party, ...], telling: Telling) -> ImpactsRead:
    """Read the sections of impacts, of scores and of mitigations together."""
    read = ImpactsRead()
    own = _rows(sections.get("impacts", []), "impacts", "description", telling)
    read.speaks |= (own.named | {name for row in own.rows for name in row.fields}) & set(MORE)
    _number(read, own.rows, people, telling)
    if "scores" in sections and sections["scores"] != sections.get("impacts"):
        scores = _rows(sections["scores"], "impacts", "number", telling)
        if not read.found:
            _number(read, scores.rows, people, telling)
        else:
            for row in scores.rows:
                _scored(read, row, telling)
    if "mitigations" in sections and sections["mitigations"] != sections.get("impacts"):
        measures = _rows(sections["mitigations"], "mitigations", "measure", telling)
        read.speaks |= measures.named & {"kind", "is_failing"}
        for row in measures.rows:
            _mitigated(read, row, telling)
    return read


def _rows(parts: list[Part], kind: str, main: str, telling: Telling) -> Rows:
    rows = rows_of(parts, lambda title: column_of(kind, title), main)
    telling.faults += rows.faults
    telling.notes += rows.notes
    for row in rows.rows:
        unmixed(row)
    return rows


def unmixed(row: Said) -> None:
    """Take a column “Level” that says High for the level of risk, and one that says Group for whom it is about."""
    raw = row.fields.get("level", "")
    if raw and not level_of(raw) and rank_of_words(raw) is not None:
        row.put("band", raw, row.line_of("level"))
        del row.fields["level"]
    word = row.fields.get("description", "")
    if row.is_table and len(word) <= MOST_WORD and rank_of_words(word) is not None:
        row.put("band", word, row.line_of("description"))
        del row.fields["description"]


def _number(read: ImpactsRead, rows: list[Said], people: tuple[Party, ...], telling: Telling) -> None:
    """Give each impact the number the file gives it, where all are numbers and differ; else their order."""
    told = [_ordinal(row) for row in rows]
    are_numbers = len(set(told)) == len(told) and all(told)
    for order, row in enumerate(rows, 1):
        number = told[order - 1] if are_numbers else order
        raw = _key(row.fields.get("number", ""))
        if raw and raw in read.names:
            telling.fault(row.line, f"The impact {row.fields['number'][:40]} is here twice.")
            continue
        fields = _fields(row, people, telling)
        if not fields["description"]:
            telling.fault(row.line, "This impact has no description.")
            continue
        read.found[number] = fields
        read.lines[number] = row.line
        short = re.sub(r"^(impact|risk|harm) ", "", raw)
        for name in (raw, short, str(number), _key(fields["description"])):
            if name:
                read.names.setdefault(name, number)
        _claims(read, row, number)
        _own_measures(read, row, number, telling)


def _put_scores(row: Said) -> None:
    """Read scores that stand in running text, or both in one cell such as “L4 S3” and “4 x 3 = 12”."""
    if row.is_table:
        for name, prefix in (
            ("score", ""),
            ("band", ""),
            ("residual_score", "residual_"),
            ("residual_band", "residual_"),
        ):
            raw = row.fields.get(name, "")
            pair = scores_in(raw) if raw and f"{prefix}likelihood" not in row.fields else None
            if pair is not None:
                row.put(f"{prefix}likelihood", pair[0], row.line)
                row.put(f"{prefix}severity", pair[1], row.line)
                row.fields[name] = raw.partition("=")[2].strip()
        return
    rest = row.text
    if found := _pair_in(rest):
        row.put("likelihood", found["l"].rstrip("."), row.line)
        row.put("severity", found["s"].rstrip("."), row.line)
        rest = rest[: found.start()] + rest[found.end() :]
    for name, pattern in _LABELLED:
        if told := pattern.search(rest):
            row.put(name, told[1].strip(), row.line)
            rest = rest[: told.start()] + rest[told.end() :]
    if rest != row.text:
        row.text = _TAIL.sub("", rest).strip()


def _ordinal(row: Said) -> int:
    raw = row.fields.get("number") or ""
    if not raw and (found := _LEADING.match(row.text) or _LETTERED.match(row.text)):
        raw = found[1]
        row.fields["number"] = raw
        row.text = row.text[found.end() :]
    digits = re.search(r"([0-9]{1,6})\D*$", raw or row.fields.get("ordinal", ""))
    return int(digits[1]) if digits else 0


def _fields(row: Said, people: tuple[Party, ...], telling: Telling) -> dict[str, Any]:
    _put_scores(row)
    text = row.fields.get("description") or row.text or row.fields.get("failure", "")
    if not row.is_table and row.text and text != row.text and len(row.text) + len(text) < MOST_JOINED:
        text = f"{row.text}: {text}"
    who = row.fields.get("who", "")
    kinds = {one.name.casefold(): one.kind for one in people}
    known = kinds.get(who.casefold(), "")
    fields: dict[str, Any] = {
        "description": telling.short(text, 300, row.line, "The description"),
        "who": telling.short(who, 160, row.line, "Who is affected"),
        "valence": "benefit"
        if re.search("benefit|positive|opportunit", f"{row.fields.get('valence', '')} {row.heading}".lower())
        else "harm",
        "dimension": telling.short(_dimension(row.fields.get("dimension", "")), 60, row.line, "The dimension"),
        "level": known if known and "level" not in row.fields else telling.level(row, "level", who, text),
        "target_on": telling.day(row, "target_on", "The target date"),
    }
    return fields | _more(row, telling) | {name: telling.score(row, name) for name in SCORES}


def _more(row: Said, telling: Telling) -> dict[str, Any]:
    failure = row.fields.get("failure", "") if "description" in row.fields or row.text else ""
    return {
        "affected_number": telling.many(row, "affected_number"),
        "duration": telling.code(row, "duration", DURATIONS),
        "reversibility": telling.code(row, "reversibility", REVERSIBILITIES),
        "failure": telling.short(failure, 300, row.line, "The failure"),
    }


def _dimension(text: str) -> str:
    """Return the code of a dimension that is written by its label."""
    for _group, pairs in dimensions():
        for code, label in pairs:
            if text.casefold() == label.casefold():
                return code
    return text


def _claims(read: ImpactsRead, row: Said, number: int) -> None:
    for stage, score, band in (("before", "score", "band"), ("now", "residual_score", "residual_band")):
        if row.fields.get(score) or row.fields.get(band):
            read.stated.append(Stated(row.line, number, stage, row.fields.get(score, ""), row.fields.get(band, "")))


def _scored(read: ImpactsRead, row: Said, telling: Telling) -> None:
    named = row.fields.get("number") or row.fields.get("description") or ""
    numbers = read.named(named) or (read.named(row.fields["description"]) if "description" in row.fields else [])
    if not named and row.text:
        leading = _LEADING.match(row.text)
        named = (
            leading[1] if leading else re.split(r":| – | — |likelihood", row.text, maxsplit=1, flags=re.IGNORECASE)[0]
        )
        numbers = read.named(named)
        _put_scores(row)
        if not numbers and "likelihood" not in row.fields and "severity" not in row.fields:
            telling.note(row.line, f"Left out: {row.text[:100]}")
            return
    if not numbers:
        telling.fault(row.line, f"There is no impact “{named[:60]}” in the section of impacts.")
        return
    impact = read.found[numbers[0]]
    _put_scores(row)
    for name in SCORES:
        value = telling.score(row, name)
        if value is None:
            continue
        if impact[name] not in (None, value):
            words = f"Impact {numbers[0]} has the {name.replace('_', ' ')} {impact[name]} above and {value} here."
            telling.fault(row.line_of(name), words)
        impact[name] = value
    _claims(read, row, numbers[0])


def _own_measures(read: ImpactsRead, row: Said, number: int, telling: Telling) -> None:
    if text := row.fields.get("measure", ""):
        read.measures.setdefault(number, []).extend(_measures(row, text, telling))


def _mitigated(read: ImpactsRead, row: Said, telling: Telling) -> None:
    text, named = row.fields.get("measure") or row.text, row.fields.get("impact", "")
    if not row.is_table and not named:
        text, named = _reference(text, read)
    if not text:
        telling.fault(row.line, "This mitigation says nothing.")
        return
    heading = read.named(row.heading) if not named else []
    numbers = read.named(named) if named else heading
    if named and not numbers:
        telling.fault(row.line, f"There is no impact “{named[:60]}” in the section of impacts.")
        return
    if not numbers:
        numbers = _all_harms(read, row, telling)
    for number in numbers:
        read.measures.setdefault(number, []).extend(_measures(row, text, telling))


def _reference(text: str, read: ImpactsRead) -> tuple[str, str]:
    """Return the words of a mitigation and the impact it names at its beginning or in brackets."""
    if (found := _TRAILING.search(text)) and read.named(found[1]):
        return (text[: found.start()] + text[found.end() :]).strip(), found[1]
    if (found := _LEADING.match(text)) and read.named(found[1]):
        return text[found.end() :].strip(), found[1]
    before, colon, after = text.partition(":")
    if colon and _key(before) in read.names and after.strip():
        return after.strip(), before
    return text, ""


def _all_harms(read: ImpactsRead, row: Said, telling: Telling) -> list[int]:
    harms = [number for number, fields in read.found.items() if fields["valence"] == "harm"]
    if len(harms) > MOST_SPREAD:
        telling.fault(row.line, "This mitigation names no impact. Say which it is against.")
        return []
    if len(harms) > 1:
        telling.note(row.line, "This mitigation names no impact; it is set against every harm.")
    return harms


def _measures(row: Said, text: str, telling: Telling) -> list[Measure]:
    if not row.is_table and (found := _BY.search(text)):
        row.put("due_on", found[1], row.line)
    if not row.is_table and (status := _STATUS.search(text)):
        row.put("is_in_place", status[1], row.line)
        text = (text[: status.start()] + text[status.end() :]).strip()
    is_in_place = row.tick if row.tick is not None else telling.truth(row, "is_in_place")
    measure = Measure(
        text=telling.short(text, 300, row.line, "The mitigation"),
        is_in_place=bool(is_in_place),
        due_on=telling.day(row, "due_on", "The due date"),
        kind=telling.code(row, "kind", MEASURE_KINDS),
        is_failing=telling.truth(row, "is_failing"),
    )
    raw = row.fields.get("control", "")
    codes = CONTROL.findall(raw) or ([] if row.is_table else CONTROL.findall(text))
    if raw and not codes:
        telling.fault(row.line_of("control"), f"“{raw[:60]}” names no clause or control. Write its id, such as A.9.2.")
    return [replace(measure, control=code) for code in dict.fromkeys(codes)] or [measure]


def _key(text: str) -> str:
    return " ".join(re.sub(r"[*_`#:.()\[\]]+(?=\s|$)|^[#(\[]+", " ", text.casefold()).split())
