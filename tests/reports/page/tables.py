"""Damages to files, manifest, keys, records, leaves and checkpoints."""

import shutil

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.reports.packs import Unpacked
from tests.reports.page.damages import (
    KEYS,
    LEAVES,
    RECORDS,
    TEXTS,
    Damage,
    again,
    bit,
    data,
    every,
    first,
    lines,
    noted,
    resigned,
    taken_away,
    taken_over,
    witnessed,
    words,
    written,
)
from tests.reports.test_pack_verifier import flipped, newest_checkpoint

MANIFEST = "MANIFEST.txt"
CURSORS = ("\u202eevil.txt", "a\x1b[2Kok.txt", "Übersicht \U0001f600.txt")
LEFT_BEHIND = (".DS_Store", "evidence/Thumbs.db", "chain/desktop.ini")
TURNED = (
    *(("README.html", 50), ("verify.py", 90), ("verify.html", 900), ("pack.json", 20), ("statement/SoA.pdf", 3)),
    *(("statement/statement.json", 99), ("evidence/index.json", 9), ("evidence/index.csv", 9), (LEAVES, 70)),
    *((RECORDS, 500), (TEXTS, 100), (KEYS, 3), (KEYS, 50), (KEYS, -9), (MANIFEST, 3), (MANIFEST, 200)),
    *((MANIFEST, place) for place in (-3, -9, -60, -130)),
)
MANIFESTS = {
    "without its last line end": lambda whole: whole[:-1],
    "without its blank line": lambda whole: whole.replace(b"\n\n", b"\n"),
    "with other line ends": lambda whole: whole.replace(b"\n", b"\r\n"),
    "with a byte order mark": lambda whole: b"\xef\xbb\xbf" + whole,
    "that is no text": lambda whole: whole + b"\xff\n",
    "with another dash": lambda whole: whole.replace("\u2014".encode(), b"-"),
    "with a line that is no signature": lambda whole: whole + b"\n",
    "with a signature of one word": lambda whole: whole + "\u2014\n".encode(),
    "with a signature of two words": lambda whole: whole + "\u2014 witness\n".encode(),
    "with a signature of four words": lambda whole: whole + "\u2014 witness AAAAAAAA AAAA\n".encode(),
    "with a signature in another spelling": lambda whole: whole[:-3] + bytes([whole[-3] + 1]) + whole[-2:],
    "with white space in the signature": lambda whole: whole[:-9] + b" " + whole[-9:],
    "with a signature that was cut": lambda whole: whole[:-41] + b"\n",
    "with a signature that goes on": lambda whole: whole[:-1] + whole[-89:],
    "with an empty signature": lambda whole: whole.rpartition(b" ")[0] + b" \n",
    "of nothing": lambda _: b"",
}
KEY_FILES = {
    "without a line end": lambda whole: whole[:-1],
    "with other line ends": lambda whole: whole.replace(b"\n", b"\r\n"),
    "with a line of one word": lambda whole: whole + b"key\n",
    "with a line that is no base64": lambda whole: whole + b"a+b+c\n",
    "with an empty key": lambda whole: whole[:-45] + b"\n",
    "with a short key": lambda whole: whole[:-9] + b"\n",
    "with a long key": lambda whole: whole[:-1] + whole[-9:],
    "of nothing": lambda _: b"",
}
UNSIGNED = [
    *(Damage(f"a bit of {name} turned at {place}", bit(name, place)) for name, place in TURNED),
    *(
        Damage(f"a bit of {pattern} turned", first(pattern, lambda name: bit(name, 30)))
        for pattern in ("chain/receipts/*", "assessments/*", "evidence/EV-*/*/*", "chain/checkpoints/*")
    ),
    *(Damage(f"a manifest {name}", data(MANIFEST, change)) for name, change in MANIFESTS.items()),
    *(Damage(f"keys {name}", data(KEYS, change)) for name, change in KEY_FILES.items()),
    *(Damage(f"{name} taken away", taken_away(name)) for name in ("README.html", "pack.json", KEYS, MANIFEST, LEAVES)),
    Damage("a file made longer", words("evidence/index.csv", "\r\n", "\r\n\r\n")),
    Damage("a folder taken away", lambda pack: shutil.rmtree(pack.path("assessments"))),
    Damage("a file added", written("evidence/EV-001/more.pdf", b"%PDF")),
    Damage(
        "three files added", every(*(written(name, b"x") for name in ("zeta.txt", "Alpha.txt", "evidence/beta.txt")))
    ),
    Damage("names that move a cursor added", every(*(written(name, b"x") for name in CURSORS))),
    Damage("a hidden file added", written("evidence/.hidden", b"x")),
    Damage("a second manifest added", written("evidence/MANIFEST.txt", b"x")),
    Damage("a manifest of another key", lambda pack: pack.sign_again(Ed25519PrivateKey.generate())),
    Damage("files that computers leave behind", every(*(written(name, b"x") for name in LEFT_BEHIND)), ""),
    Damage(
        "a manifest that a witness signed too", lambda pack: pack.reword(MANIFEST, lambda old: witnessed(pack, old)), ""
    ),
]


def without_ours(pack: Unpacked, old: bytes) -> bytes:
    """Leave the signature of somebody unknown alone."""
    text, _, ours = old.partition(b"\n\n")
    return text + b"\n\n" + witnessed(pack, old).rpartition(ours)[2]


RECORD_LINES = {
    "deleted": lambda rows: [*rows[:9], *rows[10:]],
    "at the end deleted": lambda rows: rows[:-1],
    "swapped with the next": lambda rows: [*rows[:9], rows[10], rows[9], *rows[11:]],
    "twice": lambda rows: [*rows[:10], rows[9], *rows[10:]],
    "of no leaf": lambda rows: [*rows, rows[-1].replace(b'"number":', b'"number":9')],
    "of nothing": lambda rows: [b"\n", *rows],
    "of all": lambda _: [],
}
THIRD = ("03", "-3", "--3", "three", "\u0663", "3.0", "", " 3", "9" * 30)
RECORD_WORDS = {
    "without a number": ('"number":3,', ""),
    "under another name": ('"record":', '"entry":'),
    "with other line ends": ("}\n", "}\r\n"),
    "with another word": ('"kind":"human"', '"kind":"agent"'),
    "that are no text": ('"record":', b"\xff"),
}
LEAF_FILES = {
    "in capitals": bytes.upper,
    "with white space": lambda whole: b"\x0b \r\n" + whole.replace(b"\n", b"\t"),
    "without a line end": lambda whole: whole[:64] + whole[65:],
    "without the last line end": lambda whole: whole[:-1],
    "with space within a byte": lambda whole: whole[:3] + b" " + whole[3:],
    "that are no numbers": lambda whole: b"xy" + whole[2:],
    "without half a byte": lambda whole: whole[:-2],
    "without a byte": lambda whole: whole[:-3],
    "of which one is another": lambda whole: b"0" * 64 + whole[64:],
    "that were cut": lambda whole: whole[:-65],
    "and one more": lambda whole: whole + whole[:65],
    "of nothing": lambda _: b"",
    "that are no text": lambda whole: whole + b"\xff",
}
CHECKPOINTS = {
    "of another root": lambda rows: [*rows[:2], "AAAA"],
    "whose root is no base64": lambda rows: [*rows[:2], "A"],
    "without a root": lambda rows: rows[:2],
    "of one line": lambda rows: rows[:1],
    "of another log": lambda rows: ["assay/another", *rows[1:]],
}
SIZES = ("0", "1", "-1", "--1", "+1", " 1", "007", "1_0", "many", "", "\u0661", str(2**53 - 1), str(2**53), "9" * 5000)
SIGNED = [
    *(Damage(f"a record {name}", again(lines(RECORDS, change)), "records") for name, change in RECORD_LINES.items()),
    *(Damage(f"records {name}", again(words(RECORDS, *pair)), "records") for name, pair in RECORD_WORDS.items()),
    *(
        Damage(f"a record of number {number!r}", again(words(RECORDS, '"number":3,', f'"number":{number},')), "records")
        for number in THIRD
    ),
    *(Damage(f"leaves {name}", again(data(LEAVES, change)), "tree") for name, change in LEAF_FILES.items()),
    *(Damage(f"a checkpoint {name}", resigned(change), "tree") for name, change in CHECKPOINTS.items()),
    *(
        Damage(f"a checkpoint of size {size[:20]}", resigned(lambda rows, size=size: [rows[0], size, rows[2]]), "tree")
        for size in SIZES
    ),
    Damage("a checkpoint with other line ends", noted(lambda _, old: old.replace(b"\n", b"\r\n")), "tree"),
    Damage("a checkpoint signed wrongly", noted(lambda _, old: flipped(old, len(old) - 30)), "tree"),
    Damage("a checkpoint that only a witness signed", noted(without_ours), "tree"),
    Damage("a checkpoint that a witness signed too", noted(witnessed), ""),
    Damage("a checkpoint with an extension", resigned(lambda rows: [*rows, "extension"]), ""),
    Damage("no checkpoint", again(lambda pack: newest_checkpoint(pack).unlink()), "tree"),
    Damage("a key that no record names", taken_over, "history"),
    Damage("a key twice", again(data(KEYS, lambda whole: whole * 2)), "history"),
]
