"""The list of systems as a table that leaves: one row a system, no cell that a spreadsheet runs."""

import io
import zipfile
from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from accounts.cells import csv_bytes, xlsx_bytes
from systems.models import AiSystem, Stage
from systems.sync.exporting import exports

EPOCH = (1980, 1, 1, 0, 0, 0)


def table() -> list[list[str]]:
    """Return headings and a row for each system, by code; one query."""
    rows = AiSystem.objects.select_related("owner", "file").order_by("code")
    return [_headings(), *(list(_row(row)) for row in rows)]


def as_csv() -> bytes:
    """The list as CSV."""
    return csv_bytes(table())


def as_xlsx() -> bytes:
    """The list as a workbook, every cell a text."""
    return xlsx_bytes(_("AI systems"), table())


def as_zip() -> bytes:
    """Every system as a file of YAML, in one archive; the same systems make the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for each in exports():
            archive.writestr(zipfile.ZipInfo(each.name, EPOCH), each.data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _headings() -> list[str]:
    return [
        *(_("Reference"), _("Id"), _("Name"), _("Purpose"), _("Owner"), _("Unit")),
        *(_("Stage"), _("Stage the record says"), _("In scope"), _("Reason")),
        *(_("Environment"), _("Data sensitivity"), _("Risk tier")),
        *(_("Supplier"), _("Model"), _("Version"), _("File"), _("Commit")),
    ]


def _row(row: AiSystem) -> Iterable[str]:
    file = getattr(row, "file", None)
    claimed = str(Stage(row.claimed_stage).label) if row.claimed_stage in Stage.values else row.claimed_stage
    scope = {None: "", True: _("yes"), False: _("no")}[row.is_in_scope]
    owner = row.owner.display_name if row.owner else row.owning_team
    yield from (row.code, row.key, row.name, row.purpose, owner, row.unit)
    yield from (str(row.get_stage_display()), claimed, scope, row.scope_reason)
    yield from (row.environment, row.data_sensitivity, row.risk_tier)
    yield from (row.supplier, row.model_name, row.model_version)
    yield from _where(file)


def _where(file: object) -> Iterator[str]:
    yield getattr(file, "path", "")
    yield getattr(file, "commit", "")
