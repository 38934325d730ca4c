"""What the room of operations knows of a system's evaluations, as a change asks for it."""

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse

from changes.ports import Evaluation
from operations.models import Sense
from operations.queries import runs_since
from systems.models import AiSystem


def evaluations(system: AiSystem, since: datetime) -> Iterator[Evaluation]:
    """Return the runs at the version in use since an instant, the newest first; one query."""
    base = reverse("operations:evaluations", args=[system.aims.slug, system.code])
    for run in runs_since(system, since):
        yield Evaluation(
            ref=run.ref,
            title=str(run),
            benchmark=run.benchmark,
            value=run.value(run.metric),
            threshold=run.threshold,
            has_passed=run.passed is True,
            at=run.done_at,
            address=f"{base}{run.code}/",
            lower_is_better=run.sense == Sense.AT_MOST,
        )
