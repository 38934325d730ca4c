"""The walk: one test a route, each in every way that the matrix knows."""

import pytest

from tests.matrix.asking import World
from tests.matrix.urls import INSIDE
from tests.matrix.walk import walked
from tests.routes import ROUTES


@pytest.mark.parametrize("name", sorted(INSIDE & ROUTES.keys()))
def test_a_route_keeps_to_its_aims_and_its_roles(world: World, name: str) -> None:
    walked(world, name)
