"""The reason that every act on a log is given with."""

from django.utils.translation import gettext as _

from accounts.refusals import Refusal


class NoReason(Refusal):
    """An act that only a person can answer for says why."""

    field = "reason"


def stated(reason: str) -> str:
    """Return the reason without white space around it, raising NoReason where there is none."""
    if not reason.strip():
        raise NoReason(_("Say why: the reason stays in the chain."))
    return reason.strip()
