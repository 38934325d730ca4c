"""What every HTML door shares: refusals put where they belong, with the status that says so."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.exceptions import PermissionDenied
from django.forms import BaseForm
from django.utils.translation import gettext as _

from accounts.refusals import Conflict, NotAllowed, Refusal


def admit(allowed: bool, message: str = "") -> None:  # noqa: FBT001
    """Answer 403 before anything else is looked at, for a verb that the actor's roles do not cover."""
    if not allowed:
        raise PermissionDenied(message or _("Your role does not allow this."))


@contextmanager
def refusals_on(form: BaseForm, field: str | None = None) -> Iterator[None]:
    """Put an action's refusal on the form (answer 422 then); NotAllowed becomes 403, Conflict passes on to the view."""
    try:
        yield
    except NotAllowed as refusal:
        raise PermissionDenied(refusal.message) from refusal
    except Conflict:
        raise
    except Refusal as refusal:
        place = refusal.field or field
        form.add_error(place if place in form.fields else None, refusal.message)


def status_of(form: BaseForm) -> int:
    """Return 422 for a form that was refused, else 200."""
    return 422 if form.is_bound and form.errors else 200


def words_on(form: BaseForm) -> str:
    """Return what is wrong with a form in one line, where there is no place beside its fields."""
    return " ".join(str(error) for errors in form.errors.values() for error in errors)
