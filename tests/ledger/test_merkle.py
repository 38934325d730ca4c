"""The tree against the published vectors of Certificate Transparency and against its own definition (RFC 9162)."""

import pytest

from ledger.merkle import (
    EMPTY_ROOT,
    Frontier,
    consistency_path,
    inclusion_path,
    is_consistent,
    leaf_hash,
    node_hash,
    over,
    root_from_inclusion,
    root_of,
)

# The inputs and roots that the Certificate Transparency implementations publish for their reference tree.
INPUTS = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
# Hashes of inner nodes in the consistency proofs that are published for it.
ROOTS_OF_NODES = {
    "d1": "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
    "d2": "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
    "d4": "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    "l45": "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
    "l67": "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
    "l03": "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
}
LEAVES = [leaf_hash(bytes.fromhex(text)) for text in INPUTS]


def plain_root(leaves: list[bytes]) -> bytes:
    """MTH of RFC 9162 section 2.1.1, word for word."""
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return node_hash(plain_root(leaves[:k]), plain_root(leaves[k:]))


def test_the_empty_tree_hashes_nothing() -> None:
    assert EMPTY_ROOT.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert root_of([]) == Frontier().root == EMPTY_ROOT


@pytest.mark.parametrize("size", range(1, 9))
def test_roots_are_the_published_ones(size: int) -> None:
    assert root_of(LEAVES[:size]).hex() == ROOTS[size - 1]


@pytest.mark.parametrize("size", range(1, 65))
def test_every_inclusion_path_leads_to_the_root(size: int) -> None:
    leaves = [leaf_hash(bytes([number])) for number in range(size)]
    root = plain_root(leaves)
    frontier = Frontier()
    for leaf in leaves:
        frontier.append(leaf)
    assert frontier.root == root_of(leaves) == root
    assert len(frontier.roots) == size.bit_count()
    for index, leaf in enumerate(leaves):
        path = inclusion_path(index, size, over(leaves))
        assert root_from_inclusion(leaf, index, size, path) == root


def test_a_frontier_goes_on_where_it_was_stored() -> None:
    half = Frontier()
    for leaf in LEAVES[:5]:
        half.append(leaf)
    rest = Frontier(half.size, half.roots)
    for leaf in LEAVES[5:]:
        rest.append(leaf)
    assert rest.root.hex() == ROOTS[7]


def test_a_path_proves_only_its_own_leaf_in_its_own_place() -> None:
    path = inclusion_path(3, 8, over(LEAVES))
    root = root_of(LEAVES)
    assert root_from_inclusion(LEAVES[4], 3, 8, path) != root
    assert root_from_inclusion(LEAVES[3], 2, 8, path) != root
    assert root_from_inclusion(LEAVES[3], 3, 8, path[::-1]) != root


@pytest.mark.parametrize(
    ("index", "size", "cut"),
    [(8, 8, slice(None)), (-1, 8, slice(None)), (3, 8, slice(2)), (3, 4, slice(None))],
    ids=["beyond", "negative", "short path", "long path"],
)
def test_a_path_that_does_not_fit_is_refused(index: int, size: int, cut: slice) -> None:
    with pytest.raises(ValueError, match=r"path|outside"):
        root_from_inclusion(LEAVES[3], index, size, inclusion_path(3, 8, over(LEAVES))[cut])


@pytest.mark.parametrize("second", range(1, 34))
def test_every_consistency_path_holds_and_only_for_its_own_trees(second: int) -> None:
    leaves = [leaf_hash(bytes([number])) for number in range(second)]
    new = plain_root(leaves)
    for first in range(1, second + 1):
        old = plain_root(leaves[:first])
        path = consistency_path(first, second, over(leaves))
        assert is_consistent(first, old, second, new, path)
        assert not is_consistent(first, leaf_hash(b"other"), second, new, path)
        assert not is_consistent(first, old, second, leaf_hash(b"other"), path)
        assert not is_consistent(first, old, second, new, [*path, old])
        assert not path or not is_consistent(first, old, second, new, path[:-1])


def test_the_published_consistency_proofs() -> None:
    """The proofs that Certificate Transparency implementations publish for the reference tree."""
    published = {
        (1, 8): [ROOTS_OF_NODES["d1"], ROOTS_OF_NODES["d2"], ROOTS_OF_NODES["d4"]],
        (6, 8): [ROOTS_OF_NODES["l45"], ROOTS_OF_NODES["l67"], ROOTS_OF_NODES["l03"]],
    }
    for (first, second), expected in published.items():
        assert [node.hex() for node in consistency_path(first, second, over(LEAVES))] == expected


def test_no_proof_leads_from_nothing_or_backwards() -> None:
    for first, second in ((0, 8), (5, 4)):
        with pytest.raises(ValueError, match="no smaller"):
            consistency_path(first, second, over(LEAVES))
        assert not is_consistent(first, EMPTY_ROOT, second, root_of(LEAVES[:second]), [])
    assert is_consistent(8, root_of(LEAVES), 8, root_of(LEAVES), [])
