"""What was learned from the labelled documents: small arrays in one file, by `python -m bench.matching train`."""

import base64
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from evidence.matching.embedding import Array
from evidence.matching.features import Known
from evidence.matching.profiles import PLACE, digest

FILE = PLACE / "trained.json"
ARRAYS = (
    "about",
    "of_about",
    "kinds",
    "plane",
    "term_weights",
    "of_terms",
    "of_kinds",
    "profile_words",
    "example_words",
)


@dataclass(frozen=True, slots=True)
class Trained:
    """What documents are held against, and how much each feature counts.

    `relation` tells documents about AI from others (below `threshold` the matcher abstains), `confidence` makes the
    log-odds of a control and of the relation into the share of such suggestions that were right.
    """

    made_from: str
    codes: tuple[str, ...]
    known: Known
    ranking: Array
    means: Array
    spreads: Array
    relation: Array
    threshold: float
    confidence: Array


@cache
def trained() -> Trained:
    """Return what was learned; the file is read once."""
    said = json.loads(FILE.read_bytes())
    arrays = {name: _unpacked(said["arrays"][name]) for name in ARRAYS}
    index = {word: number for number, word in enumerate(said["words"])}
    rarity = dict(zip(said["words"], said["rarity"], strict=True))
    known = Known(**arrays, rarity=rarity, index=index)
    numbers = {
        name: np.array(said[name], np.float32) for name in ("ranking", "means", "spreads", "relation", "confidence")
    }
    return Trained(said["made_from"], tuple(said["codes"]), known, threshold=said["threshold"], **numbers)


def is_current() -> bool:
    """Whether what was learned was learned from the profiles as they are now."""
    return trained().made_from == digest()


def written(codes: tuple[str, ...], known: Known, numbers: Mapping[str, Any]) -> str:
    """Return what was learned as the text of its file."""
    said = {
        "made_from": digest(),
        "codes": codes,
        **{name: _rounded(value) for name, value in numbers.items()},
        "words": list(known.index),
        "rarity": [round(known.rarity[word], 3) for word in known.index],
        "arrays": {name: _packed(getattr(known, name)) for name in ARRAYS},
    }
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")) + "\n"


def _rounded(value: Any) -> Any:
    return round(float(value), 4) if np.ndim(value) == 0 else [round(float(one), 4) for one in np.ravel(value)]


def _packed(array: Array) -> dict[str, Any]:
    """Return an array in bytes of 1/127 of its largest number."""
    scale = float(np.abs(array).max()) / 127 or 1.0
    data = np.round(array / scale).astype(np.int8).tobytes()
    return {"shape": array.shape, "scale": scale, "data": base64.b64encode(zlib.compress(data, 9)).decode()}


def _unpacked(said: dict[str, Any]) -> Array:
    data = np.frombuffer(zlib.decompress(base64.b64decode(said["data"])), np.int8).reshape(said["shape"])
    return np.asarray(data.astype(np.float32) * np.float32(said["scale"]))
