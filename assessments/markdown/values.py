"""Single values out of what a row says, each with a fault at its line when it cannot be one."""

import re
from dataclasses import dataclass, field
from datetime import date

from assessments.markdown.document import Note
from assessments.markdown.rows import Said
from assessments.markdown.words import code_in, day_of, level_of, only_level_of, truth_of

_SCORE = re.compile(
    r"^(?:[a-z]{1,12}\s*[=:]?\s*)?([-+]?[0-9]+(?:[.,][0-9]+)?)(?:\s*/\s*5(?![0-9]))?\s*(?:[-–—:(\s].*)?$", re.IGNORECASE
)
_WORDED = re.compile(
    r"^[^0-9]*[^\W\d_][^0-9]*?(?:[(\[:=]|\s[-–—]?)\s*([-+]?[0-9]+(?:[.,][0-9]+)?)"
    r"\s*(?:/\s*5|(?:out )?of 5)?\s*[)\]]?\s*$"
)
_SEVERAL = re.compile(r"^\D*[0-9]\s*(?:-|–|—|~|/(?!\s*5\b)|,|;|→|->|=>|\bto\b|\bor\b|\band\b|\bof (?!5\b))\s*[0-9]")
_MANY = re.compile(r"([0-9][0-9 .,'’_]*)\s*(k|m|million|thousand)?", re.IGNORECASE)
_TIMES = {"k": 1_000, "thousand": 1_000, "m": 1_000_000, "million": 1_000_000}
CONTROL = re.compile(
    r"\b(?:A\.[0-9]{1,2}(?:\.[0-9]{1,2}){0,2}|[A-Z]{2,6}\.[0-9]{1,3}|[0-9]{1,2}(?:\.[0-9]{1,2}){1,2})\b"
)
MOST = 2_000_000_000


@dataclass(slots=True)
class Telling:
    """What is wrong with a file, and what to look at, gathered while it is read."""

    labels: dict[str, dict[str, int]] = field(default_factory=dict)
    faults: list[Note] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)

    def fault(self, line: int, reason: str) -> None:
        """Keep a reason why the file cannot be taken."""
        self.faults.append(Note(line, reason))

    def note(self, line: int, reason: str) -> None:
        """Keep something to look at."""
        self.notes.append(Note(line, reason))

    def short(self, text: str, most: int, line: int, what: str) -> str:
        """Return a text that is no longer than its place."""
        if len(text) > most:
            self.fault(line, f"{what} has {len(text)} characters; {most} fit.")
        return text

    def score(self, row: Said, name: str) -> int | None:
        """Return a score of 1 to 5: a number, a number with words, or a word of the criteria's scale."""
        raw = row.fields.get(name, "").strip()
        if not raw:
            return None
        scale = "severity" if "severity" in name else "likelihood"
        words = self.labels.get(scale, {})
        if (named := words.get(raw.casefold())) is not None:
            return named
        found = None if _SEVERAL.match(raw) else _SCORE.match(raw) or _WORDED.match(raw)
        number = (found[1] if found else "").removesuffix(".0").removesuffix(",0")
        if number.isdecimal() and 1 <= int(number) <= 5:
            return int(number)
        known = f", or a word of the scale ({', '.join(word.capitalize() for word in words)})" if words else ""
        what = "two scores" if _SEVERAL.match(raw) else "no whole number from 1 to 5"
        told = f"The {scale} “{raw[:60]}” is {what}. Write a number from 1 to 5{known}."
        self.fault(row.line_of(name), told)
        return None

    def day(self, row: Said, name: str, what: str) -> date | None:
        """Return a date; words that are none, such as “ongoing”, are left out and told."""
        raw = row.fields.get(name, "").strip()
        if not raw:
            return None
        found = day_of(raw)
        if found is None and re.search(r"[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{1,4}", raw):
            self.fault(row.line_of(name), f"{what} “{raw[:60]}” is no date. Write it as 2026-06-30.")
        elif found is None:
            self.note(row.line_of(name), f"Left out: {what.lower()} “{raw[:60]}” is no date.")
        return found

    def many(self, row: Said, name: str) -> int | None:
        """Return how many people, also where it is written as 3,400 or 12k."""
        raw = row.fields.get(name, "").strip()
        if not raw:
            return None
        found = _MANY.search(raw)
        digits = re.sub(r"[^0-9]", "", found[1]) if found else ""
        count = int(digits) * _TIMES.get((found[2] or "").lower(), 1) if found and digits and len(digits) < 12 else None
        if count is None or raw.startswith("-"):
            self.note(row.line_of(name), f"Left out: “{raw[:60]}” does not say how many.")
            return None
        if count > MOST:
            self.fault(row.line_of(name), f"“{raw[:60]}” is more people than there are places for.")
            return None
        return count

    def code(self, row: Said, name: str, pairs: tuple[tuple[str, str], ...]) -> str:
        """Return the code that a word stands for; a word that stands for none is left out and told."""
        raw = row.fields.get(name, "").strip()
        found = code_in(pairs, raw) if raw else ""
        if raw and not found:
            known = ", ".join(sorted(code for code, _pattern in pairs))
            self.note(row.line_of(name), f"Left out: the {name} “{raw[:60]}” is none of {known}.")
        return found

    def truth(self, row: Said, name: str) -> bool:
        """Return whether something is so; a word that says neither counts as no, and is told."""
        raw = row.fields.get(name, "")
        found = truth_of(raw)
        if found is None:
            self.note(row.line_of(name), f"“{raw[:60]}” says neither yes nor no; it is taken as no.")
        return bool(found)

    def level(self, row: Said, name: str, *more: str) -> str:
        """Return whom it is about, by the column, by what is around it, or as individuals where nothing says."""
        raw = row.fields.get(name, "")
        if raw:
            if found := level_of(raw):
                return found
            self.fault(row.line_of(name), f"“{raw[:60]}” is none of individual, group and society.")
            return "individual"
        if found := next(filter(None, map(level_of, more)), "") or only_level_of(row.heading):
            return found
        self.note(row.line, "It does not say whether individuals, a group or society are meant; taken as individuals.")
        return "individual"
