"""Our canonical bytes are those of RFC 8785 wherever we have any."""

import json
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from ledger.canonical import NotCanonical, canonical

text = st.text(st.characters(exclude_categories=["Cs"]))
keys = st.text(st.characters(max_codepoint=127))
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | text,
    lambda inner: st.lists(inner) | st.dictionaries(keys, inner),
    max_leaves=30,
)


@given(values)
def test_equal_to_rfc_8785(value: Any) -> None:
    data = canonical(value)
    assert data == rfc8785.dumps(value)
    assert json.loads(data) == value


@pytest.mark.parametrize(
    "value",
    [1.0, float("nan"), 2**53, -(2**53), {"ä": 1}, {1: 2}, "\ud800", ["\udfff"], {"a": {1.5}}, b"bytes", object()],
)
def test_anything_else_is_refused(value: Any) -> None:
    with pytest.raises(NotCanonical):
        canonical({"deep": [value]})


def test_order_of_writing_does_not_matter() -> None:
    assert canonical({"b": 1, "a": (True, None)}) == b'{"a":[true,null],"b":1}'
