"""Proofs out of the database are those of the whole tree, at the price of a few queries."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.actor import Actor
from aims.models import Aims
from ledger.actions import checkpoint
from ledger.merkle import RUN, consistency_path, inclusion_path, over, root_from_inclusion, root_of
from ledger.models import Leaf
from ledger.receipts import proof_of
from ledger.tree import Tree
from tests.ledger.make import a_long_log

SIZE = 3 * RUN + 77
PLACES = (1, 2, RUN, RUN + 1, 2 * RUN + 100, 3 * RUN, 3 * RUN + 1, SIZE)


def test_every_path_is_that_of_the_whole_tree(aims: Aims) -> None:
    log = a_long_log(aims.pk, SIZE)
    leaves = [bytes.fromhex(leaf) for leaf in Leaf.objects.order_by("number").values_list("leaf_hash", flat=True)]
    for size in (SIZE, 3 * RUN, 2 * RUN + 1, 100):
        tree, whole = Tree(log, size), over(leaves[:size])
        assert tree.root == root_of(leaves[:size])
        for number in (place for place in PLACES if place <= size):
            path = tree.inclusion(number)
            assert path == inclusion_path(number - 1, size, whole)
            assert root_from_inclusion(leaves[number - 1], number - 1, size, path) == tree.root
            assert tree.consistency(number) == consistency_path(number, size, whole)


@pytest.mark.db_both
def test_a_proof_reads_two_runs_at_most(aims: Aims, officer: Actor) -> None:
    log = a_long_log(aims.pk, SIZE)
    row = checkpoint(aims.pk)
    for number in PLACES:
        with CaptureQueriesContext(connection) as queries:
            assert proof_of(log, number, b"", row).startswith("c2sp.org/tlog-proof@v1\n")
        assert len(queries) <= 3
