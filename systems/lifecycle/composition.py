"""Composition rules: which authorities and checks must agree, evaluated without a database.

A rule is a tree. Its leaves are authorities (a role, or a named function, held by so many people) and checks; what lies
above them is all of, any of, at least so many of, and "only where the system runs in these jurisdictions". More
agreement never makes a rule less satisfied.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import reduce
from itertools import combinations, islice, product
from typing import Any

from django.utils.translation import gettext as _

from accounts.roles import Role

ROLE, FUNCTION, CHECK, MANDATORY = "role", "function", "check", "mandatory"
MOST_PARTS, MOST_LEAVES, DEEPEST, MOST_WAYS, MOST_QUORUMS = 12, 40, 5, 24, 60


class BadRule(Exception):
    """What was written is no rule; the message says what is wrong with it."""


@dataclass(frozen=True, slots=True, order=True)
class Leaf:
    """An authority, that so many people have to sign under, or a check; `mandatory` stands for all that are."""

    kind: str
    key: str = ""
    people: int = 1

    @property
    def is_authority(self) -> bool:
        """Whether somebody signs for it."""
        return self.kind in (ROLE, FUNCTION)

    @property
    def name(self) -> str:
        """What a signature under it is filed as, such as role:approver."""
        return f"{self.kind}:{self.key}"


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every part has to agree."""

    parts: tuple["Rule", ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """One part is enough."""

    parts: tuple["Rule", ...]


@dataclass(frozen=True, slots=True)
class Quorum:
    """At least so many of the parts."""

    least: int
    parts: tuple["Rule", ...]


@dataclass(frozen=True, slots=True)
class Within:
    """A part that counts only where the system runs in one of these jurisdictions."""

    places: tuple[str, ...]
    part: "Rule"


Rule = Leaf | AllOf | AnyOf | Quorum | Within
DEFAULT = AllOf((Leaf(ROLE, Role.APPROVER), Leaf(MANDATORY)))


@dataclass(frozen=True, slots=True)
class Given:
    """What there is: the checks that are met, those that are mandatory, and how many signed under each authority."""

    met: frozenset[str]
    mandatory: frozenset[str]
    signed: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the rule is satisfied; which leaves it hangs on, which small sets of them suffice, what is missing.

    `necessary`: without it the rule would not be satisfied. `sufficient`: these alone satisfy it, and no fewer of them.
    """

    is_satisfied: bool = False
    necessary: tuple[Leaf, ...] = ()
    sufficient: tuple[tuple[Leaf, ...], ...] = ()
    missing: tuple[Leaf, ...] = ()
    rest: Rule | None = None


def judge(rule: Rule, places: Collection[str], given: Given) -> Verdict:
    """Evaluate a rule for a system that runs in these places."""
    asked = applying(_spelled_out(rule, given.mandatory), places) or AllOf(())
    true = frozenset(leaf for leaf in leaves(asked) if _is_true(leaf, given))
    if not holds(asked, true):
        rest = _rest(asked, true)
        return Verdict(missing=tuple(dict.fromkeys(leaves(rest))) if rest else (), rest=rest)
    necessary = tuple(sorted(leaf for leaf in true if not holds(asked, true - {leaf})))
    return Verdict(is_satisfied=True, necessary=necessary, sufficient=tuple(sorted(_sufficient(asked, true))))


def applying(rule: Rule, places: Collection[str]) -> Rule | None:
    """Return the rule without the parts that count elsewhere only, or None when nothing of it counts here."""
    match rule:
        case Leaf():
            return rule
        case Within(named, part):
            return applying(part, places) if runs_in(places, named) else None
        case _:
            parts = tuple(found for part in rule.parts if (found := applying(part, places)) is not None)
            return replace(rule, parts=parts) if parts else None


def runs_in(places: Collection[str], named: Iterable[str]) -> bool:
    """Whether a place is a named jurisdiction or a region of one, such as eu-west-1 of EU."""
    mine = [place.casefold() for place in places]
    return any(place == name or place.startswith(f"{name}-") for name in map(str.casefold, named) for place in mine)


def holds(rule: Rule, true: frozenset[Leaf]) -> bool:
    """Whether the rule is satisfied when exactly these leaves are true."""
    match rule:
        case Leaf():
            return rule in true
        case AllOf(parts):
            return all(holds(part, true) for part in parts)
        case AnyOf(parts):
            return any(holds(part, true) for part in parts)
        case Quorum(least, parts):
            return sum(holds(part, true) for part in parts) >= least
        case Within(_places, part):
            return holds(part, true)


def leaves(rule: Rule) -> Iterator[Leaf]:
    """Go through the leaves of a rule."""
    match rule:
        case Leaf():
            yield rule
        case Within(_places, part):
            yield from leaves(part)
        case _:
            for part in rule.parts:
                yield from leaves(part)


def open_authorities(rule: Rule, places: Collection[str], given: Given) -> tuple[Leaf, ...]:
    """Return the authorities that may still sign: those the rule names here that not enough people signed under."""
    asked = applying(rule, places)
    found = leaves(asked) if asked else iter(())
    return tuple(dict.fromkeys(leaf for leaf in found if leaf.is_authority and not _is_true(leaf, given)))


def takes_a_person(rule: Rule) -> bool:
    """Whether no jurisdiction lets the rule be satisfied by checks alone: somebody has to sign in every case."""
    every = frozenset(leaf for leaf in leaves(rule) if not leaf.is_authority)
    named = sorted({place.casefold() for place in _places(rule)})
    cases = [set(named), *({place} for place in named), set[str]()]
    cases += [set(pair) for pair in combinations(named, 2)]
    found = [applying(rule, case) for case in cases]
    return all(asked is not None and not holds(asked, every) for asked in found)


def _places(rule: Rule) -> Iterator[str]:
    match rule:
        case Leaf():
            return
        case Within(places, part):
            yield from places
            yield from _places(part)
        case _:
            for part in rule.parts:
                yield from _places(part)


def _spelled_out(rule: Rule, mandatory: frozenset[str]) -> Rule:
    match rule:
        case Leaf(kind="mandatory"):
            return AllOf(tuple(Leaf(CHECK, key) for key in sorted(mandatory)))
        case Leaf():
            return rule
        case Within(places, part):
            return Within(places, _spelled_out(part, mandatory))
        case _:
            return replace(rule, parts=tuple(_spelled_out(part, mandatory) for part in rule.parts))


def _is_true(leaf: Leaf, given: Given) -> bool:
    if leaf.is_authority:
        return dict(given.signed).get(leaf.name, 0) >= leaf.people
    return leaf.kind == CHECK and leaf.key in given.met


def _rest(rule: Rule, true: frozenset[Leaf]) -> Rule | None:
    """Return what is still asked for: the rule without what is satisfied."""
    if holds(rule, true):
        return None
    match rule:
        case Leaf():
            return rule
        case Within(_places, part):
            return _rest(part, true)
        case AnyOf(parts):
            return AnyOf(tuple(left for part in parts if (left := _rest(part, true))))
        case AllOf(parts):
            return AllOf(tuple(left for part in parts if (left := _rest(part, true))))
        case Quorum(least, parts):
            lacking = tuple(found for part in parts if (found := _rest(part, true)))
            return Quorum(least - (len(parts) - len(lacking)), lacking)


def _sufficient(rule: Rule, true: frozenset[Leaf]) -> set[tuple[Leaf, ...]]:
    return {tuple(sorted(_shrunk(rule, way))) for way in _ways(rule, true)}


def _shrunk(rule: Rule, way: frozenset[Leaf]) -> frozenset[Leaf]:
    for leaf in sorted(way):
        if holds(rule, way - {leaf}):
            way -= {leaf}
    return way


def _ways(rule: Rule, true: frozenset[Leaf]) -> list[frozenset[Leaf]]:
    """Return small sets of true leaves that satisfy the rule, at most MOST_WAYS."""
    match rule:
        case Leaf():
            return [frozenset({rule})] if rule in true else []
        case Within(_places, part):
            return _ways(part, true)
        case AllOf(parts):
            return reduce(_both, (_ways(part, true) for part in parts), [frozenset()])
        case AnyOf(parts):
            return _few(way for part in parts for way in _ways(part, true))
        case Quorum(least, parts):
            found = [ways for part in parts if (ways := _ways(part, true))]
            quorums = islice(combinations(found, least), MOST_QUORUMS)
            return _few(way for some in quorums for way in reduce(_both, some, [frozenset[Leaf]()]))


def _both(one: list[frozenset[Leaf]], other: list[frozenset[Leaf]]) -> list[frozenset[Leaf]]:
    return _few(left | right for left, right in product(one, other))


def _few(ways: Iterable[frozenset[Leaf]]) -> list[frozenset[Leaf]]:
    kept: list[frozenset[Leaf]] = []
    for way in sorted(set(ways), key=lambda one: (len(one), sorted(one))):
        if not any(smaller <= way for smaller in kept):
            kept.append(way)
        if len(kept) == MOST_WAYS:
            break
    return kept


def read(data: Any) -> Rule:
    """Return the rule that data says; raises BadRule with what is wrong."""
    rule = _read(data, 1)
    if sum(1 for _leaf in leaves(rule)) > MOST_LEAVES:
        raise BadRule(_("A rule names at most %d authorities and checks.") % MOST_LEAVES)
    return rule


def written(rule: Rule) -> dict[str, Any]:
    """Return a rule as data; `read` gives it back."""
    match rule:
        case Leaf(kind="mandatory"):
            return {"checks": "mandatory"}
        case Leaf(kind, key, people):
            return {kind: key} | ({"people": people} if people > 1 else {})
        case AllOf(parts):
            return {"all": [written(part) for part in parts]}
        case AnyOf(parts):
            return {"any": [written(part) for part in parts]}
        case Quorum(least, parts):
            return {"quorum": least, "of": [written(part) for part in parts]}
        case Within(places, part):
            return {"where": list(places), "rule": written(part)}


def _read(data: Any, depth: int) -> Rule:
    if depth > DEEPEST:
        raise BadRule(_("A rule is nested at most %d deep.") % DEEPEST)
    if not isinstance(data, dict):
        raise BadRule(_('Each part of a rule is an object such as {"role": "approver"}.'))
    for names, reader in _READERS.items():
        if names[0] in data:
            if unknown := set(data) - set(names):
                raise BadRule(_("A rule knows no %s.") % ", ".join(sorted(map(str, unknown))))
            return reader(data, depth)
    raise BadRule(_("A rule says all, any, quorum, where, role, function, check or checks."))


def _parts(data: Any, depth: int) -> tuple[Rule, ...]:
    if not isinstance(data, list) or not 1 <= len(data) <= MOST_PARTS:
        raise BadRule(_("Name between 1 and %d parts.") % MOST_PARTS)
    return tuple(_read(part, depth + 1) for part in data)


def _number(data: Any, most: int, words: str) -> int:
    if not isinstance(data, int) or isinstance(data, bool) or not 1 <= data <= most:
        raise BadRule(words % most)
    return data


def _quorum(data: dict[str, Any], depth: int) -> Rule:
    parts = _parts(data.get("of"), depth)
    always = sum(applying(part, ()) is not None for part in parts)
    words = _("At least how many has to lie between 1 and %d, the parts that count everywhere.")
    return Quorum(_number(data["quorum"], always, words), parts)


def _within(data: dict[str, Any], depth: int) -> Rule:
    places = data["where"]
    if not isinstance(places, list) or not places or not all(isinstance(one, str) and one.strip() for one in places):
        raise BadRule(_("Name the jurisdictions it counts in, such as EU."))
    return Within(tuple(one.strip() for one in places), _read(data.get("rule"), depth + 1))


def _leaf(data: dict[str, Any], _depth: int) -> Rule:
    kind = next(name for name in (ROLE, FUNCTION, CHECK) if name in data)
    key = data[kind]
    if not isinstance(key, str) or not key.strip() or len(key) > 80:
        raise BadRule(_("Name the %s.") % kind)
    if kind == ROLE and key not in SIGNERS:
        raise BadRule(_("Nobody signs as %s.") % key)
    return Leaf(kind, key.strip(), _number(data.get("people", 1), 9, _("Between 1 and %d people.")))


def _mandatory(data: dict[str, Any], _depth: int) -> Rule:
    if data["checks"] != MANDATORY:
        raise BadRule(_("Of checks a rule can only say mandatory; name others one by one."))
    return Leaf(MANDATORY)


SIGNERS = tuple(role.value for role in Role if role not in (Role.AUDITOR, Role.CERTIFIER))
_READERS: dict[tuple[str, ...], Callable[[dict[str, Any], int], Rule]] = {
    ("all",): lambda data, depth: AllOf(_parts(data["all"], depth)),
    ("any",): lambda data, depth: AnyOf(_parts(data["any"], depth)),
    ("quorum", "of"): _quorum,
    ("where", "rule"): _within,
    ("role", "people"): _leaf,
    ("function", "people"): _leaf,
    ("check",): _leaf,
    ("checks",): _mandatory,
}
