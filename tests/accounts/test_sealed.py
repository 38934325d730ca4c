"""Keys at rest: what is sealed opens again, and only as it was, for its purpose, under its secret."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.sealed import CannotUnseal, fingerprint, seal, unseal

purposes = st.text(max_size=40)


@given(plain=st.binary(max_size=400), purpose=purposes)
def test_what_is_sealed_opens_again(plain: bytes, purpose: str) -> None:
    sealed = seal(plain, purpose)
    assert unseal(sealed, purpose) == plain
    assert unseal(memoryview(sealed), purpose) == plain  # type: ignore[arg-type]
    assert len(plain) < 8 or plain not in sealed


@given(plain=st.binary(max_size=100), at=st.integers(0), bit=st.integers(0, 7))
def test_one_bit_changed_anywhere_is_refused(plain: bytes, at: int, bit: int) -> None:
    sealed = bytearray(seal(plain, "a key"))
    sealed[at % len(sealed)] ^= 1 << bit
    with pytest.raises(CannotUnseal):
        unseal(bytes(sealed), "a key")


@given(plain=st.binary(max_size=100), at=st.integers(0))
def test_a_part_is_refused(plain: bytes, at: int) -> None:
    sealed = seal(plain, "a key")
    with pytest.raises(CannotUnseal):
        unseal(sealed[: at % len(sealed)], "a key")


@given(one=purposes, other=purposes)
def test_each_purpose_has_a_key_of_its_own(one: str, other: str) -> None:
    sealed = seal(b"plain", one)
    if one == other:
        assert unseal(sealed, other) == b"plain"
    else:
        with pytest.raises(CannotUnseal):
            unseal(sealed, other)


def test_twice_sealed_looks_different() -> None:
    assert seal(b"plain", "a key") != seal(b"plain", "a key")


def test_another_secret_opens_nothing_and_has_another_fingerprint(settings: Any) -> None:
    sealed, name = seal(b"plain", "a key"), fingerprint()
    settings.SIGNING_SECRET = "another secret"
    with pytest.raises(CannotUnseal, match="SIGNING_SECRET"):
        unseal(sealed, "a key")
    assert fingerprint() != name


def test_the_fingerprint_is_short_stable_and_no_part_of_the_secret(settings: Any) -> None:
    settings.SIGNING_SECRET = "0123456789abcdef0123456789abcdef"
    assert fingerprint() == fingerprint()
    assert len(bytes.fromhex(fingerprint())) == 8
    assert fingerprint() not in settings.SIGNING_SECRET
