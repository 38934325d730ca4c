"""Re-hash what the store holds and compare it with what was given; nothing here touches the database."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from hashlib import sha256
from time import monotonic
from typing import Any, Self

from evidence.integrity.holdings import FIRST, Holdings
from evidence.store import Stored, store

MOST_FAULTS = 200
MOST_HOLDERS = 5

Told = Callable[["Tally"], None]


class State(StrEnum):
    """What became of a stored file; one that cannot be read counts as missing."""

    OK = "ok"
    ALTERED = "altered"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Holder:
    """A row that the bytes belong to, and what it calls them."""

    name: str
    what: str
    title: str
    address: str


@dataclass(frozen=True, slots=True)
class Fault:
    """A file that is not what was given: what it had to be, what was found instead, whose it is.

    `found` is empty where there is nothing, and `why` then says what the system answered, unless it just is not there.
    """

    state: State
    sha256: str
    size: int
    found: str = ""
    found_size: int = 0
    why: str = ""
    holders: tuple[Holder, ...] = ()
    more: int = 0

    @classmethod
    def of(cls, told: dict[str, Any]) -> Self:
        """Read one back from JSON."""
        holders = tuple(Holder(**holder) for holder in told["holders"])
        return cls(**{**told, "state": State(told["state"]), "holders": holders})

    @property
    def stored(self) -> Stored:
        """What the file had to be."""
        return Stored(self.sha256, self.size)

    @property
    def line(self) -> bytes:
        """What is hashed of it, so that two lists of faults can be told apart."""
        return f"{self.state} {self.sha256} {self.size} {self.found} {self.found_size}\n".encode()


@dataclass(slots=True)
class Tally:
    """What a check found so far: counts of different files, the first faults, and where it goes on.

    `covered` are the bytes that were to be there, `bytes` those that were read; `most` faults are kept.
    """

    files: int = 0
    bytes: int = 0
    covered: int = 0
    altered: int = 0
    missing: int = 0
    digest: str = ""
    faults: list[Fault] = field(default_factory=list)
    last: Stored = FIRST
    most: int = MOST_FAULTS

    @property
    def has_room(self) -> bool:
        """Whether another fault would be kept."""
        return len(self.faults) < self.most

    @classmethod
    def of(cls, told: dict[str, Any]) -> Self:
        """Read one back from JSON, to go on from."""
        faults = [Fault.of(fault) for fault in told["faults"]]
        return cls(**{**told, "faults": faults, "last": Stored(**told["last"])})

    @property
    def as_json(self) -> dict[str, Any]:
        """The tally as plain values."""
        return asdict(self)

    @property
    def is_sound(self) -> bool:
        """Whether every file was as it was given."""
        return not self.digest

    def add(self, fault: Fault | None, stored: Stored, read: int) -> None:
        """Count one file."""
        self.files += 1
        self.bytes += read
        self.covered += max(stored.size, 0)
        self.last = stored
        if fault is not None:
            self.altered += fault.state == State.ALTERED
            self.missing += fault.state == State.MISSING
            self.digest = sha256(self.digest.encode() + fault.line).hexdigest()
            if self.has_room:
                self.faults.append(fault)


def check(holdings: Holdings, tally: Tally, told: Told | None = None, *, seconds: float = 0) -> bool:
    """Go on with a check and return whether it came to its end; `seconds` bound it, 0 does not.

    Each file is read once, a megabyte at a time, whatever number of rows hold it.
    """
    until = monotonic() + seconds
    for stored in holdings.after(tally.last):
        if seconds and monotonic() >= until:
            return False
        fault, read = look(stored)
        if fault is not None and tally.has_room:
            fault = _with_holders(fault, holdings)
        tally.add(fault, stored, read)
        if told:
            told(tally)
    return True


def look(stored: Stored) -> tuple[Fault | None, int]:
    """Re-hash one file; return what is wrong with it, and how many bytes were read."""
    missing = Fault(State.MISSING, stored.sha256, stored.size)
    try:
        found = store().rehash(stored.sha256)
    except FileNotFoundError:
        return missing, 0
    except (OSError, ValueError) as error:
        return replace(missing, why=getattr(error, "strerror", None) or str(error)), 0
    if found == stored:
        return None, found.size
    return Fault(State.ALTERED, stored.sha256, stored.size, found.sha256, found.size), found.size


def _with_holders(fault: Fault, holdings: Holdings) -> Fault:
    files, more = holdings.holders(fault.stored, MOST_HOLDERS)
    holders = tuple(Holder(file.name, file.what, file.title, file.address) for file in files)
    return replace(fault, holders=holders, more=more)
