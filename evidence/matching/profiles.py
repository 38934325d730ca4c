"""What documents that prove a requirement typically hold: data in fixtures/matching, written in our own words."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path

import yaml
from django.conf import settings

from evidence.matching.words import LANGUAGES

PLACE = Path(settings.BASE_DIR) / "fixtures" / "matching"


@dataclass(frozen=True, slots=True)
class Row:
    """One term in the four languages."""

    words: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Profile:
    """Of one requirement: sentences to compare in meaning, document kinds and terms to look for."""

    code: str
    about: tuple[str, ...]
    kinds: tuple[Row, ...]
    terms: tuple[Row, ...]


@cache
def profiles(framework: str = "42001") -> tuple[Profile, ...]:
    """Return the profiles of a framework, in the order of their files; none when it has none."""
    found = []
    for path in files(framework):
        for code, said in yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader).items():
            found.append(Profile(code, tuple(said["about"]), _rows(said["kinds"]), _rows(said["terms"])))
    return tuple(found)


@cache
def glossary() -> tuple[Row, ...]:
    """Return words of daily work in four languages, by which other languages are brought near to English."""
    return _rows(yaml.load((PLACE / "glossary.yaml").read_text(encoding="utf-8"), yaml.CSafeLoader))


def files(framework: str = "42001") -> list[Path]:
    """Return the files that hold a framework's profiles."""
    return sorted(PLACE.glob(f"iso{framework}_*.yaml"))


def digest(framework: str = "42001") -> str:
    """Return what the trained weights have to have been made from."""
    return sha256(b"".join(path.read_bytes() for path in [*files(framework), PLACE / "glossary.yaml"])).hexdigest()


def _rows(lines: list[str]) -> tuple[Row, ...]:
    return tuple(
        Row(dict(zip(LANGUAGES, (part.strip() for part in str(line).split("|")), strict=True))) for line in lines
    )
