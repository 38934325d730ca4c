from hashlib import sha256
from itertools import islice

from django.db import migrations

RUN = 256


def fill(apps, schema_editor):
    """Write the root over every full run of 256 leaves that was numbered before such roots were kept."""
    log_model, leaf_model, subtree_model = (apps.get_model("ledger", name) for name in ("Log", "Leaf", "Subtree"))
    for log in log_model.unscoped.filter(size__gte=RUN):
        leaves = leaf_model.unscoped.filter(log=log).order_by("number").values_list("leaf_hash", flat=True).iterator()
        for number in range(1, log.size // RUN + 1):
            root = root_over([bytes.fromhex(leaf) for leaf in islice(leaves, RUN)])
            subtree_model.unscoped.create(log=log, aims_id=log.aims_id, number=number, root=root.hex())


def root_over(nodes):
    while len(nodes) > 1:
        nodes = [sha256(b"\x01" + nodes[at] + nodes[at + 1]).digest() for at in range(0, len(nodes), 2)]
    return nodes[0]


class Migration(migrations.Migration):

    dependencies = [
        ('ledger', '0003_proof'),
    ]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
