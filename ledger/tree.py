"""The tree of a log as the database holds it: roots over any part, and so proofs, without reading all leaves."""

from functools import cached_property

from ledger.merkle import RUN, consistency_path, inclusion_path, root_of
from ledger.models import Leaf, Log, Subtree


class Tree:
    """The first `size` leaves of a log; a proof reads the roots of full runs once, and the leaves of two runs."""

    def __init__(self, log: Log, size: int) -> None:
        self.log = log
        self.size = size
        self._read: dict[int, list[bytes]] = {}

    @cached_property
    def runs(self) -> list[bytes]:
        """The roots over the full runs of 256 leaves, in order."""
        rows = Subtree.unscoped.filter(log=self.log, number__lte=self.size // RUN).order_by("number")
        return [bytes.fromhex(root) for root in rows.values_list("root", flat=True)]

    def leaves(self, low: int, high: int) -> list[bytes]:
        """The leaf hashes from `low` (from 0) up to but without `high`."""
        rows = Leaf.unscoped.filter(log=self.log, number__gt=low, number__lte=high).order_by("number")
        return [bytes.fromhex(leaf) for leaf in rows.values_list("leaf_hash", flat=True)]

    def root_over(self, low: int, high: int) -> bytes:
        """The root over a part of the tree that begins where a subtree of its size may begin."""
        if high - low < RUN:
            return root_of(self._within(low, high))
        nodes = self.runs[low // RUN : high // RUN]
        rest = high - high % RUN
        return root_of([*nodes, root_of(self._within(rest, high))] if rest < high else nodes)

    def _within(self, low: int, high: int) -> list[bytes]:
        """Leaf hashes of one run, which is read once: a path asks for eight parts of it."""
        run = low // RUN
        if run not in self._read:
            self._read[run] = self.leaves(run * RUN, min((run + 1) * RUN, self.size))
        return self._read[run][low - run * RUN : high - run * RUN]

    @property
    def root(self) -> bytes:
        """The root over all of it."""
        return self.root_over(0, self.size)

    def inclusion(self, number: int) -> list[bytes]:
        """The path from record `number` (from 1) to the root."""
        return inclusion_path(number - 1, self.size, self.root_over)

    def consistency(self, first: int) -> list[bytes]:
        """The proof that the log as it was at `first` leaves is how this one begins."""
        return consistency_path(first, self.size, self.root_over)
