"""Who is let in, and what those get who name a thing of others: exactly what they get for a thing that is not there."""

from typing import Any, AnyStr

from django.urls import reverse

from accounts.context import acting_in
from accounts.roles import Role
from tests.matrix.asking import CHIEF, METHODS, NOWHERE, ROLES, Case, World, ask, trying
from tests.matrix.reading import spellings, told
from tests.matrix.rows import watching
from tests.matrix.tenant import ANONYMOUS, DISABLED, ENDED, GUEST, HEIR, MACHINES, REVOKED, STRANGER, Visitor

HTMX = {"hx-request": "true"}
FEW = ("GET", "POST", "DELETE")


def outsiders(world: World, case: Case) -> None:
    """Nobody who does not belong learns whether something is there, by any method."""
    sent_away = (ANONYMOUS, DISABLED)
    strangers = [REVOKED, ENDED, STRANGER] + (
        [f"{STRANGER}'s {kind}" for kind in (*MACHINES.values(), GUEST)] * case.is_api
    )
    with trying(), watching() as touched:
        for name in sent_away:
            for method in FEW:
                _sent_to_sign_in(world, case, name, method)
        for name in strangers:
            for method in METHODS if name == STRANGER else FEW:
                _alike(world, case, (name, method), (case.own, world.ours.aims.slug), (case.own, NOWHERE))
        for foreign in case.foreign[:1] or [case.own]:
            for method in METHODS:
                _alike(world, case, (CHIEF, method), (foreign, world.theirs.aims.slug), (foreign, NOWHERE))
        for problem in world.harm(touched):
            case.note(False, f"strangers: {problem}")


def _sent_to_sign_in(world: World, case: Case, name: str, method: str) -> None:
    client = world.clients[name]
    own = case.place(case.own, world.ours.aims.slug)
    for place in (own, case.place(case.own, NOWHERE)):
        answer = ask(client, method, place)
        if case.is_api:
            is_right = answer.status_code == 401
        else:
            is_right = answer.status_code == 302 and answer["Location"].partition("?")[0] == reverse("account_login")
        case.note(is_right, f"{name} is answered {answer.status_code} for {method} {place}")


def _alike(world: World, case: Case, who: tuple[str, str], foreign: Any, missing: Any) -> None:
    """Ask for both places; they must answer 404, and alike."""
    name, method = who
    places = [case.place(*foreign), case.place(*missing)]
    answers = [ask(world.clients[name], method, place) for place in places]
    compare(world, case, f"{name}, {method}", answers, asked=[[place] for place in places])


def compare(
    world: World, case: Case, what: str, answers: list[Any], *, asked: list[list[str]], status: int | None = 404
) -> None:
    """Hold the answer about a foreign thing to the answer about a missing one."""
    first, second = (told(answer, *words) for answer, words in zip(answers, asked, strict=True))
    if status is not None:
        case.note(first[0] == status, f"{what}: a foreign thing is answered {first[0]}, not {status}")
    case.note(first[0] == second[0], f"{what}: a foreign thing is answered {first[0]}, a missing one {second[0]}")
    case.note(first[1] == second[1], f"{what}: the headers differ: {_apart(first[1], second[1])}")
    case.note(first[2] == second[2], f"{what}: the bodies differ: {where_apart(first[2], second[2])}")
    for answer, words in zip(answers, asked, strict=True):
        found = [leak for leak in world.leaks(answer) if not any(leak.lower() in word.lower() for word in words)]
        case.note(not found, f"{what}: the answer holds {', '.join(found)} of theirs")


def _apart(first: dict[str, str], second: dict[str, str]) -> str:
    return ", ".join(sorted({key for key, _value in set(first.items()) ^ set(second.items())}))


def where_apart(first: AnyStr, second: AnyStr) -> str:
    """Where two texts begin to differ."""
    place = next((n for n, pair in enumerate(zip(first, second, strict=False)) if pair[0] != pair[1]), 0)
    return f"{first[max(0, place - 40) : place + 60]!r} against {second[max(0, place - 40) : place + 60]!r}"


def strange_things(world: World, case: Case) -> None:
    """In our own AIMS, a thing of theirs is answered as one that is not there: to who may do all, to who may do least,
    and to who belongs to both."""
    methods = [*(["GET"] * case.route.gets), *([case.route.writes] * bool(case.route.writers))]
    for foreign, missing in zip(case.foreign, case.missing, strict=True):
        for name in (CHIEF, "certifier", HEIR):
            for method in methods[:1] if name == HEIR else methods:
                _strange(world, case, (name, method), foreign, missing)


def _strange(world: World, case: Case, who: tuple[str, str], foreign: Any, missing: Any) -> None:
    name, method = who
    slug, more = world.ours.aims.slug, _more(world, case)
    with trying(), watching() as touched:
        answers, asked = [], []
        for params in (foreign, missing):
            place = case.place(params, slug)
            words = [
                place,
                *(text for key, value in params.items() if value != case.own.get(key) for text in spellings(value)),
            ]
            body, headers = ({}, HTMX) if method == "GET" else (more, {})
            answers.append(ask(world.clients[name], method, place, body, **headers))
            asked.append(words)
        status = 404 if name == CHIEF else None
        compare(world, case, f"{name}, {method} of {foreign}", answers, asked=asked, status=status)
        for problem in world.harm(touched):
            case.note(False, f"{name}, {method} of {foreign}: {problem}")


def roles(world: World, case: Case) -> None:
    """Each role may what the table says, and no more."""
    place = case.place(case.own, world.ours.aims.slug)
    for name in ROLES:
        _by_hand(world, case, name, place)
    for method in _refused(case):
        answer = ask(world.clients[CHIEF], method, place)
        case.note(answer.status_code == 405, f"{CHIEF} is answered {answer.status_code} for {method}, not 405")
    if not case.is_api:
        _tokens_open_no_page(world.clients, case, place)
        return
    for kind, name in MACHINES.items():
        if case.route.gets:
            _held_to(world, case, (name, "GET"), place, is_let=True)
        if case.route.writers:
            is_let = not case.route.in_person and not (case.route.only_people and kind != "personal")
            _held_to(world, case, (name, case.route.writes), place, is_let=is_let)


def _by_hand(world: World, case: Case, name: str, place: str) -> None:
    """Hold one role to the table."""
    if case.route.gets:
        _held_to(world, case, (name, "GET"), place, is_let=name in case.route.readers)
    if case.route.writers:
        _held_to(world, case, (name, case.route.writes), place, is_let=name in case.route.writers)


def _refused(case: Case) -> list[str]:
    allowed = {"GET": case.route.gets, "HEAD": case.route.gets, case.route.writes: bool(case.route.writers)}
    return [method for method in METHODS if not allowed.get(method) and method != "HEAD"]


def _held_to(world: World, case: Case, who: tuple[str, str], place: str, is_let: bool) -> None:
    name, method = who
    with trying():
        body = _more(world, case) if method == case.route.writes else {}
        answer = ask(world.clients[name], method, place, body)
        status = answer.status_code
        shown = f"{name} is answered {status} for {method}"
        case.note(status < 500 and status not in (401, 405), shown)
        is_unseen = case.route.shows_shared and name == Role.CERTIFIER and method == "GET"
        is_closed = status == 404 if is_unseen else status in case.route.closed
        case.note(is_closed != is_let, f"{shown}, though the table says {'yes' if is_let else 'no'}")
        case.note(status != 404 or not is_let, f"{shown} of what is there")
        found = world.leaks(answer)
        case.note(not found, f"{name}, {method}: the answer holds {', '.join(found)} of theirs")


def _more(world: World, case: Case) -> dict[str, Any]:
    with acting_in(world.ours.aims, world.ours.author):
        return case.route.more(world.ours.author)


def _tokens_open_no_page(clients: dict[str, Visitor], case: Case, place: str) -> None:
    for name in MACHINES.values():
        answer = ask(clients[name], "GET", place)
        case.note(answer.status_code == 302, f"a {name} is answered {answer.status_code} for a page")
