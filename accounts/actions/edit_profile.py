"""Change what a person says about themselves; it belongs to no AIMS, so no chain records it."""

from dataclasses import asdict, dataclass
from zoneinfo import available_timezones

from django.conf import settings
from django.db import transaction

from accounts.models import User
from accounts.refusals import Refusal


class NotEditable(Refusal):
    """The profile cannot say this."""


@dataclass(frozen=True, slots=True)
class Profile:
    """How a person is shown, and how Assay behaves for them."""

    name: str
    job_title: str = ""
    time_zone: str = "UTC"
    language: str = "en-gb"
    single_keys: bool = True


@transaction.atomic
def edit_profile(user: User, profile: Profile) -> User:
    """Save one's own profile; nobody edits another person's."""
    if not profile.name.strip():
        raise NotEditable("Give the name that colleagues and auditors know you by.", field="name")
    if profile.time_zone not in available_timezones():
        raise NotEditable(f"There is no time zone {profile.time_zone}.", field="time_zone")
    if profile.language not in dict(settings.LANGUAGES):
        raise NotEditable("Assay does not speak this language yet.", field="language")
    row = User.objects.select_for_update().get(pk=user.pk)
    for name, value in asdict(profile).items():
        setattr(row, name, value.strip() if isinstance(value, str) else value)
    row.save(update_fields=list(asdict(profile)))
    return row
