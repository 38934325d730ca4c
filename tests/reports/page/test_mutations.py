"""Packs changed at random, under the right signature and without it: the page never says other than verify.py."""

import json
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger.canonical import canonical
from tests.reports.packs import Unpacked
from tests.reports.page.damages import TEXTS
from tests.reports.page.reader import Reader, python_says, zipped
from tests.reports.test_pack_verifier import bodies_of, lines_of, mutated, rewrite

KINDS = st.sampled_from(["change", "drop", "repeat", "insert"])
PLACES = st.integers(0, 10**6)
VALUES: list[Any] = [None, True, False, 0, 1, -1, 2, "", "x", "2026-01-01", [], {}, [1], ["a", "b"], {"a": 1}]
moderate = settings(max_examples=40, database=None, suppress_health_check=list(HealthCheck))


def test_any_mutated_file(pack: Unpacked, reader: Reader, tmp_path: Path) -> None:
    """As somebody without the key changes it, and as somebody who signs the manifest again."""
    names = ["MANIFEST.txt", *(path.relative_to(pack.folder).as_posix() for path in pack.files())]
    manifest = pack.path("MANIFEST.txt")

    @moderate
    @given(st.sampled_from(names), KINDS, PLACES, st.integers(1, 200), st.booleans())
    def hold(name: str, kind: str, start: int, length: int, is_signed: bool) -> None:
        before, listed = pack.path(name).read_bytes(), manifest.read_bytes()
        pack.path(name).write_bytes(mutated(before, kind, start, length))
        if is_signed and name != "MANIFEST.txt":
            pack.sign_again()
        try:
            assert reader.verdict(zipped(pack, tmp_path / "pack.zip")) == python_says(pack)
        finally:
            pack.path(name).write_bytes(before)
            manifest.write_bytes(listed)

    hold()


def spots(value: Any, *path: Any) -> list[tuple[Any, ...]]:
    """The paths to everything inside a value."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [here for key, part in inner for here in ((*path, key), *spots(part, *path, key))]


def bent(value: Any, place: int, new: Any) -> Any:
    """Drop what stands at one of its spots (for "drop"), or set it to something else."""
    *above, last = spots(value)[place % len(spots(value))]
    inside = value
    for step in above:
        inside = inside[step]
    if new == "drop":
        del inside[last]
    else:
        inside[last] = new
    return value


def bend(pack: Unpacked, which: str, row: int, place: int, new: Any) -> None:
    """Bend a JSON file, a text or a record, and sign all that rests on it."""
    if which == "record":
        bodies = bodies_of(pack)
        bodies[row % len(bodies)] = canonical(bent(json.loads(bodies[row % len(bodies)]), place, new))
        rewrite(pack, bodies)
    elif which == TEXTS:
        lines = lines_of(pack, TEXTS)
        lines[row % len(lines)] = canonical(bent(json.loads(lines[row % len(lines)]), place, new)) + b"\n"
        pack.path(TEXTS).write_bytes(b"".join(lines))
    else:
        pack.path(which).write_bytes(canonical(bent(json.loads(pack.path(which).read_bytes()), place, new)))
    pack.sign_again()


def test_any_bent_value(packs: dict[str, Unpacked], reader: Reader, tmp_path: Path) -> None:
    """Anything inside JSON dropped or set to something of another kind: Python's strictness is the page's."""
    rounds = iter(range(10**6))

    @moderate
    @given(
        st.sampled_from(["record", "record", "pack.json", "evidence/index.json", TEXTS]),
        PLACES,
        PLACES,
        st.sampled_from(["drop", *VALUES]),
    )
    def hold(which: str, row: int, place: int, new: Any) -> None:
        pack = packs["whole"].copied_to(tmp_path / f"bent-{next(rounds)}")
        bend(pack, which, row, place, new)
        assert reader.verdict(zipped(pack, tmp_path / "pack.zip")) == python_says(pack)

    hold()


def test_any_mutated_zip(packs: dict[str, Unpacked], reader: Reader, tmp_path: Path) -> None:
    """Where the page says that a changed ZIP is good, everybody unpacks the very same good pack from it."""
    good = packs["whole"].folder.with_suffix(".zip").read_bytes()
    where = tmp_path / "mutated.zip"
    rounds = iter(range(10**6))

    @settings(moderate, max_examples=60)
    @given(st.one_of(PLACES, st.integers(-2500, -1)), st.integers(1, 255))
    def hold(place: int, bits: int) -> None:
        data = bytearray(good)
        data[place % len(data)] ^= bits
        where.write_bytes(data)
        if reader.verdict(where)["ok"]:
            folder = tmp_path / f"unpacked-{next(rounds)}"
            with ZipFile(where) as archive:
                archive.extractall(folder)
            assert python_says(Unpacked("", folder, "", packs["whole"].key))["ok"]

    hold()
