"""What this room asks of rooms it cannot see: which stored files are theirs."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file that the store keeps for a row: what it has to be, what it is called, what it belongs to.

    `what` is the typed reference, such as `evidence:EV-023@3`; `address` its page, or nothing.
    """

    sha256: str
    size: int
    name: str
    what: str
    title: str
    address: str


Provider = Callable[[], Iterator[StoredFile]]

_providers: list[Provider] = []


def stores_files(provider: Provider) -> Provider:
    """Register who names stored files of the AIMS in context, one at a time; called from `AppConfig.ready`.

    What nobody names is neither checked nor backed up.
    """
    if provider not in _providers:
        _providers.append(provider)
    return provider


def stored_files() -> Iterator[StoredFile]:
    """Return every stored file of the AIMS in context, the same bytes once for each row that holds them."""
    return chain.from_iterable(provider() for provider in _providers)
