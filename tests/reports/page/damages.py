"""Ways in which a pack can be damaged: what each does, and the check that finds it ("" where nothing is wrong).

Those under a right signature are what somebody does who holds the log's key; only they get past the manifest.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger.canonical import canonical
from ledger.notes import Key, signed
from tests.reports.packs import Unpacked
from tests.reports.test_pack_verifier import bodies_of, flipped, lines_of, newest_checkpoint, rewrite

Act = Callable[[Unpacked], object]
Json = dict[str, Any]
KEYS, LEAVES, RECORDS, TEXTS = (f"chain/{name}" for name in ("keys.txt", "leaves.txt", "records.jsonl", "texts.jsonl"))
TENTH = 9


@dataclass(frozen=True, slots=True)
class Damage:
    """What is done to a good pack, and the check that has to find it."""

    name: str
    act: Act
    check: str = "manifest"

    def __str__(self) -> str:
        return self.name


def bit(name: str, place: int = 0) -> Act:
    """Turn one bit of a file."""
    return lambda pack: pack.reword(name, lambda before: flipped(before, place % len(before)))


def data(name: str, change: Callable[[bytes], bytes]) -> Act:
    """Change the bytes of a file."""
    return lambda pack: pack.reword(name, change)


def every(*acts: Act) -> Act:
    """Do all of these."""
    return lambda pack: [act(pack) for act in acts]


def words(name: str, old: str | bytes, new: str | bytes) -> Act:
    """Write other words, once."""
    before, after = (text.encode() if isinstance(text, str) else text for text in (old, new))
    return data(name, lambda whole: whole.replace(before, after, 1))


def written(name: str, content: bytes) -> Act:
    """Write another file in the place of one, or one that was not there."""

    def act(pack: Unpacked) -> None:
        pack.path(name).parent.mkdir(parents=True, exist_ok=True)
        pack.path(name).write_bytes(content)

    return act


def again(*acts: Act) -> Act:
    """Do these, then sign the manifest of what lies there with the right key."""
    return lambda pack: ([act(pack) for act in acts], pack.sign_again())


def lines(name: str, change: Callable[[list[bytes]], list[bytes]]) -> Act:
    """Change the lines of a file."""
    return lambda pack: pack.path(name).write_bytes(b"".join(change(lines_of(pack, name))))


def body(change: Callable[[bytes], bytes]) -> Act:
    """Write another tenth record, and the whole log anew over it, signed by the right key."""

    def act(pack: Unpacked) -> None:
        bodies = bodies_of(pack)
        after = change(bodies[TENTH])
        assert after != bodies[TENTH]
        rewrite(pack, [*bodies[:TENTH], after, *bodies[TENTH + 1 :]])

    return act


def spelled(old: str, new: str) -> Act:
    """Spell a part of the tenth record otherwise."""
    return body(lambda data: data.replace(old.encode(), new.encode("utf-8", "surrogatepass")))


def told(name: str, change: Callable[[Any], object]) -> Act:
    """Change what a JSON file says and sign again; a change that returns something replaces the whole of it."""

    def act(pack: Unpacked) -> None:
        value = json.loads(pack.path(name).read_bytes())
        made = change(value)
        pack.path(name).write_bytes(canonical(value if made is None else made))
        pack.sign_again()

    return act


def about(change: Callable[[Json], object]) -> Act:
    """Change pack.json, and the content digest with it."""
    return told("pack.json", change)


def with_digest(change: Callable[[Json], object]) -> Act:
    """Change the content that pack.json names, and let the signed manifest name the digest of that."""

    def act(pack: Unpacked) -> None:
        about(lambda value: change(value["content"]))(pack)
        content = json.loads(pack.path("pack.json").read_bytes())["content"]
        listed = pack.path("MANIFEST.txt").read_bytes().split(b"\n")
        listed[3] = b"content " + sha256(canonical(content)).hexdigest().encode()
        pack.path("MANIFEST.txt").write_bytes(b"\n".join(listed))
        pack.sign_again()

    return act


def text_line(change: Callable[[Json], object], place: int = 0) -> Act:
    """Change a text beside a record."""

    def act(pack: Unpacked) -> None:
        rows = [json.loads(line) for line in lines_of(pack, TEXTS)]
        change(rows[place])
        pack.path(TEXTS).write_bytes(b"".join(canonical(row) + b"\n" for row in rows))
        pack.sign_again()

    return act


def listed(change: Callable[[list[str]], list[str]]) -> Act:
    """Change the lines of the manifest and sign them with the right key."""

    def act(pack: Unpacked) -> None:
        text = pack.path("MANIFEST.txt").read_text().partition("\n\n")[0].split("\n")
        after = change(text)
        pack.path("MANIFEST.txt").write_text(signed("\n".join(after) + "\n", pack.log, pack.key))

    return act


def noted(change: Callable[[Unpacked, bytes], bytes]) -> Act:
    """Change the newest checkpoint and sign the manifest again."""

    def act(pack: Unpacked) -> None:
        path = newest_checkpoint(pack)
        path.write_bytes(change(pack, path.read_bytes()))
        pack.sign_again()

    return act


def resigned(change: Callable[[list[str]], list[str]]) -> Act:
    """Change the lines of the newest checkpoint and sign it, and the manifest, with the right key."""

    def note(pack: Unpacked, data: bytes) -> bytes:
        text = data.decode().partition("\n\n")[0].split("\n")
        return signed("\n".join(change(text)) + "\n", pack.log, pack.key).encode()

    return noted(note)


def witnessed(pack: Unpacked, data: bytes) -> bytes:
    """Add the signature of somebody unknown."""
    text = data.decode().partition("\n\n")[0] + "\n"
    note = signed(text, "witness.example/w1", Ed25519PrivateKey.generate())
    return data + note.rpartition("\n\n")[2].encode()


def taken_over(pack: Unpacked) -> None:
    """Add a key of one's own and sign the manifest with it."""
    mine = Ed25519PrivateKey.generate()
    line = Key(pack.log, mine.public_key().public_bytes_raw()).text
    pack.reword(KEYS, lambda data: data + f"{line}\n".encode())
    pack.sign_again(mine)


def set_to(*path: str | int, value: object) -> Callable[[Any], None]:
    """Set what stands at a path of keys."""

    def change(thing: Any) -> None:
        for step in path[:-1]:
            thing = thing[step]
        thing[path[-1]] = value

    return change


def dropped(*path: str | int) -> Callable[[Any], None]:
    """Drop what stands at a path of keys."""

    def change(thing: Any) -> None:
        for step in path[:-1]:
            thing = thing[step]
        del thing[path[-1]]

    return change


def taken_away(name: str) -> Act:
    """Take a file away."""
    return lambda pack: pack.path(name).unlink()


def first(pattern: str, act: Callable[[str], Act]) -> Act:
    """Do it to the first file that fits a pattern."""
    return lambda pack: act(next(pack.folder.glob(pattern)).relative_to(pack.folder).as_posix())(pack)
