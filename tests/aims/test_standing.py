"""Whether a membership held at an instant, over all orders of instants."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from aims.standing import Fault, Standing, fault_of

START = datetime(2026, 1, 1, tzinfo=UTC)
hours = st.integers(0, 6).map(lambda n: START + timedelta(hours=n))
places = st.integers(1, 6).map(lambda n: (float(n), n))


def held(standing: Standing, at: datetime, place: tuple[float, int]) -> bool:
    """The rule, said once more: granted before, begun, not over, not taken back before."""
    if standing.granted is None or not standing.granted < place:
        return False
    if at < standing.begins or (standing.ends is not None and at >= standing.ends):
        return False
    if standing.revoked_at is None or standing.revoked_at > at:
        return True
    return standing.revoked_at == at and standing.revoked is not None and standing.revoked > place


@given(
    begins=hours,
    ends=st.none() | hours,
    granted=st.none() | places,
    revoked_at=st.none() | hours,
    revoked=st.none() | places,
    at=hours,
    place=places,
)
def test_a_membership_holds_from_its_grant_until_its_end(
    begins: datetime,
    ends: datetime | None,
    granted: tuple[float, int] | None,
    revoked_at: datetime | None,
    revoked: tuple[float, int] | None,
    at: datetime,
    place: tuple[float, int],
) -> None:
    standing = Standing(begins, ends, granted, revoked_at, revoked if revoked_at and revoked != place else None)
    assert (fault_of(standing, at, place) is Fault.NONE) == held(standing, at, place)


@given(at=hours, later=st.integers(1, 100))
def test_nothing_that_comes_later_changes_the_verdict(at: datetime, later: int) -> None:
    after = at + timedelta(minutes=later)
    now, then = Standing(START, None, (1.0, 1)), Standing(START, after, (1.0, 1), after, (9.0, 9))
    assert fault_of(now, at, (2.0, 2)) is fault_of(then, at, (2.0, 2)) is Fault.NONE
