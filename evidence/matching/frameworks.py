"""Frameworks without profiles: matched by their titles and summaries, and by what a crosswalk says of our controls."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from django.conf import settings

from evidence.matching.embedding import embed
from evidence.matching.seen import Seen

CATALOGUES = Path(settings.BASE_DIR) / "fixtures" / "catalogue"
CROSSWALK = "crosswalk.yaml"
OURS = "42001"
FAR, NEAR = 0.25, 0.75  # cosines of titles that say nothing, and everything
LEAST = 0.2


class UnknownFramework(ValueError):
    """There is no catalogue of this name."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A requirement of a framework: its code, and its title with the summary."""

    code: str
    text: str


def known_framework(name: str) -> str:
    """Return the code of a shipped catalogue, `42001` for ours; raises UnknownFramework."""
    wanted = _plain(name)
    if wanted in (OURS, f"iso{OURS}"):
        return OURS
    for code in _catalogues():
        if wanted and wanted in _plain(code):
            return code
    raise UnknownFramework(f"There is no catalogue {name}; there are {', '.join([OURS, *_catalogues()])}.")


def by_titles(seen: Seen, framework: str, ours: Mapping[str, float]) -> list[tuple[str, float, int]]:
    """Return code, confidence and piece, best first: by meaning and by crosswalk from `ours`, matched controls.

    These confidences come from no labelled set: they only order.
    """
    asked = _asked(framework)
    cosines = seen.vectors @ embed([one.text for one in asked]).T
    carried = _carried(framework, ours)
    pieces, best = cosines.argmax(0), np.clip((cosines.max(0) - FAR) / (NEAR - FAR), 0, 0.9)
    found = [
        (one.code, max(float(best[number]), 0.8 * carried.get(one.code, 0.0)), int(pieces[number]))
        for number, one in enumerate(asked)
    ]
    return sorted((one for one in found if one[1] >= LEAST), key=lambda one: -one[1])


def _carried(framework: str, ours: Mapping[str, float]) -> dict[str, float]:
    """Return what the crosswalk carries over: the largest confidence of our controls that are related."""
    path, found = CATALOGUES / CROSSWALK, defaultdict[str, float](float)
    if not path.is_file():
        return found
    said = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader).get("controls") or {}
    for control, confidence in ours.items():
        for name, sources in (said.get(control) or {}).items():
            if _plain(name) in _plain(framework) or _plain(framework) in _plain(name):
                for code in (code for codes in sources.values() for code in codes):
                    found[code] = max(found[code], confidence)
    return found


@cache
def _asked(framework: str) -> tuple[Asked, ...]:
    rows = [row for row in _catalogues()[framework]["requirements"] if row.get("kind") != "area"]
    return tuple(Asked(str(row["code"]), f"{row['title']}. {row.get('summary') or ''}".strip()) for row in rows)


@cache
def _catalogues() -> dict[str, Any]:
    """Return the catalogues beside ours, by the code of their framework."""
    found = {}
    for path in sorted(CATALOGUES.glob("*.yaml")):
        said = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
        if isinstance(said, dict) and isinstance(said.get("framework"), dict) and said.get("requirements"):
            code = str(said["framework"]["code"])
            if OURS not in code:
                found[code] = said
    return found


def _plain(name: str) -> str:
    return "".join(one for one in name.lower() if one.isalnum())
