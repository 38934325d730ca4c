"""The Merkle tree of RFC 9162 section 2: leaves, the frontier that grows it, roots, and proofs."""

from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256

EMPTY_ROOT = sha256(b"").digest()
RUN_LEVEL = 8
RUN = 1 << RUN_LEVEL

RootOver = Callable[[int, int], bytes]


def leaf_hash(data: bytes) -> bytes:
    """Hash an entry, with the leaf's domain prefix 0x00."""
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash two subtrees, with the node's domain prefix 0x01."""
    return sha256(b"\x01" + left + right).digest()


class Frontier:
    """The roots of the full subtrees of a log, largest first: all it takes to append and to know the root."""

    def __init__(self, size: int = 0, roots: Iterable[bytes] = ()) -> None:
        self.size = size
        self.roots = list(roots)

    def append(self, leaf: bytes) -> bytes | None:
        """Add one leaf hash in O(log n); return the root over the run of 256 leaves that it fills, if it does."""
        size, node, level, run = self.size, leaf, 0, None
        while size & 1:
            node = node_hash(self.roots.pop(), node)
            size >>= 1
            level += 1
            if level == RUN_LEVEL:
                run = node
        self.roots.append(node)
        self.size += 1
        return run

    @property
    def root(self) -> bytes:
        """The tree's root over all leaves so far."""
        if not self.roots:
            return EMPTY_ROOT
        node = self.roots[-1]
        for left in reversed(self.roots[:-1]):
            node = node_hash(left, node)
        return node


def root_of(leaves: Sequence[bytes]) -> bytes:
    """Return the root over leaf hashes."""
    frontier = Frontier()
    for leaf in leaves:
        frontier.append(leaf)
    return frontier.root


def _split(size: int) -> int:
    return 1 << (size - 1).bit_length() - 1


def inclusion_path(index: int, size: int, root_over: RootOver) -> list[bytes]:
    """Return the audit path of leaf `index` (from 0) in the tree over the first `size` (RFC 9162 section 2.1.3.1)."""
    path: list[bytes] = []
    low, high = 0, size
    while high - low > 1:
        middle = low + _split(high - low)
        if index < middle:
            path.append(root_over(middle, high))
            high = middle
        else:
            path.append(root_over(low, middle))
            low = middle
    return path[::-1]


def consistency_path(first: int, second: int, root_over: RootOver) -> list[bytes]:
    """Return the proof that the tree over `first` leaves begins the one over `second` (RFC 9162 section 2.1.4.1)."""
    if not 0 < first <= second:
        raise ValueError("A consistency proof leads from a tree with leaves to one that is no smaller.")
    path: list[bytes] = []
    low, high, is_whole = 0, second, True
    while first - low < high - low:
        middle = low + _split(high - low)
        if first <= middle:
            path.append(root_over(middle, high))
            high = middle
        else:
            path.append(root_over(low, middle))
            low, is_whole = middle, False
    return ([] if is_whole else [root_over(low, high)]) + path[::-1]


def over(leaves: Sequence[bytes]) -> RootOver:
    """Return the roots over parts of a list of leaf hashes, as the paths ask for them."""
    return lambda low, high: root_of(leaves[low:high])


def root_from_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes:
    """Return the root that an audit path leads to, raising ValueError when path and place do not fit."""
    if not 0 <= index < size:
        raise ValueError("The leaf's number lies outside the tree.")
    node, place, last = leaf, index, size - 1
    for step in path:
        if last == 0:
            raise ValueError("The path is longer than the tree is high.")
        if place & 1 or place == last:
            node = node_hash(step, node)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            node = node_hash(node, step)
        place, last = place >> 1, last >> 1
    if last:
        raise ValueError("The path is shorter than the tree is high.")
    return node


def is_consistent(first: int, first_root: bytes, second: int, second_root: bytes, path: Sequence[bytes]) -> bool:
    """Whether the path proves that the smaller tree begins the larger one (RFC 9162 section 2.1.4.2)."""
    if first == second:
        return not path and first_root == second_root
    if not 0 < first < second or not path:
        return False
    steps = [first_root, *path] if first & (first - 1) == 0 else list(path)
    place, last = first - 1, second - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    old = new = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            old, new = node_hash(step, old), node_hash(step, new)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            new = node_hash(new, step)
        place, last = place >> 1, last >> 1
    return last == 0 and old == first_root and new == second_root
