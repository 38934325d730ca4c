"""The walk: one test a route, each in every way that the matrix knows; some of them on both databases."""

import pytest

from tests.matrix.asking import World
from tests.matrix.urls import INSIDE
from tests.matrix.walk import walked
from tests.routes import ROUTES

ON_BOTH = {
    *("aims:grant", "api:evidence-list", "api:soa_versions-approve", "api:systems-list", "api:systems-rely"),
    *("assessments:impact", "assessments:list", "assessments:risk", "audits:edit", "desk:overview", "desk:search"),
    *("evidence:download", "evidence:list", "reports:download", "soa:bulk", "soa:entry", "soa:workbench"),
    *("systems:detail", "systems:section", "trace:records", "trace:send"),
}
NAMES = [
    pytest.param(name, marks=pytest.mark.db_both if name in ON_BOTH else ()) for name in sorted(INSIDE & ROUTES.keys())
]


def test_what_runs_on_both_databases_is_there() -> None:
    assert ON_BOTH <= INSIDE


@pytest.mark.parametrize("name", NAMES)
def test_a_route_keeps_to_its_aims_and_its_roles(world: World, name: str) -> None:
    walked(world, name)
