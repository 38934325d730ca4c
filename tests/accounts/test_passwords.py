"""Which passwords are taken, and what a new one ends."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from accounts.models import User
from tests.accounts.make import entered
from tests.make import PASSWORD, a_person


@pytest.mark.parametrize(
    ("password", "taken"),
    [
        ("short", False),
        ("elevenchars", False),
        ("passwordpassword", False),
        ("Password2026!!", False),
        ("123456789012", False),
        ("qwertyuiopas", False),
        ("aaaabbbbccccdddd", False),
        ("letmeinletmeinletmein", False),
        ("ana.lima.example", False),
        ("Ana Katharina Lima", False),
        (PASSWORD, True),
        ("Ωμέγα και άλφα μαζί", True),
    ],
)
def test_passwords_are_long_uncommon_and_unlike_their_person(password: str, taken: bool) -> None:
    person = User(email="ana.lima@example.org", name="Ana Katharina Lima")
    if taken:
        validate_password(password, person)
    else:
        with pytest.raises(ValidationError):
            validate_password(password, person)


def test_a_new_password_ends_the_other_sessions(db: None) -> None:
    person = a_person()
    here, there = entered(person), entered(person)
    new = "another horse battery staple"
    told = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert here.post("/accounts/password/change/", told).status_code == 302
    assert [one.get("/me/").status_code for one in (here, there)] == [200, 302]
