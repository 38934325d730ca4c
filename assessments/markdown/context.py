"""The first section: what the system is for, how it can be misused, who oversees it, and where."""

from dataclasses import dataclass
from datetime import date

from assessments.markdown.blocks import Part
from assessments.markdown.document import TEXTS
from assessments.markdown.escaping import plain, unescaped
from assessments.markdown.rows import Said, pairs_of
from assessments.markdown.values import Telling
from assessments.markdown.words import label_of, said

MOST_PLACES = 40


@dataclass(frozen=True, slots=True)
class Context:
    """What the context says."""

    texts: tuple[tuple[str, str], ...]
    jurisdictions: tuple[str, ...]
    version: str
    system: str
    next_review_on: date | None


def context_of(parts: list[Part], title: Part | None, telling: Telling) -> Context:
    """Read the context; words under no known heading are kept with the intended use, so that none is lost."""
    texts = dict.fromkeys(TEXTS, "")
    single: dict[str, tuple[int, str]] = {}
    rest: list[str] = []
    places: tuple[str, ...] | None = None
    for number, label, value in pairs_of([title] if title and title not in parts else []):
        name = label_of("context", label)
        if name not in TEXTS and name:
            single.setdefault(name, (number, plain(value)))
    for part in parts:
        name = label_of("context", part.title) if part.level and part is not parts[0] else ""
        if name in TEXTS:
            texts[name] = _joined(texts[name], unescaped(part.text))
        elif name == "jurisdictions":
            places = _places(part.text)
        else:
            rest += _loose(part, texts, single, is_first=part is parts[0])
    texts["intended_use"] = _joined(texts["intended_use"], "\n".join(rest))
    told = single.get("jurisdictions", (0, ""))
    review = single.get("next_review_on", (0, ""))
    row = Said(review[0], fields={"next_review_on": review[1]})
    found = places if places is not None else _places(told[1].replace(",", "\n"))
    if len(found) > MOST_PLACES:
        telling.fault(parts[0].line, f"There are more than {MOST_PLACES} jurisdictions.")
    return Context(
        texts=tuple(texts.items()),
        jurisdictions=found,
        version=single.get("system_version", (0, ""))[1],
        system=single.get("system", (0, ""))[1],
        next_review_on=telling.day(row, "next_review_on", "The next review"),
    )


def _loose(part: Part, texts: dict[str, str], single: dict[str, tuple[int, str]], *, is_first: bool) -> list[str]:
    """Take the labels out of a part that is no text by itself, and return the lines that remain."""
    taken: set[int] = set()
    for number, label, value in pairs_of([part]):
        name = label_of("context", label)
        if name in TEXTS:
            texts[name] = _joined(texts[name], plain(value))
        elif name and name not in single:
            single[name] = (number, plain(value))
        else:
            continue
        taken.add(number)
    lines = [line for number, line in part.body if number not in taken]
    text = unescaped("\n".join(lines)).strip("\n \t")
    if not text:
        return []
    return [text] if is_first or not said(part.title) else [f"{plain(part.title)}\n{text}"]


def _places(text: str) -> tuple[str, ...]:
    found = []
    for line in text.split("\n"):
        bare = line.strip()
        is_item = bare[:2] in ("- ", "* ", "+ ")
        pieces = [bare[2:]] if is_item else bare.replace(";", ",").split(",")
        found += [plain(piece) for piece in pieces if plain(piece)]
    return tuple(found)


def _joined(before: str, after: str) -> str:
    return f"{before}\n\n{after}" if before and after else before or after
