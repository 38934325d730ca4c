"""What a provider says about whom it has signed in, the same for both protocols."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Self

from accounts.refusals import Refusal


class NotAsserted(Refusal):
    """The provider's answer is not to be believed; the message says what is wrong with it, for an administrator."""


@dataclass(frozen=True, slots=True)
class Asserted:
    """Who, by (issuer, subject), with what the provider knows of them and of how it asked."""

    issuer: str
    subject: str
    email: str = ""
    email_verified: bool = False
    name: str = ""
    amr: tuple[str, ...] = ()
    acr: str = ""
    asked_at: datetime | None = None

    def kept(self) -> dict[str, Any]:
        """Return it as JSON."""
        return asdict(self) | {"amr": list(self.amr), "asked_at": self.asked_at.isoformat() if self.asked_at else None}

    @classmethod
    def from_kept(cls, kept: dict[str, Any]) -> Self:
        """Read what `kept` wrote."""
        at = kept["asked_at"]
        return cls(**kept | {"amr": tuple(kept["amr"]), "asked_at": datetime.fromisoformat(at) if at else None})
