"""Documents with the controls they prove, as written by hand: `=== id | labels | language` and then the text."""

from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Labelled:
    """One document; no labels means that it proves nothing about AI."""

    id: str
    author: str
    labels: tuple[str, ...]
    language: str
    text: str


def labelled(split: str) -> list[Labelled]:
    """Return the documents of `train` or `test`; the file is the author."""
    found = []
    for path in sorted((HERE / split).glob("*.txt")):
        for block in path.read_text(encoding="utf-8").split("=== ")[1:]:
            head, _line, text = block.partition("\n")
            name, labels, *rest = [part.strip() for part in head.split("|")]
            codes = () if labels == "-" else tuple(part.strip() for part in labels.split(","))
            found.append(Labelled(name, path.stem, codes, rest[0] if rest else "en", text.strip() + "\n"))
    return found
