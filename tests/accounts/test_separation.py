"""Whoever had a hand in something judges it in nobody's name."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from accounts.actor import Actor, ActorKind, Authority, Principal
from accounts.roles import Role
from accounts.separation import apart, had_a_hand, hands

PEOPLE = st.integers(min_value=1, max_value=6)
ROLES = st.sampled_from(list(Role))


def principal(person: int) -> Principal:
    return Principal(person, f"p{person}", f"Person {person}")


@st.composite
def actors(draw: st.DrawFn) -> Actor:
    me = draw(PEOPLE)
    others = [None, *(principal(person) for person in range(1, 7) if person != me)]
    held = draw(st.lists(st.tuples(ROLES, st.sampled_from(others)), max_size=6))
    authorities = tuple(Authority(n, role, "", "", None, None, of) for n, (role, of) in enumerate(held))
    return Actor(ActorKind.HUMAN, me, "", "", f"p{me}", "password", authorities)


@given(actors(), st.sets(st.one_of(PEOPLE, PEOPLE.map("p{}".format), st.none())))
def test_no_authority_of_whoever_had_a_hand_is_left(actor: Actor, people: set[int | str | None]) -> None:
    in_it = hands(people)
    left = apart(actor, in_it).authorities
    numbers = {int(str(hand).removeprefix("p")) for hand in in_it}
    if actor.user_id in numbers:
        assert had_a_hand(actor, in_it)
        assert left == ()
    else:
        kept = [held for held in actor.authorities if not held.deputy_of or held.deputy_of.user_id not in numbers]
        assert list(left) == kept


@given(actors(), PEOPLE, ROLES)
def test_owning_goes_with_the_role_it_is_held_under(actor: Actor, owner: int, role: Role) -> None:
    under = [held for held in actor.authorities if held.role == role]
    whose = {held.deputy_of.user_id if held.deputy_of else actor.user_id for held in under}
    assert actor.owns(owner, role) == (owner in whose)
    assert not replace(actor, is_looking_back=True).owns(owner, role)
    first = actor.on_behalf_of(owner).authorities[:1]
    theirs = [held for held in actor.authorities if held.deputy_of and held.deputy_of.user_id == owner]
    assert not theirs or first == (theirs[0],)


def test_nobody_is_no_hand() -> None:
    service = Actor(ActorKind.SERVICE, None, "reports", "", "service-reports", "internal")
    assert hands([None, 3], ["x"]) == {3, "x"}
    assert not had_a_hand(service, hands([None]))
