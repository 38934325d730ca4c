"""What a snapshot holds: its logs, its migrations, its stored files; read through whatever connection is in use."""

from collections.abc import Iterable

from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from aims.models import Aims
from backup.form import Log as LogHead
from config.release import RELEASE
from evidence.integrity.holdings import Holdings
from evidence.ports import stored_files
from ledger.holding import within
from ledger.models import Checkpoint, Log, Waiting


def version() -> str:
    """Return Assay's own version."""
    return RELEASE


def logs() -> tuple[LogHead, ...]:
    """Return the head of every log, those of removed AIMS too, with its newest checkpoint."""
    slugs = dict(Aims.objects.values_list("pk", "slug"))
    return tuple(_head(log, slugs.get(log.aims_id, "")) for log in Log.unscoped.order_by("pk"))


def _head(log: Log, slug: str) -> LogHead:
    with within(log.aims_id):
        newest = Checkpoint.unscoped.filter(log=log).order_by("-size").first()
    waiting = Waiting.unscoped.filter(aims_id=log.aims_id).count()
    return LogHead(slug, log.origin, log.size, log.root, waiting, newest.text if newest else "")


def migrations() -> dict[str, str]:
    """Return the newest migration that was applied of each app."""
    return newest(MigrationRecorder(connection).applied_migrations())


def newest(names: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return the last name of each app; migrations are numbered."""
    heads: dict[str, str] = {}
    for app, name in names:
        heads[app] = max(heads.get(app, ""), name)
    return dict(sorted(heads.items()))


def take_files(holdings: Holdings) -> None:
    """Note every stored file that the snapshot names."""
    tenants = {*Aims.objects.values_list("pk", flat=True), *Log.unscoped.values_list("aims_id", flat=True)}
    for aims_id in sorted(tenants):
        with within(aims_id):
            holdings.take(stored_files())
