"""What stands below headings of its own inside the six sections: answers to questions, and codes that are ticked."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache

from django.utils.translation import override

from assessments.markdown.blocks import Part
from assessments.markdown.document import Answer
from assessments.markdown.escaping import plain, prose, unescaped
from assessments.markdown.values import Telling
from assessments.markdown.words import said
from assessments.sections.models import Section
from assessments.sections.questions import BY_KEY, QUESTIONS, asked
from assessments.sections.vocabulary import SENSITIVE_USES, TRIGGERS, Words

LONGEST = 20_000
PLACES: Mapping[str, frozenset[Section]] = {
    "context": frozenset(
        {Section.SCOPE, Section.SYSTEM, Section.DATA, Section.MODEL, Section.DEPLOYMENT, Section.SOCIETY}
    ),
    "parties": frozenset({Section.PARTIES}),
    "impacts": frozenset({Section.IMPACTS}),
    "scores": frozenset(),
    "mitigations": frozenset({Section.MEASURES}),
    "decision": frozenset({Section.DECISION}),
}
SENSITIVE, TRIGGERING = "Sensitive uses", "Looked at again upon"
_KEY = re.compile(r"\s*\{#([a-z_\-]{1,40})\}\s*$")
_NOT = re.compile(r"^[*_]*(?:not applicable|n/a)[*_]*\s*(?:because[*_]*\s*[:–—-]?|[:–—-])[*_]*\s*", re.IGNORECASE)
_LISTS = (
    ("sensitive_uses", re.compile(r"^sensitive uses?$"), SENSITIVE_USES),
    (
        "triggers",
        re.compile(r"^(looked at again|re-?assess(ed|ment)?|review) (upon|when|triggers?)$|^triggers$"),
        TRIGGERS,
    ),
)
_ALIASES = (
    ("data_used", r"^data( used| sources| and (its|data) quality)?$"),
    ("model", r"^model( and algorithm)?$|^algorithm$"),
    ("environment", r"^deployment( environment)?$"),
    ("employment", r"^(effects? on )?employment( effects?)?$"),
    ("context", r"^(societal|legal|social) context$"),
    ("capabilities", r"^capabilities( and limits)?$"),
)


@dataclass(slots=True)
class Extras:
    """What was found, and of what the file speaks."""

    answers: dict[str, Answer] = field(default_factory=dict)
    codes: dict[str, tuple[str, ...]] = field(default_factory=dict)
    speaks: set[str] = field(default_factory=set)

    def in_order(self) -> tuple[Answer, ...]:
        """Return the answers in the order of the questions."""
        return tuple(self.answers[one.key] for one in QUESTIONS if one.key in self.answers)


def extras_of(sections: dict[str, list[Part]], telling: Telling) -> Extras:
    """Take the parts that are answers or lists of codes out of the sections."""
    found = Extras()
    for key, parts in sections.items():
        taken: set[int] = set()
        for at, part in enumerate(parts):
            if at and part.line not in taken:
                taken |= _taken(found, key, parts, at, telling)
        sections[key] = [part for part in parts if part.line not in taken]
    return found


def _taken(found: Extras, key: str, parts: list[Part], at: int, telling: Telling) -> set[int]:
    """Return the lines of the parts that are taken: one with the deeper ones below it, or none."""
    part = parts[at]
    for name, pattern, words in _LISTS:
        if pattern.match(said(part.title)) and _coded(found, name, part, words, telling):
            return {part.line}
    question = question_of(part.title, key)
    if not question:
        return set()
    below = [one for one in _below(parts, at) if not question_of(one.title, key)]
    text = "\n\n".join((part.text, *(f"{one.title}\n{one.text}".strip() for one in below)))
    if question in found.answers:
        telling.fault(part.line, f"The question “{question}” is answered twice.")
    found.speaks.add(question)
    if answer := _answer(question, unescaped(text) if below else text, part.line, telling, is_raw=not below):
        found.answers[question] = answer
    return {part.line, *(one.line for one in below)}


def _below(parts: list[Part], at: int) -> Iterator[Part]:
    for one in parts[at + 1 :]:
        if one.level <= parts[at].level:
            return
        yield one


def _answer(question: str, source: str, line: int, telling: Telling, *, is_raw: bool) -> Answer | None:
    start = _NOT.match(source)
    text = unescaped(source[start.end() if start else 0 :]) if is_raw else source[start.end() if start else 0 :]
    if len(text) > LONGEST:
        telling.fault(line, f"The answer has {len(text)} characters; {LONGEST} fit.")
    if not text:
        return None
    return Answer(question, because=text) if start else Answer(question, text)


def _coded(found: Extras, name: str, part: Part, words: Words, telling: Telling) -> bool:
    codes, unknown = [], []
    for number, line in part.body:
        item = plain(re.sub(r"^\s*[-*+]\s+(\[[xX]\]\s+)?", "", line))
        if not item or re.match(r"^\s*[-*+]\s+\[ \]", line):
            continue
        code = code_of(item, words)
        if code:
            codes.append(code)
        else:
            unknown.append((number, item))
    if unknown and not codes:
        return False
    for number, item in unknown:
        telling.note(number, f"Left out: “{item[:100]}” is none of the listed ones.")
    found.codes[name] = tuple(dict.fromkeys(codes))
    found.speaks.add(name)
    return True


def code_of(item: str, words: Words) -> str:
    """Return the code that an item names by itself, before a colon, or by its words."""
    said_of = item.casefold().strip()
    before = said_of.partition(":")[0].strip()
    with override("en"):
        labels = {str(label).casefold(): code for code, label in words}
    return before if before in dict(words) else labels.get(said_of, "")


def question_of(title: str, key: str) -> str:
    """Return the question that a heading asks inside a section, or nothing."""
    marked = _KEY.search(title)
    if marked:
        return marked[1] if marked[1] in BY_KEY else ""
    text = said(title)
    if name := _by_label().get(text.rstrip("?")):
        return name if BY_KEY[name].section in PLACES[key] else ""
    return next((name for name, pattern in _ALIASES if key == "context" and re.match(pattern, text)), "")


@cache
def _by_label() -> dict[str, str]:
    with override("en"):
        return {said(str(one.label)).rstrip("?"): one.key for one in QUESTIONS}


def questions_written(key: str, answers: tuple[Answer, ...], depth: str) -> Iterator[str]:
    """Yield the questions of a section, those of its depth and those answered, each with what is said to it."""
    told = {one.question: one for one in answers}
    due = {one.key for one in asked(depth)}
    for question in QUESTIONS:
        if question.section not in PLACES[key] or question.key not in due | told.keys():
            continue
        with override("en"):
            yield from (f"### {question.label} {{#{question.key}}}", "")
        if (answer := told.get(question.key)) is None:
            continue
        yield from (f"Not applicable because: {prose(answer.because)}" if answer.because else _safe(answer.text), "")


def _safe(text: str) -> str:
    """Return an answer so that it is not taken for a reason why the question does not apply."""
    safe = prose(text)
    return f"&#{ord(safe[0])};{safe[1:]}" if _NOT.match(safe) else safe


def codes_written(title: str, codes: tuple[str, ...], words: Words) -> Iterator[str]:
    """Yield a list of codes with their words."""
    yield from (f"### {title}", "")
    with override("en"):
        known = {code: str(label) for code, label in words}
    yield from (f"- {code}: {known[code]}" for code in codes if code in known)
    yield ""
