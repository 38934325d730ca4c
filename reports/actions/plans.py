"""Take the PDF of a treatment plan out: each time is recorded, before the first byte leaves."""

from typing import BinaryIO

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from assessments.models import TreatmentPlan
from evidence.store import open_stored
from ledger.actions import record
from reports.actions.download import NotThere
from reports.events import PLAN_DOWNLOADED


@transaction.atomic
def download_plan(plan: TreatmentPlan, sha256: str, *, actor: Actor) -> BinaryIO:
    """Return the open file that was made of an approved plan."""
    try:
        stream = open_stored(sha256)
    except FileNotFoundError as error:
        raise NotThere(_("The file of this plan is missing from the store.")) from error
    record(PLAN_DOWNLOADED, plan, actor=actor, after_hash=sha256)
    return stream
