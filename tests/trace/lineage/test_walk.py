"""The walk itself, over graphs made up of letters."""

from collections.abc import Callable, Iterable
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from trace.lineage.shapes import Asked, Edge, Reach
from trace.lineage.walk import Walked, by_kind, walk

LETTERS = st.sampled_from("abcdef").map(lambda letter: f"x:{letter}")
EDGES = st.lists(
    st.builds(Edge, LETTERS, LETTERS, st.just("r"), st.sampled_from(Reach)).filter(
        lambda edge: edge.source != edge.target
    ),
    max_size=14,
)


def telling(edges: Iterable[Edge], *, backwards: bool, calls: list[int] | None = None) -> Callable[[Asked], list[Edge]]:
    """A provider of these edges."""
    held = list(edges)

    def tell(asked: Asked) -> list[Edge]:
        if calls is not None:
            calls.append(len(asked.of("x")))
        refs = {f"x:{code}" for code in asked.of("x")}
        return [edge for edge in held if (edge.source if backwards else edge.target) in refs]

    return tell


def walked(
    edges: Iterable[Edge], start: str = "x:a", *, backwards: bool = True, depth: int = 9, limit: int = 99
) -> Walked:
    return walk(start, [telling(edges, backwards=backwards)], backwards=backwards, depth=depth, limit=limit)


def chain_of(*letters: str, reach: Reach = Reach.THROUGH) -> list[Edge]:
    """Each rests on the next."""
    refs = [f"x:{letter}" for letter in letters]
    return [Edge(one, other, "r", reach) for one, other in pairwise(refs)]


def test_through_goes_on_both_ways() -> None:
    edges = chain_of("a", "b", "c")
    assert walked(edges).refs == ("x:b", "x:c")
    assert walked(edges, "x:c", backwards=False).refs == ("x:b", "x:a")


def test_beside_is_shown_next_to_the_subject_only() -> None:
    edges = [*chain_of("a", "b", reach=Reach.BESIDE), *chain_of("b", "c")]
    assert walked(edges).refs == ("x:b",)
    further = [*chain_of("a", "b"), *chain_of("b", "c", reach=Reach.BESIDE)]
    assert walked(further).refs == ("x:b",)
    assert walked(further, "x:c", backwards=False).refs == ("x:b",)


def test_frozen_ends_going_back_and_begins_at_the_subject_going_forward() -> None:
    edges = [*chain_of("a", "b"), *chain_of("b", "c", reach=Reach.FROZEN), *chain_of("c", "d")]
    back = walked(edges)
    assert back.refs == ("x:b", "x:c")
    assert list(back.frozen) == ["x:c"]
    assert walked(edges, "x:c", backwards=False).refs == ("x:b", "x:a")
    assert walked(edges, "x:d", backwards=False).refs == ("x:c",)


def test_what_is_reached_otherwise_too_is_not_frozen() -> None:
    edges = [*chain_of("a", "b", reach=Reach.FROZEN), *chain_of("a", "c", "b", "d")]
    found = walked(edges)
    assert found.refs == ("x:b", "x:c", "x:d")
    assert found.frozen == {}


def test_circles_end() -> None:
    assert walked(chain_of("a", "b", "c", "a")).refs == ("x:b", "x:c")


def test_depth_is_said_to_have_cut() -> None:
    found = walked(chain_of("a", "b", "c"), depth=1)
    assert (found.refs, found.is_cut) == (("x:b",), True)
    assert not walked(chain_of("a", "b", "c"), depth=3).is_cut


def test_a_limit_counts_what_it_leaves_out() -> None:
    edges = [edge for letter in "bcdef" for edge in chain_of("a", letter)]
    found = walked(edges, limit=2)
    assert (found.refs, len(found.left_out)) == (("x:b", "x:c"), 3)


def test_nothing_is_asked_without_providers() -> None:
    found = walk("x:a", [], backwards=True, depth=3, limit=9)
    assert (found.refs, found.is_asked) == ((), False)


def test_references_are_grouped_by_kind() -> None:
    assert by_kind(["a:1", "b:2", "a:3@4:5"]) == {"a": ["1", "3@4:5"], "b": ["2"]}


@given(EDGES)
def test_back_and_forward_are_each_others_mirror(edges: list[Edge]) -> None:
    through = [edge for edge in edges if edge.reach is Reach.THROUGH]
    for start in "abcdef":
        for end in walked(through, f"x:{start}").refs:
            assert f"x:{start}" in walked(through, end, backwards=False).refs


@given(EDGES, st.booleans())
def test_every_layer_is_asked_once(edges: list[Edge], backwards: bool) -> None:
    calls: list[int] = []
    tell = telling(edges, backwards=backwards, calls=calls)
    found = walk("x:a", [tell], backwards=backwards, depth=9, limit=99)
    assert len(calls) <= 6
    assert sum(calls) <= 6
    assert all(found.distances[ref] >= 1 for ref in found.refs)
    assert "x:a" not in found.refs
