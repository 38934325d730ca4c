"""A browser at which the officer sits."""

import pytest
from django.test import Client

from accounts.actor import Actor
from aims.models import Aims
from tests.make import signed_in


@pytest.fixture
def browser(aims: Aims, officer: Actor) -> Client:
    return signed_in(officer)
