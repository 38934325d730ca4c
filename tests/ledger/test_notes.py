"""Signed notes, checkpoints and proofs in the forms of C2SP: what is read back, and everything that is refused."""

from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from ledger.notes import Head, Key, NotANote, Note, Proof, b64, checkpoint_of, proof_text, signed, unb64

ORIGIN = "assay/897e8c5e-c2c5-4754-ad9a-3e4de1acf61b"
# The example of the Go checksum database's note package: its public key, and a note that the key signed.
GO_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_NOTE = """If you think cryptography is the answer to your problem,
then you don't know what your problem is.

\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=
"""

names = st.text(st.characters(codec="utf-8", exclude_characters="+"), min_size=1, max_size=20).filter(
    lambda name: not any(letter.isspace() or letter < " " for letter in name)
)


def a_key(seed: int = 1) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32)


def verifying(private: Ed25519PrivateKey, name: str = ORIGIN) -> Key:
    return Key(name, private.public_key().public_bytes_raw())


def test_a_note_of_another_implementation_is_read() -> None:
    key = Key.read(GO_KEY)
    assert key.text == GO_KEY
    assert Note.read(GO_NOTE).signers([key]) == [key]


@given(st.text(st.characters(codec="utf-8", min_codepoint=32)), names)
def test_what_is_signed_is_read_back(text: str, name: str) -> None:
    note = signed(f"{text}\n", name, a_key())
    assert Note.read(note).text == f"{text}\n"
    assert Note.read(note).signers([verifying(a_key(), name)]) == [verifying(a_key(), name)]


@given(st.integers(0, 10**6), st.integers(1, 255))
def test_no_byte_of_a_checkpoint_can_differ(place: int, change: int) -> None:
    note = signed(Head(ORIGIN, 12, b"r" * 32).text, ORIGIN, a_key()).encode()
    place %= len(note)
    mangled = note[:place] + bytes([note[place] ^ change]) + note[place + 1 :]
    with pytest.raises((NotANote, UnicodeDecodeError)):
        checkpoint_of(mangled.decode(), [verifying(a_key())])


def test_a_checkpoint_says_origin_size_and_root() -> None:
    head = Head(ORIGIN, 12, b"r" * 32)
    assert checkpoint_of(signed(head.text, ORIGIN, a_key()), [verifying(a_key())]) == head


def test_unknown_signatures_are_passed_over_and_one_known_is_needed() -> None:
    head = Head(ORIGIN, 12, b"r" * 32)
    witnessed = (
        signed(head.text, ORIGIN, a_key()) + signed(head.text, "witness.example/w", a_key(2)).rpartition("\n\n")[2]
    )
    assert checkpoint_of(witnessed, [verifying(a_key())]) == head
    with pytest.raises(NotANote, match="None of the log's keys"):
        checkpoint_of(witnessed, [verifying(a_key(3))])
    with pytest.raises(NotANote, match="None of the log's keys"):
        checkpoint_of(signed(head.text, ORIGIN, a_key(3)), [verifying(a_key())])


def test_a_wrong_signature_of_a_known_key_spoils_a_right_one() -> None:
    head, other = Head(ORIGIN, 12, b"r" * 32), Head(ORIGIN, 13, b"r" * 32)
    wrong = signed(other.text, ORIGIN, a_key()).rpartition("\n\n")[2]
    with pytest.raises(NotANote, match="does not fit the text"):
        checkpoint_of(signed(head.text, ORIGIN, a_key()) + wrong, [verifying(a_key())])


MANGLED: dict[str, Callable[[str], str]] = {
    "line ends": lambda note: note.replace("\n", "\r\n"),
    "no blank line": lambda note: note.replace("\n\n", "\n"),
    "no last line end": lambda note: note[:-1],
    "no signature": lambda note: note.partition("\n\n")[0] + "\n\n",
    "hyphen for dash": lambda note: note.replace("\u2014", "-"),
    "tab": lambda note: note.replace("\u2014 ", "\u2014\t"),
    "space after": lambda note: note[:-1] + " \n",
    "short signature": lambda note: note.rpartition(" ")[0] + " AAAA\n",
    "no base64": lambda note: note.rpartition(" ")[0] + " %%%%\n",
}


@pytest.mark.parametrize("mangle", MANGLED.values(), ids=MANGLED)
def test_a_mangled_note_is_refused(mangle: Callable[[str], str]) -> None:
    note = signed(Head(ORIGIN, 12, b"r" * 32).text, ORIGIN, a_key())
    with pytest.raises(NotANote):
        checkpoint_of(mangle(note), [verifying(a_key())])


@pytest.mark.parametrize(
    "text",
    [
        f"{ORIGIN}\n12\n",
        f"{ORIGIN}\n012\n{b64(b'r' * 32)}\n",
        f"{ORIGIN}\n-1\n{b64(b'r' * 32)}\n",
        f"{ORIGIN}\n\u0661\n{b64(b'r' * 32)}\n",
        f"{ORIGIN}\n12\n{b64(b'r' * 31)}\n",
        f"{ORIGIN}\n\n{b64(b'r' * 32)}\n",
    ],
)
def test_what_is_no_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(NotANote):
        checkpoint_of(signed(text, ORIGIN, a_key()), [verifying(a_key())])


def test_extension_lines_are_passed_over() -> None:
    text = Head(ORIGIN, 12, b"r" * 32).text + "an extension\n"
    assert checkpoint_of(signed(text, ORIGIN, a_key()), [verifying(a_key())]).size == 12


@pytest.mark.parametrize(
    "text", ["", "name", "name+00000000+AAAA", GO_KEY.replace("c74f20a3", "c74f20a4"), f"x{GO_KEY}"]
)
def test_what_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(NotANote):
        Key.read(text)


@given(
    st.integers(0, 2**60),
    st.lists(st.binary(min_size=32, max_size=32), max_size=60),
    st.binary(max_size=300),
)
def test_a_proof_is_read_back(index: int, path: list[bytes], extra: bytes) -> None:
    note = signed(Head(ORIGIN, 2**61, b"r" * 32).text, ORIGIN, a_key())
    proof = Proof.read(proof_text(index, path, note, extra))
    assert proof == Proof(index, tuple(path), note, extra)


@pytest.mark.parametrize(
    "text", ["", "c2sp.org/tlog-proof@v1\nindex x\n\nnote", "c2sp.org/tlog-proof@v2\nindex 1\n\nnote"]
)
def test_what_is_no_proof_is_refused(text: str) -> None:
    with pytest.raises(NotANote):
        Proof.read(text)


@given(st.binary())
def test_base64_has_one_spelling(data: bytes) -> None:
    assert unb64(b64(data)) == data


@pytest.mark.parametrize("text", ["QQ", "QQ=", "QR==", "Q Q==", "QQ==\n", "QQ==QQ==", "Q\u00e9=="])
def test_other_spellings_are_refused(text: str) -> None:
    with pytest.raises(NotANote):
        unb64(text)
