"""Evaluations that operations keep, as results that meet a change's demand."""

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from changes import ports
from operations.models import Evaluation, Sense
from systems.models import AiSystem

SHOWN = 50


def evaluations(system: AiSystem, since: datetime) -> Iterator[ports.Evaluation]:
    """The newest fifty that were judged and stand, done since an instant; one query."""
    rows = Evaluation.objects.filter(system=system, done_at__gte=since, withdrawn_at=None, passed__isnull=False)
    for row in rows.order_by("-done_at", "-pk")[:SHOWN]:
        value = row.value(row.metric)
        yield ports.Evaluation(
            ref=row.ref,
            title=_title(row),
            benchmark=row.benchmark,
            value=None if value is None else round(value, 9),
            threshold=row.threshold,
            has_passed=bool(row.passed),
            at=row.done_at,
            address=reverse("operations:evaluation", args=[system.aims.slug, system.code, row.code]),
            lower_is_better=row.sense == Sense.AT_MOST,
        )


def _title(row: Evaluation) -> str:
    outcome = _("passed") if row.passed else _("not passed")
    version = _("of %s") % row.model_version if row.model_version else _("of no named version")
    return f"{row.code} {row.benchmark}, {version}, {outcome}"
