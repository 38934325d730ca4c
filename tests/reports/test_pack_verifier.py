"""What an auditor's laptop finds: the verifier in the pack, run by bare Python on packs that were tampered with."""

import importlib.util
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from types import ModuleType

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.actor import Actor
from aims.models import Aims
from ledger.canonical import canonical
from ledger.merkle import root_of
from ledger.notes import Head, Key, signed
from tests.reports.packs import Unpacked, a_pack, a_state

_made: dict[str, Unpacked] = {}


@pytest.fixture
def pack(request: pytest.FixtureRequest, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Unpacked:
    """A good pack of its own for each test; it is made once, since tests only change files of it."""
    if "pack" not in _made:
        aims: Aims = request.getfixturevalue("aims")
        officer: Actor = request.getfixturevalue("officer")
        a_state(aims, officer)
        _made["pack"] = a_pack(aims, officer, tmp_path_factory.mktemp("packs") / "good")
    return _made["pack"].copied_to(tmp_path / "pack")


def flipped(data: bytes, place: int = 0) -> bytes:
    """One bit of one byte is another."""
    return data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]


def lines_of(pack: Unpacked, name: str) -> list[bytes]:
    """The lines of a file, with their ends."""
    return pack.path(name).read_bytes().splitlines(keepends=True)


@pytest.mark.django_db
def test_a_pack_proves_itself(pack: Unpacked) -> None:
    """All six checks in their order, in an empty environment and an isolated Python."""
    said = pack.verdict()
    assert said["ok"]
    assert [step["check"] for step in said["checks"]] == [
        "manifest", "tree", "records", "history", "statement", "evidence"
    ]  # fmt: skip
    assert not said["pinned"]
    assert said["keys"][0].startswith("assay/")


@pytest.mark.django_db
def test_the_verdict_is_readable(pack: Unpacked) -> None:
    """It says what it shows, and that no file can prove that what was recorded was true."""
    ran = subprocess.run([sys.executable, "-I", "verify.py"], cwd=pack.folder, capture_output=True, env={}, check=False)
    text = ran.stdout.decode()
    assert ran.returncode == 0
    assert "Everything here is unchanged since it was recorded." in text
    assert "This does not prove that what was recorded was true." in text
    pack.reword("evidence/index.csv", flipped)
    ran = subprocess.run([sys.executable, "-I", "verify.py"], cwd=pack.folder, capture_output=True, env={}, check=False)
    assert ran.returncode == 1
    assert "FAULT  manifest   evidence/index.csv was changed" in ran.stdout.decode()
    assert "DO NOT RELY ON THIS PACK." in ran.stdout.decode()


@pytest.mark.django_db
def test_a_flipped_byte_of_any_file_is_named(pack: Unpacked) -> None:
    """In every file that the manifest lists, whatever it is."""
    for path in pack.files():
        name = path.relative_to(pack.folder).as_posix()
        if name != "verify.py":
            before = path.read_bytes()
            path.write_bytes(flipped(before, len(before) // 2) if before else b"x")
            _check, found = pack.fault()
            path.write_bytes(before)
            assert name in found or (name == "chain/keys.txt" and _check == "manifest")
    assert pack.verdict()["ok"]


@pytest.mark.django_db
def test_a_file_that_is_missing_or_added_is_named(pack: Unpacked) -> None:
    """An unlisted file is an error, but what computers leave in folders that people open is not."""
    pack.path("evidence/.DS_Store").write_bytes(b"opened on a Mac")
    assert pack.verdict()["ok"]
    extra = pack.path("evidence/EV-001/another.pdf")
    extra.write_bytes(b"slipped in")
    assert pack.fault() == ("manifest", "evidence/EV-001/another.pdf was added: the manifest does not list it")
    extra.unlink()
    given = next(pack.folder.glob("evidence/EV-001/*/*"))
    given.unlink()
    assert pack.fault() == ("manifest", f"{given.relative_to(pack.folder).as_posix()} is missing")


def deleted(lines: list[bytes]) -> list[bytes]:
    """One record is gone."""
    return [*lines[:9], *lines[10:]]


def swapped(lines: list[bytes]) -> list[bytes]:
    """Two records change places."""
    return [*lines[:9], lines[10], lines[9], *lines[11:]]


def swapped_in_body(lines: list[bytes]) -> list[bytes]:
    """Two records change places and take each other's number."""
    bodies = [line.partition(b',"record":')[2] for line in lines]
    bodies[9], bodies[10] = bodies[10], bodies[9]
    return [b'{"number":%d,"record":%s' % (n, body) for n, body in enumerate(bodies, 1)]


def duplicated(lines: list[bytes]) -> list[bytes]:
    """A record stands there twice."""
    return [*lines[:10], lines[9], *lines[10:]]


def inserted(lines: list[bytes]) -> list[bytes]:
    """A record that was never written stands after the tenth; later ones move on by one."""
    bodies = [line.partition(b',"record":')[2] for line in lines]
    bodies.insert(10, bodies[9].replace(b'"reversible":true', b'"reversible":false'))
    return [b'{"number":%d,"record":%s' % (n, body) for n, body in enumerate(bodies, 1)]


def edited(lines: list[bytes]) -> list[bytes]:
    """A word of a record is another."""
    assert b'"kind":"human"' in lines[9]
    return [*lines[:9], lines[9].replace(b'"kind":"human"', b'"kind":"agent"'), *lines[10:]]


@pytest.mark.django_db
@pytest.mark.parametrize("change", [deleted, swapped, swapped_in_body, duplicated, inserted, edited])
def test_records_cannot_be_changed_even_under_a_right_signature(
    pack: Unpacked, change: Callable[[list[bytes]], list[bytes]]
) -> None:
    """Whoever holds the key can sign another manifest, but the leaves are under older checkpoints."""
    pack.path("chain/records.jsonl").write_bytes(b"".join(change(lines_of(pack, "chain/records.jsonl"))))
    pack.sign_again()
    assert pack.fault()[0] == "records"


@pytest.mark.django_db
def test_a_leaf_cannot_be_changed_under_a_right_signature(pack: Unpacked) -> None:
    """The leaves lead to the signed root, or they are not the leaves."""
    pack.reword("chain/leaves.txt", lambda data: data.replace(data[:64], sha256(b"another").hexdigest().encode()))
    pack.sign_again()
    check, found = pack.fault()
    assert check == "tree"
    assert "with another root: the log was rewritten" in found


def bodies_of(pack: Unpacked) -> list[bytes]:
    """The records, as their leaves cover them."""
    return [line.partition(b',"record":')[2][:-2] for line in lines_of(pack, "chain/records.jsonl")]


def rewrite(pack: Unpacked, bodies: list[bytes]) -> None:
    """Write the whole log anew over other records and sign all of it with the right key, as its thief would."""
    leaves = [sha256(b"\x00" + body).digest() for body in bodies]
    pack.path("chain/leaves.txt").write_text("".join(f"{leaf.hex()}\n" for leaf in leaves))
    told = b"".join(b'{"number":%d,"record":%s}\n' % (n, body) for n, body in enumerate(bodies, 1))
    pack.path("chain/records.jsonl").write_bytes(told)
    texts = [line for line in lines_of(pack, "chain/texts.jsonl") if json.loads(line)["number"] <= len(bodies)]
    pack.path("chain/texts.jsonl").write_bytes(b"".join(texts))
    for old in pack.path("chain/checkpoints").iterdir():
        old.unlink()
    note = a_checkpoint(pack, leaves)
    pack.path(f"chain/checkpoints/{len(leaves):012d}.txt").write_text(note)
    about = json.loads(pack.path("pack.json").read_bytes()) | {"records": len(bodies)}
    pack.path("pack.json").write_bytes(canonical(about))
    pack.sign_again()


def a_checkpoint(pack: Unpacked, leaves: list[bytes]) -> str:
    """A checkpoint over leaf hashes, signed by the log's own key."""
    return signed(Head(pack.log, len(leaves), root_of(leaves)).text, pack.log, pack.key)


def newest_checkpoint(pack: Unpacked) -> Path:
    """The checkpoint over the whole log."""
    return max(pack.path("chain/checkpoints").iterdir())


def pinned(pack: Unpacked) -> str:
    """A copy of the newest checkpoint outside the pack, as somebody was sent it."""
    return shutil.copy(newest_checkpoint(pack), pack.folder.parent / "pin.txt")


@pytest.mark.django_db
def test_a_checkpoint_that_was_sent_fits(pack: Unpacked) -> None:
    """The newest, and one over the first records; beside the files of the pack too, where an auditor may save it."""
    assert pack.verdict("--pin", pinned(pack))["pinned"]
    leaves = [bytes.fromhex(line.decode()) for line in lines_of(pack, "chain/leaves.txt")]
    beside = pack.path("sent-in-march.txt")
    beside.write_text(a_checkpoint(pack, leaves[:20]))
    assert pack.verdict("--pin", str(beside))["ok"]


@pytest.mark.django_db
def test_a_log_written_anew_with_the_right_key_is_found_by_the_pin_alone(pack: Unpacked) -> None:
    """Nothing inside can tell; who kept a checkpoint can, and the verifier says so to who did not."""
    pin = pinned(pack)
    bodies = bodies_of(pack)
    assert b'"reversible":' in bodies[9]
    bodies[9] = canonical(json.loads(bodies[9]) | {"request_id": "another"})
    rewrite(pack, bodies)
    assert pack.verdict()["ok"]
    check, found = pack.fault("--pin", pin)
    assert check == "tree"
    assert found == f"your checkpoint covers {len(bodies)} records with another root: the log was rewritten"


@pytest.mark.django_db
def test_a_cut_tail_is_found_by_its_checkpoint(pack: Unpacked) -> None:
    """Without the key: the leaves end before the checkpoint in the pack does."""
    pack.path("chain/leaves.txt").write_bytes(b"".join(lines_of(pack, "chain/leaves.txt")[:-1]))
    pack.sign_again()
    check, found = pack.fault()
    assert check == "tree"
    assert "it was cut, or is older" in found


@pytest.mark.django_db
def test_a_cut_tail_under_a_right_signature_is_found_by_the_pin(pack: Unpacked) -> None:
    """With the key a thief can drop what came before the pack was frozen; a pin covers more than is left."""
    pin = pinned(pack)
    bodies = bodies_of(pack)
    kept = [body for body in bodies if b'"type":"evidence.read"' not in body]
    rewrite(pack, [*kept[:-3], kept[-1]])
    assert pack.fault("--pin", pin)[1].endswith("it was cut, or is older")


@pytest.mark.django_db
def test_two_roots_for_one_size_are_a_fault(pack: Unpacked) -> None:
    """A log that shows one face to one reader and another to the next."""
    leaves = [bytes.fromhex(line.decode()) for line in lines_of(pack, "chain/leaves.txt")]
    other = [*leaves[:-1], sha256(b"another face").digest()]
    pin = pack.folder.parent / "pin.txt"
    pin.write_text(a_checkpoint(pack, other))
    assert pack.fault("--pin", str(pin)) == (
        "tree", f"your checkpoint covers {len(leaves)} records with another root: the log was rewritten"
    )  # fmt: skip


@pytest.mark.django_db
def test_line_ends_that_were_changed_are_named(pack: Unpacked) -> None:
    """What a mail program does to a checkpoint is told from what a forger does."""
    pin = Path(pinned(pack))
    pin.write_bytes(pin.read_bytes().replace(b"\n", b"\r\n"))
    found = pack.fault("--pin", str(pin))
    assert found == ("tree", "your checkpoint: its line ends were changed; save it exactly as it was sent")
    newest_checkpoint(pack).write_bytes(newest_checkpoint(pack).read_bytes().replace(b"\n", b"\r\n"))
    assert pack.fault()[0] == "manifest"


@pytest.mark.django_db
def test_a_witness_may_sign_too(pack: Unpacked) -> None:
    """Signatures of unknown keys are passed over; a known key's wrong signature is not."""
    path = newest_checkpoint(pack)
    text = path.read_text().partition("\n\n")[0] + "\n"
    path.write_text(
        path.read_text() + signed(text, "witness.example/w1", Ed25519PrivateKey.generate()).rpartition("\n\n")[2]
    )
    pack.sign_again()
    assert pack.verdict()["ok"]
    path.write_text(signed(text, "witness.example/w1", Ed25519PrivateKey.generate()))
    pack.sign_again()
    assert pack.fault()[1].endswith("is signed by no key of this log")


@pytest.mark.django_db
def test_a_checkpoint_of_another_log_is_no_pin(pack: Unpacked) -> None:
    """Signed by the right key for another origin, or by another key for the right one."""
    leaves = [bytes.fromhex(line.decode()) for line in lines_of(pack, "chain/leaves.txt")]
    pin = pack.folder.parent / "pin.txt"
    pin.write_text(signed(Head("assay/another", len(leaves), root_of(leaves)).text, pack.log, pack.key))
    assert "was signed for assay/another" in pack.fault("--pin", str(pin))[1]
    other = Ed25519PrivateKey.generate()
    pin.write_text(signed(Head(pack.log, len(leaves), root_of(leaves)).text, pack.log, other))
    assert pack.fault("--pin", str(pin)) == ("tree", "your checkpoint is signed by no key of this log")


@pytest.mark.django_db
def test_another_key_cannot_take_the_log_over(pack: Unpacked) -> None:
    """A forger's key in keys.txt signs a manifest, but no record names it."""
    forger = Ed25519PrivateKey.generate()
    mine = Key(pack.log, forger.public_key().public_bytes_raw())
    pack.reword("chain/keys.txt", lambda data: data + f"{mine.text}\n".encode())
    pack.sign_again(forger)
    check, found = pack.fault()
    assert check == "history"
    assert found == f"no record names the key {mine.text}"


@pytest.mark.django_db
def test_a_duplicate_json_key_is_a_fault(pack: Unpacked) -> None:
    """In a record whose leaf, checkpoint and signature are right: one spelling only, so readers cannot differ."""
    bodies = bodies_of(pack)
    bodies[9] = bodies[9].replace(b'"v":1}', b'"v":1,"v":1}')
    rewrite(pack, bodies)
    assert pack.fault() == ("records", "record #10 is not in its canonical form")


@pytest.mark.django_db
@pytest.mark.parametrize("number", [b"1.0", b"1e3", b"9007199254740992", b"NaN"])
def test_a_number_that_no_record_can_hold_is_a_fault(pack: Unpacked, number: bytes) -> None:
    """Floats and what lies beyond 2^53 are read differently by different readers."""
    bodies = bodies_of(pack)
    bodies[9] = bodies[9].replace(b'"v":1}', b'"v":%s}' % number)
    rewrite(pack, bodies)
    assert pack.fault() == ("records", f"{number.decode()} is a number that no record can hold")


@pytest.mark.django_db
def test_another_statement_is_found(pack: Unpacked) -> None:
    """One word of the approved statement is another, under a right manifest."""
    pack.reword("statement/statement.json", lambda data: data.replace(b"The second reason.", b"Another reason."))
    pack.sign_again()
    check, found = pack.fault()
    assert check == "statement"
    assert found.startswith("the statement is not the one that record #")


@pytest.mark.django_db
def test_the_version_before_cannot_stand_for_the_last(pack: Unpacked) -> None:
    """A statement that was approved once, but not last."""
    first = next(json.loads(body) for body in bodies_of(pack) if b'"type":"version.approved"' in body)
    digest = first["subject"]["after_hash"]
    about = json.loads(pack.path("pack.json").read_bytes())
    about["content"]["statement"] = [first["subject"]["id"], digest]
    pack.path("pack.json").write_bytes(canonical(about))
    pack.sign_again()
    assert pack.fault()[0] == "statement"


@pytest.mark.django_db
def test_another_report_is_found(pack: Unpacked) -> None:
    """A PDF in the place of the one that the chain names, whoever signed it."""
    pack.path("statement/SoA.pdf").write_bytes(b"%PDF-1.7 signed by another key")
    pack.sign_again()
    assert pack.fault() == ("statement", "statement/SoA.pdf is not the report that the chain names")


@pytest.mark.django_db
def test_another_assessment_is_found(pack: Unpacked) -> None:
    """One word of a decided assessment is another."""
    path = next(pack.path("assessments").iterdir())
    path.write_bytes(flipped(path.read_bytes(), 40))
    pack.sign_again()
    assert pack.fault() == ("statement", f"{path.stem} is not the assessment that was decided")


@pytest.mark.django_db
def test_another_file_of_the_evidence_is_found(pack: Unpacked) -> None:
    """The bytes that were given have a hash in the chain."""
    path = next(pack.path("evidence").glob("EV-*/*/*"))
    path.write_bytes(b"%PDF-1 rewritten after the audit was announced")
    pack.sign_again()
    check, found = pack.fault()
    assert check == "evidence"
    assert found.startswith(path.relative_to(pack.folder).as_posix())


@pytest.mark.django_db
def test_an_older_version_of_evidence_cannot_stand_for_the_newest(pack: Unpacked) -> None:
    """The index may not name version 1 where the chain knows version 2."""
    index = json.loads(pack.path("evidence/index.json").read_bytes())
    item = next(item for item in index if item["said"]["number"] == 2)
    item["said"]["number"] = 1
    pack.path("evidence/index.json").write_bytes(canonical(index))
    pack.sign_again()
    assert pack.fault() == ("evidence", f"{item['code']}@1 is not the newest version that was given")


@pytest.mark.django_db
def test_a_text_that_is_not_the_recorded_one_is_found(pack: Unpacked) -> None:
    """A rationale put into somebody's mouth."""
    lines = lines_of(pack, "chain/texts.jsonl")
    place = next(n for n, line in enumerate(lines) if b"Because our systems need it." in line)
    lines[place] = lines[place].replace(b"Because our systems need it.", b"Because it is easier.")
    pack.path("chain/texts.jsonl").write_bytes(b"".join(lines))
    pack.sign_again()
    check, found = pack.fault()
    assert check == "records"
    assert found.endswith("is not the text it commits to")


@pytest.mark.django_db
def test_a_text_that_was_taken_out_still_verifies(pack: Unpacked) -> None:
    """As an erased one is: the record keeps what it committed to."""
    lines = lines_of(pack, "chain/texts.jsonl")
    pack.path("chain/texts.jsonl").write_bytes(b"".join(lines[3:]))
    pack.sign_again()
    assert pack.verdict()["ok"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name", ["MANIFEST.txt", "pack.json", "chain/keys.txt", "chain/leaves.txt", "evidence/index.json"]
)
@pytest.mark.parametrize(
    "data", [b"", b"\n", b"\xff\xfe", b"[]", b"\x00" * 100], ids=["empty", "line", "bom", "json", "zeros"]
)
def test_rubbish_is_a_fault_and_no_crash(pack: Unpacked, name: str, data: bytes) -> None:
    """Whatever stands in a file, the answer is a verdict."""
    pack.path(name).write_bytes(data)
    assert pack.fault()[0] == "manifest"
    if name not in ("MANIFEST.txt", "chain/keys.txt"):
        pack.sign_again()
        pack.fault()


def loaded(pack: Unpacked) -> ModuleType:
    """The verifier as a module, for many runs in one process."""
    spec = importlib.util.spec_from_file_location("pack_verifier", pack.path("verify.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def mutated(data: bytes, kind: str, start: int, length: int) -> bytes:
    """Change, drop, repeat or insert a run of bytes."""
    start %= max(len(data), 1)
    piece = data[start : start + length]
    swapped_piece = bytes(255 - byte for byte in piece) or b"x"
    middle = {"change": swapped_piece, "drop": b"", "repeat": piece + piece, "insert": b"x" * length + piece}[kind]
    return data[:start] + middle + data[start + len(piece) :]


@pytest.mark.django_db
def test_any_single_mutation_is_found(pack: Unpacked) -> None:
    """Of any file, at any place, of any length: the verifier never says that all is well."""
    module = loaded(pack)
    names = ["MANIFEST.txt", *(path.relative_to(pack.folder).as_posix() for path in pack.files())]

    @settings(max_examples=150, database=None)
    @given(
        st.sampled_from(names),
        st.sampled_from(["change", "drop", "repeat", "insert"]),
        st.integers(0, 10**6),
        st.integers(1, 200),
    )
    def hold(name: str, kind: str, start: int, length: int) -> None:
        path = pack.path(name)
        before = path.read_bytes()
        after = mutated(before, kind, start, length)
        if after == before:
            return
        path.write_bytes(after)
        try:
            steps = list(module.check(module.Pack(str(pack.folder), None)))
        finally:
            path.write_bytes(before)
        assert not all(step["ok"] for step in steps)

    hold()


@pytest.mark.django_db
def test_any_single_mutation_of_what_the_chain_covers_is_found_under_a_right_manifest(pack: Unpacked) -> None:
    """The manifest is only the first wall: with the key stolen, records, leaves, statement and files still hold."""
    module = loaded(pack)
    kept = ("chain/leaves", "chain/records", "chain/check", "statement/", "assessments/", "evidence/EV")
    names = [p.relative_to(pack.folder).as_posix() for p in pack.files()]
    names = [name for name in names if name.startswith(kept)]

    @settings(max_examples=100, database=None)
    @given(
        st.sampled_from(names),
        st.sampled_from(["change", "drop", "repeat", "insert"]),
        st.integers(0, 10**6),
        st.integers(1, 200),
    )
    def hold(name: str, kind: str, start: int, length: int) -> None:
        path, manifest = pack.path(name), pack.path("MANIFEST.txt")
        before, listed = path.read_bytes(), manifest.read_bytes()
        after = mutated(before, kind, start, length)
        if after == before:
            return
        path.write_bytes(after)
        pack.sign_again()
        try:
            steps = list(module.check(module.Pack(str(pack.folder), None)))
        finally:
            path.write_bytes(before)
            manifest.write_bytes(listed)
        assert not all(step["ok"] for step in steps)

    hold()


@pytest.mark.django_db
def test_a_name_in_a_pack_moves_no_cursor_and_stops_no_answer(pack: Unpacked) -> None:
    """What is printed holds nothing that a terminal obeys, and any terminal can show it."""
    pack.path("\x1b[1A\x1b[2Kok Übersicht \U0001f600.txt").write_bytes(b"x")
    said = [sys.executable, "-I", "-X", "utf8=0", "verify.py"]
    ran = subprocess.run(said, cwd=pack.folder, capture_output=True, env={"LC_ALL": "POSIX"}, check=False)
    assert ran.stderr == b""
    assert ran.returncode == 1
    assert b"\x1b" not in ran.stdout
    assert b"DO NOT RELY ON THIS PACK." in ran.stdout
    assert b"It names these keys:" in ran.stdout


@pytest.mark.django_db
def test_a_text_of_nothing_hides_no_other_texts(pack: Unpacked) -> None:
    """A line of null is no end of the texts: those behind it have to be the recorded ones."""
    lines = lines_of(pack, "chain/texts.jsonl")
    lines[-1] = lines[-1].replace(b'"text":"', b'"text":"Not ')
    pack.path("chain/texts.jsonl").write_bytes(b"".join([b"null\n", *lines]))
    pack.sign_again()
    assert pack.fault() == ("records", "chain/records.jsonl is missing or cannot be read")


@pytest.mark.django_db
def test_a_path_that_leads_out_of_the_pack_is_not_followed(pack: Unpacked) -> None:
    """Not even to hash what lies there, which on some computers would ask a network for it."""
    outside = pack.folder.parent / "outside.txt"
    outside.write_bytes(b"")
    head, _, rows = pack.path("MANIFEST.txt").read_text().partition("\n\n")[0].rpartition("\nfiles ")
    empty = sha256(b"").hexdigest()
    text = f"{head}\nfiles {rows}\n{empty} 0 ../outside.txt\n"
    pack.path("MANIFEST.txt").write_text(signed(text, pack.log, pack.key))
    assert pack.fault() == ("manifest", "../outside.txt is no path inside a pack")
