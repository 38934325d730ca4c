"""How a session was opened: with Assay's own password, or through the identity provider of one organisation.

Whoever runs an organisation's provider decides who comes in by it, so it opens that organisation and no other.
"""

import re
from dataclasses import asdict, dataclass
from typing import Any

from django.http import HttpRequest

KEY = "signed_in"
PASSWORD = "password"  # noqa: S105  (a method's name)
TELLABLE = re.compile(r"[A-Za-z0-9._:/=-]{1,120}")
MOST = 8


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The method, and for a provider: whose it is, by which identity, what it says of how it asked, and the address
    at which it is asked again."""

    method: str = PASSWORD
    aims_id: int | None = None
    identity_id: int | None = None
    amr: tuple[str, ...] = ()
    acr: str = ""
    way: str = ""

    @property
    def auth_method(self) -> str:
        """What records say, such as `oidc amr=mfa,pwd acr=high`; words that a chain should not hold are left out."""
        amr = ",".join(word for word in self.amr[:MOST] if TELLABLE.fullmatch(word))
        parts = [self.method, f"amr={amr}" if amr else "", f"acr={self.acr}" if TELLABLE.fullmatch(self.acr) else ""]
        return " ".join(part for part in parts if part)

    def opens(self, aims_id: int) -> bool:
        """Whether the session may enter this organisation at all."""
        return self.aims_id is None or self.aims_id == aims_id


def signed_in(request: HttpRequest) -> SignedIn:
    """Return how the session of a request was opened."""
    kept: dict[str, Any] | None = request.session.get(KEY)
    return SignedIn(**kept | {"amr": tuple(kept["amr"])}) if kept else SignedIn()


def forget(request: HttpRequest) -> None:
    """Count the session as opened by Assay itself."""
    request.session.pop(KEY, None)


def remember(request: HttpRequest, facts: SignedIn) -> None:
    """Keep it in the session, after `login` has begun a new one."""
    request.session[KEY] = asdict(facts)
