"""How an action says no: a named exception, worded for its reader."""

from typing import Any

from django.utils.translation import gettext as _


class Refusal(Exception):
    """The action cannot be taken; the message says what to do instead. `field` names the input at fault.

    One that `may_pass` by itself, such as a store that is away, is worth another attempt by a job.
    """

    field: str | None = None
    may_pass: bool = False

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field or self.field


class NotAllowed(Refusal):
    """The actor's roles do not cover this verb."""


class Conflict(Refusal):
    """Someone saved the row since it was read; both texts are kept so that neither is lost."""

    def __init__(self, current: Any, offered: dict[str, Any]) -> None:
        super().__init__(_("Someone else changed this while you were editing. Both versions are shown below."))
        self.current = current
        self.offered = offered


class StepUpNeeded(Exception):
    """The act takes a person who has just confirmed who they are; no refusal: it goes through once they have."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


def require(allowed: bool, message: str = "") -> None:  # noqa: FBT001
    """Stop an action that its permission did not grant, raising NotAllowed."""
    if not allowed:
        raise NotAllowed(message or _("Your role does not allow this."))
