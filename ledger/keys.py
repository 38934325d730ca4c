"""The keys a log signs with: made on first use, replaced by rotation, private halves sealed at rest."""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from accounts.sealed import seal, unseal
from ledger.models import Log, LogKey
from ledger.notes import Key, signed


def keys_of(log: Log) -> list[Key]:
    """Return every key the log ever signed with, the oldest first."""
    rows = LogKey.unscoped.filter(log=log).order_by("number")
    return [key_of(row) for row in rows.defer("private")]


def key_of(row: LogKey) -> Key:
    """Return the verifying key of a row."""
    return Key(row.name, bytes.fromhex(row.public))


def private_of(row: LogKey) -> Ed25519PrivateKey:
    """Open the private half, raising CannotUnseal where the secret is not the one it was sealed under."""
    return Ed25519PrivateKey.from_private_bytes(unseal(bytes(row.private), _purpose(row.name)))


def new_key(log: Log, number: int) -> LogKey:
    """Return a fresh key for the log's origin, not saved yet."""
    private = Ed25519PrivateKey.generate()
    return LogKey(
        log=log,
        aims_id=log.aims_id,
        number=number,
        name=log.origin,
        public=private.public_key().public_bytes_raw().hex(),
        private=seal(private.private_bytes_raw(), _purpose(log.origin)),
    )


def _purpose(name: str) -> str:
    return f"log key {name}"


def note_of(log: Log, text: str) -> str:
    """Sign a text with the newest key of the log's origin; its first line has to say that it is no checkpoint."""
    row = LogKey.unscoped.filter(log=log, name=log.origin).order_by("-number").first()
    if row is None or text.startswith(f"{log.origin}\n"):
        raise ValueError("Only a log with a key signs, and checkpoints are signed where the head is held.")
    return signed(text, row.name, private_of(row))
