"""The kinds of record: each room declares its own, with the sentence that explains it and the roles it is open to."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from accounts.roles import EVERYONE, STEWARDS, Role

_known: dict[str, "Event"] = {}


@dataclass(frozen=True, slots=True)
class Event:
    """A verb of the past, such as `soa.decided`.

    One that binds, such as an approval, gives its taker a receipt: it is sealed at once, and pages offer its proof.
    One that `steps_up` takes a person who has confirmed who they are within 15 minutes; a token cannot.
    """

    name: str
    meaning: str
    verb: str
    roles: frozenset[Role] = field(default=EVERYONE)
    binds: bool = False
    steps_up: bool = False


def event(
    name: str,
    meaning: str,
    *,
    verb: str,
    roles: Iterable[Role] = EVERYONE,
    binds: bool = False,
    steps_up: bool = False,
) -> Event:
    """Declare an event once, for records, screens and `docs/events.md`."""
    if name in _known:
        raise ValueError(f"The event {name} is declared twice.")
    _known[name] = Event(name, meaning, verb, frozenset(roles), binds, steps_up)
    return _known[name]


def binding() -> frozenset[str]:
    """Return the names of the events whose records come with a receipt."""
    return frozenset(name for name, kind in _known.items() if kind.binds)


def known_events() -> dict[str, Event]:
    """Return all declared events by name."""
    return dict(_known)


KEEPERS = frozenset({Role.ADMINISTRATOR})
KEY_ADDED = event(
    "log.key_added",
    "The log signs with a new key from here on; the record names it.",
    verb="add key",
    roles=KEEPERS,
    steps_up=True,
)
RESUMED = event(
    "log.resumed",
    "A restored log went on under a new origin; the record names the checkpoint restored to.",
    verb="resume",
    roles=KEEPERS,
    steps_up=True,
)
SET_ASIDE = event(
    "log.set_aside",
    "An unsealed record that Assay did not write was set aside.",
    verb="set aside",
    roles=KEEPERS,
    steps_up=True,
)
SENT = event("checkpoint.sent", "A checkpoint was sent to a named auditor; the record names its SHA-256.", verb="send")
TIMESTAMPED = event(
    "checkpoint.timestamped",
    "A timestamp service confirmed when a checkpoint existed; the record names the SHA-256 of its token.",
    verb="timestamp",
)
ERASED = event(
    "text.erased",
    "A text beside the chain was erased; its commitment stays.",
    verb="erase",
    roles=STEWARDS,
    steps_up=True,
)
