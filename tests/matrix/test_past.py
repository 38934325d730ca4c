"""At every page: a past date shows what stood then, or says that there is no past, and nothing can be changed there."""

import pytest
from django.urls import resolve

from accounts import clock
from desk.context import OF_ANY_DATE, PAGES
from tests.matrix.asking import World, ask, case_of, trying
from tests.matrix.rows import tenant_models, watching
from tests.matrix.tenant import CHIEF
from tests.matrix.urls import INSIDE
from tests.routes import ROUTES

PAGES_INSIDE = sorted(name for name in INSIDE & ROUTES.keys() if not name.startswith("api:"))
SHOW_ANY_DATE = {
    "assessments:triggers",
    *("soa:workbench", "soa:checks", "soa:versions", "soa:version", "soa:compare", "soa:entry", "soa:export"),
    *("judging:system", "systems:list", "systems:detail", "systems:yaml", "systems:yaml_file"),
    *("soa:applies", "systems:applies", "systems:eu"),
    *("systems:completeness", "systems:inventory", "systems:inventory_file"),
    *(
        "evidence:list",
        "evidence:detail",
        "evidence:export",
        "evidence:download",
    ),
    *("assessments:list", "assessments:detail", "assessments:risks", "assessments:risk"),
    *("assessments:portfolio", "assessments:history", "assessments:law", "assessments:law-of-system"),
    *("changes:list", "changes:detail", "changes:export", "criteria:untreated"),
}


def test_the_list_of_pages_with_a_past_is_the_views_own(world: World) -> None:
    marked = set()
    for name in PAGES_INSIDE:
        with case_of(world, name) as case:
            view = resolve(case.place(case.own, world.ours.aims.slug)).func
            marked |= {name} if getattr(view, "shows_the_past", False) else set()
    assert marked == SHOW_ANY_DATE
    assert {name for name, *_rest in PAGES} & marked == OF_ANY_DATE


@pytest.mark.parametrize("name", PAGES_INSIDE)
def test_a_past_date_is_taken_or_told_and_changes_nothing(world: World, name: str) -> None:
    chief, today = world.clients[CHIEF], clock.today(world.ours.aims.time_zone).isoformat()
    with case_of(world, name) as case:
        place = case.place(case.own, world.ours.aims.slug)
        with trying(), watching() as touched:
            for method in ("POST", "PUT", "PATCH", "DELETE"):
                for day in (today, "nonsense"):
                    answer = ask(chief, method, f"{place}?as_of={day}", {"name": "New", "seen": "1"})
                    assert answer.status_code == 409
                    assert "Nothing was saved" in answer.content.decode()
        assert not touched & tenant_models().keys()
        if case.route.gets:
            with trying():
                _takes_a_date(case.name, place, today, chief)


def _takes_a_date(name: str, place: str, today: str, chief: object) -> None:
    plain = ask(chief, "GET", place, {"page": "1"}).status_code  # type: ignore[arg-type]
    answer = ask(chief, "GET", place, {"as_of": today, "page": "1"})  # type: ignore[arg-type]
    if name in SHOW_ANY_DATE:
        assert answer.status_code in (plain, 302)
        return
    assert (answer.status_code, answer["Location"]) == (302, f"{place}?page=1")
    after = chief.get(answer["Location"])  # type: ignore[attr-defined]
    assert after.status_code == plain
    if b"<html" in getattr(after, "content", b"") and plain == 200:
        assert "This page has no past: it shows today." in after.content.decode()
