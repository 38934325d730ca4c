"""The walk finds bugs: each class of them is planted once, and the walk has to fail over it, and over nothing else."""

import pytest
from django.db import connection

from tests.matrix.asking import Found, World
from tests.matrix.seeds import SEEDS, Seed
from tests.matrix.walk import walked


@pytest.mark.parametrize("seed", SEEDS, ids=lambda seed: seed.bug.replace(" ", "-"))
def test_a_planted_bug_is_found(world: World, seed: Seed) -> None:
    if connection.vendor == "postgresql":
        pytest.skip("the database's own wall stands before most of these")
    with seed.plant(world), pytest.raises(Found, match=seed.says):
        walked(world, seed.route, seed.check)
