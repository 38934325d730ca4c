"""One's own profile."""

import pytest

from accounts.actions import edit_profile
from accounts.actions.edit_profile import NotEditable, Profile
from tests.make import a_person


def test_a_profile_is_saved(db: None) -> None:
    row = edit_profile(a_person(), Profile(" Ana Lima ", "Head of AI", "Europe/Lisbon", single_keys=False))
    row.refresh_from_db()
    assert (row.name, row.job_title, row.time_zone, row.single_keys) == (
        "Ana Lima",
        "Head of AI",
        "Europe/Lisbon",
        False,
    )


@pytest.mark.parametrize(
    ("profile", "field"),
    [
        (Profile(" "), "name"),
        (Profile("Ana", time_zone="Mars/Olympus"), "time_zone"),
        (Profile("Ana", language="tlh"), "language"),
    ],
)
def test_nonsense_is_refused(db: None, profile: Profile, field: str) -> None:
    person = a_person("Before")
    with pytest.raises(NotEditable) as refusal:
        edit_profile(person, profile)
    assert refusal.value.field == field
    person.refresh_from_db()
    assert person.name == "Before"
