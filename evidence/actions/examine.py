"""Have files looked at after they came, and keep what was found: by a scanner, and of their words."""

from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import clock
from accounts.actor import Actor
from accounts.context import current_aims_id
from accounts.refusals import Refusal, require
from aims.models import Aims
from aims.queries import steward
from duties.actions import close_tasks, open_task
from evidence.events import QUARANTINED, RELEASED
from evidence.models import Evidence, File, FileText, Scan, Verdict
from evidence.permissions import may_rescan
from jobs.actions import enqueue
from jobs.models import Job
from ledger.actions import record
from ledger.change import Facts

KIND = "evidence.examine"
TASK = "quarantine"


class NoScanner(Refusal):
    """There is nobody to ask."""


def ask_to_examine(key: str, *, actor: Actor, retry: bool = False, again: tuple[str, ...] = ()) -> Job:
    """Write the job that looks at whatever waits; `key` makes it unique in the AIMS, such as a version or a day.

    `retry` asks the scanner once more about what it did not answer, `again` about these hashes whatever it said.
    """
    aims_id = current_aims_id()
    payload = {"retry": retry, "again": list(again)}
    return enqueue(KIND, dedupe_key=f"{aims_id}:{key}", actor=actor, payload=payload, aims_id=aims_id)


def scan_again(evidence: Evidence, *, is_on: bool, actor: Actor) -> Job:
    """Ask the scanner once more about every file of an item; asking changes nothing governed, so it is not recorded."""
    require(may_rescan(actor), _("Files are scanned again by compliance officers and administrators."))
    if not is_on:
        raise NoScanner(_("No scanner is set up for this installation."))
    sums = File.objects.filter(evidence_version__evidence=evidence.pk).values_list("sha256", flat=True)
    return ask_to_examine(f"{evidence.code}:{actor.request_id}", actor=actor, again=tuple(sorted(set(sums))))


@transaction.atomic
def note_scan(
    sha256: str, size: int, verdict: Verdict, *, found: str = "", why: str = "", engine: str = "", actor: Actor
) -> Scan:
    """Keep what the scanner said; a finding quarantines every item that holds the bytes, and is lifted by a clean scan.

    The chain hears of it only when the standing changes. The row itself can be neither changed nor removed.
    """
    before = Scan.objects.filter(sha256=sha256).exclude(verdict=Verdict.NOT_SCANNED).order_by("-pk").first()
    was_found = before is not None and before.verdict == Verdict.FOUND
    row = Scan(
        aims_id=current_aims_id(),
        sha256=sha256,
        size=size,
        verdict=verdict,
        found=found[:200],
        why=why[:200],
        engine=engine[:120],
        scanned_at=clock.now(),
    )
    row.save()
    if verdict == Verdict.FOUND and not was_found:
        _quarantine(row, actor)
    elif verdict == Verdict.CLEAN and was_found:
        _release(row, actor)
    return row


def _quarantine(row: Scan, actor: Actor) -> None:
    owner, slug = steward(), Aims.objects.values_list("slug", flat=True).get(pk=row.aims_id)
    for evidence, files in _holders(row):
        record(QUARANTINED, evidence, actor=actor, change=Facts({}, {"found": row.found}), evidence=files)
        title = _("%(found)s was found in a file of %(code)s") % {"found": row.found, "code": evidence.code}
        address = reverse("evidence:detail", args=[slug, evidence.code])
        open_task(
            TASK, f"{evidence.ref}:{row.sha256[:16]}", title, owner_id=owner.pk if owner else None, address=address
        )


def _release(row: Scan, actor: Actor) -> None:
    for evidence, files in _holders(row):
        record(RELEASED, evidence, actor=actor, change=Facts({}, {"found": "nothing"}), evidence=files)
        close_tasks(TASK, f"{evidence.ref}:{row.sha256[:16]}", actor=actor)


def _holders(row: Scan) -> list[tuple[Evidence, list[dict[str, Any]]]]:
    """Return the items that hold these bytes, each with its versions as a record's `evidence` lists them."""
    files = File.objects.filter(sha256=row.sha256).select_related("evidence_version__evidence").order_by("pk")
    held: dict[Evidence, list[dict[str, Any]]] = {}
    for file in files:
        version = file.evidence_version
        entry = {"id": version.evidence.code, "version": version.number, "sha256": file.sha256, "size": file.size}
        entries = held.setdefault(version.evidence, [])
        if entry not in entries:
            entries.append(entry)
    return list(held.items())


def note_words(sha256: str, text: str, *, pages: int, why: str) -> FileText:
    """Keep the words of stored bytes for searching; they are drawn from the file, so the chain hears nothing."""
    kept = {"text": text, "pages": pages, "why": "" if text else why[:200] or "?", "read_at": clock.now()}
    row, _is_new = FileText.objects.update_or_create(aims_id=current_aims_id(), sha256=sha256, defaults=kept)
    return row
