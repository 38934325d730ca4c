"""SHA-256, HMAC, SHA-512 and Ed25519 of the page: the published vectors, and what verify.py says of odd ones."""

import hashlib
import hmac
import random
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.reports.page.reader import VERIFIER, Reader

RFC_8032 = (
    (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60", "",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
        "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb", "72",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7", "af82",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
        "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
    (
        "833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
        "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
        "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
        "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
        "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b589"
        "09351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704",
    ),
)  # fmt: skip
RFC_4231 = (
    ("0b" * 20, "4869205468657265", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"),
    (
        "4a656665", "7768617420646f2079612077616e7420666f72206e6f7468696e673f",
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
    ),
    ("aa" * 20, "dd" * 50, "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"),
    (
        "0102030405060708090a0b0c0d0e0f10111213141516171819", "cd" * 50,
        "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b",
    ),
    (
        "aa" * 131, b"Test Using Larger Than Block-Size Key - Hash Key First".hex(),
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
    ),
    (
        "aa" * 131,
        b"This is a test using a larger than block-size key and a larger than block-size data. The key needs to be "
        b"hashed before being used by the HMAC algorithm.".hex(),
        "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2",
    ),
)  # fmt: skip
RFC_6234 = (
    (b"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
        b"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
    ),
    (b"a" * 10**6, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"),
    (b"01234567" * 80, "594847328451bdfa85056225462cc1d867d877fb388df0ce35f25ab5562bfbb5"),
)
RFC_6234_512 = (
    (
        b"abc",
        "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
        "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
    ),
    (
        b"abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrst"
        b"nopqrstu",
        "8e959b75dae313da8cf4f72814fc143f8f7779c6eb9f7fa17299aeadb6889018"
        "501d289e4900f7e4331b99dec4b5433ac7d329eeb6dd26545e96e55b874be909",
    ),
)
P, L = VERIFIER.P, VERIFIER.L
BYTES = "(text) => from_hex(utf8(text))"


def said(reader: Reader, call: str, *values: bytes) -> Any:
    """Call a function of the page with bytes."""
    return reader.page.evaluate(
        f"(given) => {{ const [a, b, c] = given.map({BYTES}); return {call}; }}", [value.hex() for value in values]
    )


def test_published_digests(reader: Reader) -> None:
    """RFC 6234 and RFC 4231."""
    for data, digest in RFC_6234:
        assert said(reader, "hex(sha256(a))", data) == digest
    for data, digest in RFC_6234_512:
        assert said(reader, "hex(sha512(a))", data) == digest
    for key, data, digest in RFC_4231:
        assert said(reader, "hex(hmac(a, b))", bytes.fromhex(key), bytes.fromhex(data)) == digest


def test_digests_of_every_length_and_in_pieces(reader: Reader) -> None:
    """Around every edge of a block, whole and cut anywhere."""
    chance = random.Random(42001)  # noqa: S311 - no secret
    for size in [*range(140), 191, 192, 255, 256, 1000, 65_537]:
        data, cut = chance.randbytes(size), chance.randint(0, size)
        assert said(reader, "hex(sha256(a))", data) == hashlib.sha256(data).hexdigest()
        assert said(reader, "hex(sha256(a, b))", data[:cut], data[cut:]) == hashlib.sha256(data).hexdigest()
        assert said(reader, "hex(sha512(a))", data) == hashlib.sha512(data).hexdigest()
        key = chance.randbytes(size % 90)
        assert said(reader, "hex(hmac(a, b))", key, data) == hmac.new(key, data, "sha256").hexdigest()


def is_signed(reader: Reader, key: bytes, text: bytes, signature: bytes) -> bool | str:
    """What the page says of a signature; it must be what verify.py says."""
    call = "(() => { try { return is_signed(a, b, c); } catch (error) { return error.message; } })()"
    told: bool | str = said(reader, call, key, text, signature)
    try:
        expected = VERIFIER.is_signed(key, text, signature)
    except VERIFIER.Fault as fault:
        expected = str(fault)
    assert told == expected
    return told


@pytest.mark.parametrize("vector", RFC_8032, ids=["empty", "one byte", "two bytes", "a digest"])
def test_published_signatures(reader: Reader, vector: tuple[str, ...]) -> None:
    """RFC 8032, section 7.1; each bit of the signature counts."""
    secret, text, key, signature = map(bytes.fromhex, vector)
    assert Ed25519PrivateKey.from_private_bytes(secret).sign(text) == signature
    assert is_signed(reader, key, text, signature) is True
    assert is_signed(reader, key, text + b"x", signature) is False
    for place in range(0, 64, 7):
        other = signature[:place] + bytes([signature[place] ^ 1 << place % 8]) + signature[place + 1 :]
        assert is_signed(reader, key, text, other) is False


def little(number: int) -> bytes:
    """32 bytes, the smallest first."""
    return number.to_bytes(32, "little")


def test_only_the_one_spelling_of_a_signature_is_one(reader: Reader) -> None:
    """No s of L or more, no length but 64, no other spelling of R; as verify.py has it, and as cryptography has it."""
    key = Ed25519PrivateKey.generate()
    public, text = key.public_key().public_bytes_raw(), b"a checkpoint\n"
    signature = key.sign(text)
    s = int.from_bytes(signature[32:], "little")
    assert is_signed(reader, public, text, signature) is True
    for other in (s + L, s + 2 * L, L, L - 1, 0, 2**256 - 1):
        assert is_signed(reader, public, text, signature[:32] + little(other)) is False
    for length in (0, 1, 31, 32, 33, 63):
        assert is_signed(reader, public, text, signature[:length]) is False
    assert is_signed(reader, public, text, signature + b"\0") is False
    assert is_signed(reader, public + b"\0", text, signature) is False
    assert is_signed(reader, public, text, little(P + 1) + signature[32:]) is False


def test_keys_that_are_no_points_and_points_of_small_order(reader: Reader) -> None:
    """Other spellings of a key are refused; points of small order sign what they sign, in both alike."""
    nothing = bytes(64)
    refused = "a key in chain/keys.txt is no point of the curve"
    for number in (P, P + 1, 2**255 - 1, 1 | 1 << 255, (P - 1) | 1 << 255, 2, 2**255 + 7):
        assert is_signed(reader, little(number), b"x", nothing) == refused, number
    identity = little(1)
    assert is_signed(reader, identity, b"x", identity + bytes(32)) is True
    assert is_signed(reader, identity, b"x", little(1 | 1 << 255) + bytes(32)) is False
    assert is_signed(reader, identity, b"x", little(P + 1) + bytes(32)) is False
    for number in (0, 1 << 255, P - 1):
        is_signed(reader, little(number), b"x", identity + bytes(32))
        is_signed(reader, little(number), b"y", little(P - 1) + bytes(32))


def test_random_signatures(reader: Reader) -> None:
    """Good ones are good, and those of another text or key are not."""
    chance = random.Random(7)  # noqa: S311 - no secret
    for size in range(12):
        key, other = (Ed25519PrivateKey.from_private_bytes(chance.randbytes(32)) for _ in range(2))
        text, public = chance.randbytes(size * 17), key.public_key().public_bytes_raw()
        assert is_signed(reader, public, text, key.sign(text)) is True
        assert is_signed(reader, public, text, other.sign(text)) is False


def test_base64_has_one_spelling(reader: Reader) -> None:
    """What Python's reader of any version refuses or spells otherwise cannot be read."""
    for text in (
        "",
        "QQ==",
        "QUI=",
        "QUJD",
        "QUJDRA==",
        "+/+/",
        "QR==",
        "QQ",
        "QQ=",
        "QQ===",
        "Q",
        "=",
        "QUJD=",
        "QQ==QQ==",
    ):
        call = "(() => { try { return hex(unb64(text_of(a))); } catch { return 'no'; } })()"
        try:
            expected = VERIFIER.unb64(text).hex()
        except ValueError:
            expected = "no"
        assert said(reader, call, text.encode()) == expected, text
    for text in ("QU JD", "QUJD\n", "QUJ-", "QUJ_", "\u00e9AAA", "QQ=\u00a0"):
        assert (
            said(reader, "(() => { try { return unb64(text_of(a)); } catch { return 'no'; } })()", text.encode())
            == "no"
        )
