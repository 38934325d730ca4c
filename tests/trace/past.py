"""Put a database back as a backup would: the whole file, and the anchors beside it where somebody backed those up."""

import shutil
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection


@dataclass(frozen=True, slots=True)
class Backup:
    """A copy of the SQLite database, and of ANCHOR_ROOT."""

    database: Path
    anchors: Path

    def restore(self, *, with_anchors: bool) -> None:
        """Put the database back, and the anchors if they are to be as old."""
        _copy(self.database, Path(connection.settings_dict["NAME"]))
        if with_anchors:
            shutil.rmtree(settings.ANCHOR_ROOT)
            shutil.copytree(self.anchors, settings.ANCHOR_ROOT)


def a_backup(folder: Path) -> Backup:
    """Back up what there is now."""
    backup = Backup(folder / "backup.sqlite3", folder / "backup-anchors")
    _copy(Path(connection.settings_dict["NAME"]), backup.database)
    shutil.copytree(settings.ANCHOR_ROOT, backup.anchors)
    return backup


def _copy(source: Path, target: Path) -> None:
    connection.close()
    with sqlite3.connect(source) as old, sqlite3.connect(target) as new:
        old.backup(new)
    old.close()
    new.close()
