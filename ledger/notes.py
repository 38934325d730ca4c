"""Signed notes, checkpoints and proofs as text, in the forms of C2SP: signed-note, tlog-checkpoint and tlog-proof.

Pure functions over text and bytes. Base64 has one spelling only and line ends are LF, so that no byte of a note can
differ from the one that was signed and still pass.
"""

import base64
import binascii
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ED25519 = b"\x01"
MARK = "\u2014 "
PROOF = "c2sp.org/tlog-proof@v1"
MOST_SIGNATURES = 64


class NotANote(ValueError):
    """The text is no signed note, checkpoint or proof; the message says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Key:
    """A verifying key: the name it signs under and the 32 bytes of its Ed25519 public half."""

    name: str
    public: bytes

    @property
    def id(self) -> bytes:
        """The four bytes that stand before its signatures: the start of SHA-256 over name, LF, type and key."""
        return sha256(self.name.encode() + b"\n" + ED25519 + self.public).digest()[:4]

    @property
    def text(self) -> str:
        """The key in one line: name, id (hex), and type with public key (base64), joined by plus signs."""
        return f"{self.name}+{self.id.hex()}+{b64(ED25519 + self.public)}"

    @classmethod
    def read(cls, text: str) -> "Key":
        """Read a key from its line, raising NotANote."""
        name, plus, rest = text.partition("+")
        key_id, second, encoded = rest.partition("+")
        raw = unb64(encoded) if plus and second else b""
        key = cls(name, raw[1:])
        if len(raw) != 33 or raw[:1] != ED25519 or key.id.hex() != key_id:
            raise NotANote("This is no verifying key.")
        return key


@dataclass(frozen=True, slots=True)
class Signature:
    """One line under a note: who says to have signed it, the key's id, and the signature."""

    name: str
    key_id: bytes
    value: bytes


@dataclass(frozen=True, slots=True)
class Note:
    """A text, ending in a line end, and its signatures."""

    text: str
    signatures: tuple[Signature, ...]

    @classmethod
    def read(cls, note: str) -> "Note":
        """Split a signed note into its text and its signatures, raising NotANote."""
        if any(letter < " " and letter != "\n" for letter in note):
            raise NotANote("The line ends were changed, or the note holds control characters; save it as it was sent.")
        text, blank, block = note.rpartition("\n\n")
        if not blank or not block.endswith("\n"):
            raise NotANote("The note has no signature.")
        lines = block[:-1].split("\n")
        if len(lines) > MOST_SIGNATURES:
            raise NotANote("The note has too many signatures.")
        return cls(f"{text}\n", tuple(_signature(line) for line in lines))

    def signers(self, keys: Iterable[Key]) -> list[Key]:
        """Return those of the known keys that signed the text; raises NotANote where one of them did not verify.

        Signatures of unknown keys are passed over, so that keys can rotate and witnesses can co-sign.
        """
        known = {(key.name, key.id): key for key in keys}
        found = []
        for signature in self.signatures:
            key = known.get((signature.name, signature.key_id))
            if key is None:
                continue
            try:
                Ed25519PublicKey.from_public_bytes(key.public).verify(signature.value, self.text.encode())
            except InvalidSignature as error:
                raise NotANote(f"The signature of {key.name} does not fit the text.") from error
            found.append(key)
        return found


@dataclass(frozen=True, slots=True)
class Head:
    """What a checkpoint says: the log's origin, how many leaves it has, and the root over them."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """The text that is signed."""
        return f"{self.origin}\n{self.size}\n{b64(self.root)}\n"

    @classmethod
    def read(cls, text: str) -> "Head":
        """Read the three lines of a checkpoint's text; extension lines are passed over. Raises NotANote."""
        lines = text.split("\n")
        if len(lines) < 4 or not all(lines[:-1]):
            raise NotANote("A checkpoint has three lines: origin, size and root.")
        origin, size, root = lines[:3]
        if not (size.isascii() and size.isdigit() and str(int(size)) == size):
            raise NotANote("The size of a checkpoint is a whole number.")
        raw = unb64(root)
        if len(raw) != 32:
            raise NotANote("The root of a checkpoint has 32 bytes.")
        return cls(origin, int(size), raw)


def signed(text: str, name: str, private: Ed25519PrivateKey) -> str:
    """Return a note: the text with a signature line of this key below it."""
    key = Key(name, private.public_key().public_bytes_raw())
    return f"{text}\n{MARK}{name} {b64(key.id + private.sign(text.encode()))}\n"


def checkpoint_of(note: str, keys: Iterable[Key]) -> Head:
    """Return what a checkpoint says, once one of the known keys is found to have signed it; raises NotANote."""
    read = Note.read(note)
    head = Head.read(read.text)
    if not read.signers(keys):
        raise NotANote("None of the log's keys signed this checkpoint.")
    return head


def proof_text(index: int, path: Sequence[bytes], checkpoint: str, extra: bytes = b"") -> str:
    """Return a tlog-proof: the place of an entry (from 0), its path to the root, and the checkpoint that signs it."""
    lines = [PROOF, *([f"extra {b64(extra)}"] if extra else []), f"index {index}", *map(b64, path)]
    return "\n".join(lines) + f"\n\n{checkpoint}"


@dataclass(frozen=True, slots=True)
class Proof:
    """A tlog-proof taken apart; `extra` is not signed, so nobody may trust it unchecked."""

    index: int
    path: tuple[bytes, ...]
    checkpoint: str
    extra: bytes

    @classmethod
    def read(cls, text: str) -> "Proof":
        """Read a proof, raising NotANote."""
        above, blank, checkpoint = text.partition("\n\n")
        lines = above.split("\n")
        if not blank or lines.pop(0) != PROOF:
            raise NotANote("This is no tlog-proof.")
        extra = unb64(lines.pop(0)[6:]) if lines and lines[0].startswith("extra ") else b""
        index = lines.pop(0).removeprefix("index ") if lines else ""
        if not (index.isascii() and index.isdigit() and str(int(index)) == index):
            raise NotANote("A proof names the index of its entry.")
        return cls(int(index), tuple(map(unb64, lines)), checkpoint, extra)


def b64(data: bytes) -> str:
    """Return standard base64 with padding."""
    return base64.b64encode(data).decode()


def unb64(text: str) -> bytes:
    """Read base64 in its one right spelling, raising NotANote."""
    try:
        data = base64.b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError) as error:
        raise NotANote("This is no base64.") from error
    if b64(data) != text:
        raise NotANote("This base64 is not spelled as it was written.")
    return data


def _signature(line: str) -> Signature:
    name, space, encoded = line.removeprefix(MARK).partition(" ")
    raw = unb64(encoded)
    if not (line.startswith(MARK) and name and space and len(raw) > 4):
        raise NotANote("A signature line has a dash, a name and a signature.")
    if "+" in name or any(letter.isspace() for letter in name):
        raise NotANote("The name of a key holds neither spaces nor plus signs.")
    return Signature(name, raw[:4], raw[4:])
