"""What somebody who holds the log's key could write: a second life of the log, other leaves, other checkpoints."""

import json
from dataclasses import replace
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger.canonical import canonical
from ledger.merkle import leaf_hash, root_of
from ledger.notes import Head, Key, signed
from tests.reports.packs import Unpacked
from tests.reports.test_pack_verifier import bodies_of, newest_checkpoint

SECOND = "assay/second-life"


def a_second_life(pack: Unpacked) -> Unpacked:
    """Let the log go on under a new origin and a second key, as after a restore; the folder is changed in place."""
    key = Ed25519PrivateKey.generate()
    public = Key(SECOND, key.public_key().public_bytes_raw())
    bodies = bodies_of(pack)
    leaves = [leaf_hash(body) for body in bodies]
    outcome = f"restored to {len(bodies)} {root_of(leaves).hex()}"
    bodies += [
        _record(bodies[-1], "log.resumed", {"id": "2", "after_hash": None}, outcome),
        _record(bodies[-1], "log.key_added", {"id": "2", "after_hash": sha256(public.text.encode()).hexdigest()}),
    ]
    pack.reword("chain/keys.txt", lambda data: data + f"{public.text}\n".encode())
    about = json.loads(pack.path("pack.json").read_bytes())
    about["log"]["origins"].append({"after": len(leaves), "origin": SECOND})
    about["records"] = len(bodies)
    pack.path("pack.json").write_bytes(canonical(about))
    newest = newest_checkpoint(pack)
    lived = replace(pack, log=SECOND, key=key)
    write_log(lived, bodies)
    lived.path(f"chain/checkpoints/{newest.name}").write_text(
        signed(Head(pack.log, len(leaves), root_of(leaves)).text, pack.log, pack.key)
    )
    lived.sign_again()
    return lived


def _record(like: bytes, kind: str, subject: dict[str, object], outcome: str = "") -> bytes:
    record = json.loads(like)
    decision = record["decision"] | ({"outcome": outcome} if outcome else {})
    return canonical(
        record | {"aims": SECOND, "type": kind, "subject": record["subject"] | subject, "decision": decision}
    )


def write_log(pack: Unpacked, bodies: list[bytes]) -> None:
    """Write leaves, records and one checkpoint over all of them; neither texts nor the manifest."""
    leaves = [leaf_hash(body) for body in bodies]
    pack.path("chain/leaves.txt").write_text("".join(f"{leaf.hex()}\n" for leaf in leaves))
    told = b"".join(b'{"number":%d,"record":%s}\n' % (n, body) for n, body in enumerate(bodies, 1))
    pack.path("chain/records.jsonl").write_bytes(told)
    for old in pack.path("chain/checkpoints").iterdir():
        old.unlink()
    note = signed(Head(pack.log, len(leaves), root_of(leaves)).text, pack.log, pack.key)
    pack.path(f"chain/checkpoints/{len(leaves):012d}.txt").write_text(note)
