"""A checkpoint that somebody received earlier, as a file or pasted, compared in the page as by `verify.py --pin`."""

from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger.merkle import root_of
from ledger.notes import Head, signed
from tests.reports.packs import Unpacked
from tests.reports.page.damages import LEAVES, witnessed
from tests.reports.page.reader import Reader, python_says, zipped
from tests.reports.test_pack_verifier import a_checkpoint, flipped, lines_of, newest_checkpoint

Pin = Callable[[Unpacked], bytes]


def leaves_of(pack: Unpacked) -> list[bytes]:
    """The leaf hashes."""
    return [bytes.fromhex(line.decode()) for line in lines_of(pack, LEAVES)]


def newest(pack: Unpacked) -> bytes:
    """The checkpoint that is in the pack too."""
    return newest_checkpoint(pack).read_bytes()


def early(pack: Unpacked) -> bytes:
    """One over the first twenty records."""
    return a_checkpoint(pack, leaves_of(pack)[:20]).encode()


def signed_for(origin: str, key: Ed25519PrivateKey | None = None) -> Pin:
    """One that names another origin, or is signed by another key."""
    return lambda pack: signed(
        Head(origin or pack.log, 20, root_of(leaves_of(pack)[:20])).text, pack.log, key or pack.key
    ).encode()


PINS: dict[str, tuple[Pin, bool]] = {
    "the newest": (newest, True),
    "an early one": (early, True),
    "one that a witness signed too": (lambda pack: witnessed(pack, early(pack)), True),
    "another face of the log": (lambda pack: a_checkpoint(pack, [*leaves_of(pack)[:19], b"0" * 32]).encode(), False),
    "one of a longer log": (lambda pack: a_checkpoint(pack, [*leaves_of(pack), b"0" * 32]).encode(), False),
    "one of another log": (signed_for("assay/another"), False),
    "one of another key": (signed_for("", Ed25519PrivateKey.generate()), False),
    "one with other line ends": (lambda pack: early(pack).replace(b"\n", b"\r\n"), False),
    "one with a byte order mark": (lambda pack: b"\xef\xbb\xbf" + early(pack), False),
    "one without its last line end": (lambda pack: early(pack)[:-1], False),
    "one of which a bit turned": (lambda pack: flipped(early(pack), 50), False),
    "one whose signature was cut": (lambda pack: early(pack)[:-9] + b"\n", False),
    "its text alone": (lambda pack: early(pack).partition(b"\n\n")[0], False),
    "a picture": (lambda _: b"\x89PNG\r\n\x1a\n\xff\xfe", False),
    "a text that is none": (lambda _: b"\xff\xfe", False),
    "nothing": (lambda _: b"", False),
}


@pytest.mark.parametrize("name", PINS)
def test_both_say_the_same_of_a_pin(packs: dict[str, Unpacked], reader: Reader, tmp_path: Path, name: str) -> None:
    """Of the whole pack; where it does not fit, the tree says so."""
    pack, (made, fits) = packs["whole"], PINS[name]
    pin = tmp_path / "checkpoint.txt"
    pin.write_bytes(made(pack))
    said = python_says(pack, pin)
    assert said["pinned"]
    assert said["ok"] is fits
    assert fits or (said["checks"][-1]["check"], "your checkpoint" in said["checks"][-1]["found"]) == ("tree", True)
    assert reader.verdict(zipped(pack, tmp_path / "pack.zip"), pin=pin) == said


def test_a_pin_of_the_first_life_fits_the_second(packs: dict[str, Unpacked], reader: Reader, tmp_path: Path) -> None:
    """A restored log goes on from what it was; a checkpoint of before names the origin of before."""
    restored, pin = packs["restored"], tmp_path / "checkpoint.txt"
    pin.write_bytes(early(packs["whole"]))
    said = python_says(restored, pin)
    assert said["ok"]
    assert reader.verdict(restored.folder, pin=pin) == said
    pin.write_bytes(signed_for("assay/second-life")(packs["whole"]))
    said = python_says(restored, pin)
    assert "was signed for assay/second-life: another log" in said["checks"][-1]["found"]
    assert reader.verdict(restored.folder, pin=pin) == said


def test_a_pin_may_lie_in_the_folder(pack: Unpacked, reader: Reader) -> None:
    """The README says to save it there; any other file beside it is still one too many."""
    pin = pack.path("checkpoint.txt")
    pin.write_bytes(early(pack))
    said = pack.verdict("--pin", str(pin))
    assert said["ok"]
    assert reader.verdict(pack.folder, pin=pin) == said
    pack.path("checkpoint-2.txt").write_bytes(early(pack))
    said = pack.verdict("--pin", str(pin))
    assert not said["ok"]
    assert reader.verdict(pack.folder, pin=pin) == said


def test_a_pin_in_the_zip_is_a_file_too_many(pack: Unpacked, reader: Reader, tmp_path: Path) -> None:
    """A ZIP comes from somebody else; what the manifest does not list is in nobody's name."""
    pin = pack.path("checkpoint.txt")
    pin.write_bytes(early(pack))
    said = reader.verdict(zipped(pack, tmp_path / "pack.zip"), pin=pin)
    assert said["checks"][-1]["found"] == "checkpoint.txt was added: the manifest does not list it"


def test_a_pin_that_is_not_there_is_said(pack: Unpacked, tmp_path: Path) -> None:
    """By verify.py, of the checkpoint and of no file of the pack."""
    assert pack.fault("--pin", str(tmp_path / "none")) == ("tree", "your checkpoint is missing or cannot be read")


@pytest.mark.parametrize("around", ["{}", "{}\n\n", "\n  {}", "  \r\n{}\r\n"])
def test_a_pasted_checkpoint_fits(packs: dict[str, Unpacked], reader: Reader, tmp_path: Path, around: str) -> None:
    """However much white space came along, or was lost, around it."""
    pack = packs["whole"]
    said = reader.verdict(zipped(pack, tmp_path / "pack.zip"), pasted=around.format(early(pack).decode().strip()))
    assert said["ok"]
    assert said["pinned"]


def test_a_pasted_checkpoint_of_another_log_does_not(packs: dict[str, Unpacked], reader: Reader) -> None:
    """It is compared, and not only shown."""
    pack = packs["whole"]
    said = reader.verdict(pack.folder, pasted=signed_for("assay/another")(pack).decode())
    assert "was signed for assay/another" in said["checks"][-1]["found"]
