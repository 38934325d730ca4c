"""What is read: nothing of theirs in it, and the same whether they have anything or not."""

from collections.abc import Iterable
from typing import Any

from accounts.context import acting_in
from tests.matrix.asking import CHIEF, Case, World, ask, looking, missing_of, own_case, trying
from tests.matrix.doors import compare
from tests.matrix.reading import spellings, told
from tests.matrix.rows import watching
from tests.matrix.tenant import Tenant, Visitor
from tests.parameters import NAMING, PLAIN

WAYS: dict[str, tuple[dict[str, str], dict[str, str]]] = {
    "plainly": ({}, {}),
    "by words": ({"q": "walk"}, {}),
    "as of a day": ({"as_of": "2026-06-10"}, {}),
    "for htmx": ({"q": "walk"}, {"hx-request": "true", "hx-target": "inspector"}),
    "for htmx, in a list": ({}, {"hx-request": "true", "hx-target": "system-cards"}),
}


def answers_alone(ours: Tenant, names: Iterable[str]) -> dict[str, Any]:
    """Keep what is answered now, while ours is the only AIMS."""
    kept, client = {}, ours.client(CHIEF)
    for name in names:
        with own_case(ours, name) as case:
            for way in ("plainly", "by words") if case.route.gets else ():
                with trying():
                    kept[f"{name} {way}"] = told(_asked(client, case.place(case.own, ours.aims.slug), way))
    return kept


def _asked(client: Visitor, place: str, way: str) -> Any:
    query, headers = WAYS[way]
    return ask(client, "GET", place, query, **headers)


def reads(world: World, case: Case) -> None:
    """Read in every way: no canary, nothing of theirs changed, nothing counted that is theirs."""
    if not case.route.gets:
        return
    names, place = set(case.route.asks), case.place(case.own, world.ours.aims.slug)
    for way in WAYS:
        with trying(), looking() as seen, watching() as touched:
            answer = _asked(world.clients[CHIEF], place, way)
            found = world.leaks(answer)
            case.note(answer.status_code < 500, f"read {way}: answered {answer.status_code}")
            case.note(not found, f"read {way}: the answer holds {', '.join(found)} of theirs")
            if (before := world.alone.get(f"{case.name} {way}")) is not None:
                case.note(told(answer) == before, f"read {way}: the answer differs from when they had nothing")
            for problem in world.harm(touched):
                case.note(False, f"read {way}: {problem}")
        names |= seen.names
    unknown = sorted(name for name in names if name not in NAMING and name not in PLAIN)
    case.note(not unknown, f"parameters that tests/parameters.py does not know: {', '.join(unknown)}")
    for name in sorted(names & NAMING.keys()):
        named_in_queries(world, case, name)


def values_of(world: World, name: str) -> list[tuple[Any, Any]]:
    """What a parameter can be filled with: each name of a thing of theirs, and one like it that names nothing."""
    pairs = []
    for thing in NAMING[name]:
        with acting_in(world.theirs.aims, world.theirs.author):
            pairs += [(value, missing_of(value)) for value in thing(world.theirs.author).values()]
    return pairs


def named_in_queries(world: World, case: Case, name: str) -> None:
    """A query that names a thing of theirs is answered as one that names nothing."""
    place = case.place(case.own, world.ours.aims.slug)
    for foreign, missing in values_of(world, name):
        with trying():
            client = world.clients[CHIEF]
            answers = [ask(client, "GET", place, {name: value}) for value in (foreign, missing)]
            asked = [spellings(value) for value in (foreign, missing)]
            compare(world, case, f"?{name}={foreign}", answers, asked=asked, status=None)
