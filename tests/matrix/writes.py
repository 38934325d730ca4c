"""What is written: names of theirs are refused like names of nothing, and what no form asks for has no effect."""

from typing import Any

from django.db import connection

from accounts.context import acting_in
from tests.matrix.asking import CHIEF, Case, Seen, World, ask, looking, trying
from tests.matrix.bodies import filled
from tests.matrix.doors import compare, where_apart
from tests.matrix.planted import HASH
from tests.matrix.reading import spellings
from tests.matrix.reads import values_of
from tests.matrix.rows import rows_of, tenant_models, watching
from tests.parameters import GOOD, NAMING, PLAIN

RANDOM = ("ledger_", "accounts_token", "jobs_", "reports_signing", "reports_historicalsigning", "signon_providersecret")


def writes(world: World, case: Case) -> None:
    """Write with a good body, with one that forges what the door decides, and with names of theirs."""
    if not case.route.writers:
        return
    seen = _seen(world, case)
    body = _good(world, case, seen)
    known = NAMING.keys() | PLAIN
    unknown = sorted(name for name in {*body, *seen.names} if _plain_name(name) not in known)
    case.note(not unknown, f"parameters that tests/parameters.py does not know: {', '.join(unknown)}")
    good = _written(world, case, body, "a good body")
    forged = _written(world, case, _forged(world, seen, body) | body, "a forged body")
    if connection.vendor == "sqlite":
        case.note(good == forged, f"fields that nobody asked for have an effect: {_differing(good, forged)}")
    for name in sorted({*body, *seen.names, *_fields(seen)} & NAMING.keys()):
        _named(world, case, body, name)


def _seen(world: World, case: Case) -> Seen:
    with trying(), looking() as seen:
        ask(world.clients[CHIEF], case.route.writes, case.place(case.own, world.ours.aims.slug))
        with acting_in(world.ours.aims, world.ours.author):
            for form in seen.forms:
                for field in form.fields.values():
                    getattr(field, "queryset", None)
    return seen


def _plain_name(name: str) -> str:
    """A field's name without the prefix of its form."""
    return name.rpartition("-")[2]


def _fields(seen: Seen) -> set[str]:
    forms = {name for form in seen.forms for name in form.fields}
    return forms | {name for one in seen.serializers for name in getattr(one, "fields", {})}


def _good(world: World, case: Case, seen: Seen) -> dict[str, Any]:
    """A body that the door takes, with names of our own things."""
    with acting_in(world.ours.aims, world.ours.author):
        author = world.ours.author
        ours = {name: things[0](author) for name, things in NAMING.items() if name != "source"}
        names = {
            name: value.get("email", value.get("code", next(iter(value.values())))) for name, value in ours.items()
        }
        body = filled(seen, names)
        good = {name: GOOD[name.rpartition("-")[2]] for name in body if name.rpartition("-")[2] in GOOD}
        return body | good | case.route.more(author)


def _written(world: World, case: Case, body: dict[str, Any], what: str) -> dict[str, Any]:
    """Write, hold everything to what it was, and return what stands in the tables that were written to."""
    with trying(), watching() as touched:
        answer = ask(world.clients[CHIEF], case.route.writes, case.place(case.own, world.ours.aims.slug), body)
        is_taken = answer.status_code < 400
        case.note(is_taken != case.route.is_refused, f"{what} is answered {answer.status_code}: {_shown(body)}")
        found = world.leaks(answer)
        case.note(not found, f"{what}: the answer holds {', '.join(found)} of theirs")
        for problem in world.harm(touched):
            case.note(False, f"{what}: {problem}")
        tables = sorted(name for name in touched & tenant_models().keys() if not name.startswith(RANDOM))
        rows = {table: HASH.sub("", repr(rows_of(world.ours, table))) for table in tables}
        for table, text in rows.items():
            case.note(world.theirs.word not in text, f"{what}: our rows of {table} hold {world.theirs.word}")
        return rows


def _shown(body: dict[str, Any]) -> str:
    return ", ".join(f"{name}={str(value)[:30]}" for name, value in sorted(body.items())[:12])


def _forged(world: World, seen: Seen, body: dict[str, Any]) -> dict[str, Any]:
    """Everything that a body could claim and no door lets it."""
    them, aims = world.theirs.people["reviewer"].pk, world.theirs.aims
    keys = (
        "author",
        "asked_by",
        "by",
        "created_by",
        "decided_by",
        "given_by",
        "approved_by",
        "submitted_by",
        "granted_by",
    )
    claims: dict[str, Any] = dict.fromkeys(keys, them) | {f"{key}_id": them for key in (*keys, "owner", "user")}
    claims |= {"aims": aims.pk, "aims_id": aims.pk, "id": 987_654, "pk": 987_654, "version": 77, "number": 77}
    claims |= {
        "actor": "somebody",
        "role": "administrator",
        "roles": ["administrator"],
        "kind": "own",
        "state": "approved",
    }
    claims |= {
        "accepted_at": "2026-01-01T00:00Z",
        "withdrawn_at": "2026-01-01T00:00Z",
        "is_demo": "on",
        "digest": "0" * 64,
    }
    asked = {*body, *_fields(seen), *seen.names}
    return {name: value for name, value in claims.items() if name not in asked}


def _differing(good: dict[str, Any], forged: dict[str, Any]) -> str:
    tables = sorted(table for table in good.keys() | forged.keys() if good.get(table) != forged.get(table))
    return "; ".join(f"{table}: {where_apart(good.get(table, ''), forged.get(table, ''))}" for table in tables)


def _named(world: World, case: Case, body: dict[str, Any], name: str) -> None:
    """Put a name of theirs where the body names a thing, alone and beside one of ours."""
    place = case.place(case.own, world.ours.aims.slug)
    for foreign, missing in values_of(world, name):
        many = isinstance(body.get(name), list)
        with trying(), watching() as touched:
            client = world.clients[CHIEF]
            answers = []
            for value in (foreign, missing):
                given = [*body[name], value] if many else value
                with trying():
                    answers.append(ask(client, case.route.writes, place, body | {name: given}))
                    problems = world.harm(touched)
                for problem in problems:
                    case.note(False, f"{name}={foreign}: {problem}")
            compare(
                world, case, f"{name}={foreign}", answers, asked=[spellings(foreign), spellings(missing)], status=None
            )
