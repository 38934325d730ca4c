"""One log checked as far as is asked: its records, what was frozen beside them, and the stored files."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from aims.models import Aims
from evidence.integrity.check import Fault, State, Tally
from evidence.integrity.check import check as check_files
from evidence.integrity.holdings import Holdings
from evidence.ports import stored_files
from ledger.actions import check_log
from ledger.holding import within
from ledger.models import Log
from ledger.verify import Verdict
from trace.ports import deep_faults

MOST = 10_000


@dataclass(frozen=True, slots=True)
class Files:
    """How many different stored files were hashed again, and how many were not what was given."""

    checked: int
    altered: int
    missing: int


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check of one log found; `slug` is empty where its AIMS has no row, `files` None unless it went deep."""

    slug: str
    verdict: Verdict
    files: Files | None = None
    deep: tuple[str, ...] = ()

    @property
    def is_sound(self) -> bool:
        """Whether nothing at all was found."""
        return self.verdict.is_sound and not self.deep

    @property
    def name(self) -> str:
        """What the log is called."""
        return self.slug or self.verdict.origin

    @property
    def as_json(self) -> dict[str, Any]:
        """The outcome as plain values."""
        told = {
            "aims": self.slug or None,
            "origin": self.verdict.origin,
            "sound": self.is_sound,
            "size": self.verdict.size,
            "root": self.verdict.root,
            "fault": self.verdict.fault,
            "checkpoints": self.verdict.checkpoints,
            "notes": list(self.verdict.notes),
        }
        if self.files is None:
            return told
        files = {"checked": self.files.checked, "altered": self.files.altered, "missing": self.files.missing}
        return told | {"files": files, "deep": list(self.deep)}


def check_logs(slug: str = "", *, is_deep: bool) -> Iterator[Checked]:
    """Check the log of one AIMS or every log, those of removed AIMS too; the verdicts are noted with the logs."""
    slugs = dict(Aims.objects.values_list("pk", "slug"))
    logs = Log.unscoped.order_by("pk")
    if slug:
        logs = logs.filter(aims_id__in=[pk for pk, name in slugs.items() if name == slug])
    for log in logs:
        yield check(log, slugs.get(log.aims_id, ""), is_deep=is_deep)


def check(log: Log, slug: str, *, is_deep: bool) -> Checked:
    """Check one log; the files are hashed outside of any transaction, and nothing is held in memory but faults."""
    verdict = check_log(log)
    if not is_deep:
        return Checked(slug, verdict)
    with Holdings() as holdings:
        with within(log.aims_id):
            faults = _first(deep_faults())
            holdings.take(stored_files())
        check_files(holdings, tally := Tally(most=MOST))
    return Checked(
        slug, verdict, Files(tally.files, tally.altered, tally.missing), (*faults, *map(words_of, tally.faults))
    )


def lines_of(one: Checked) -> Iterator[tuple[str, bool]]:
    """Return what a check found as lines, and whether each is a fault."""
    verdict = one.verdict
    if verdict.is_sound:
        yield f"{one.name}: {verdict.size} records verified, root {verdict.root}", False
    else:
        yield f"{one.name}: {verdict.fault}", True
    for note in verdict.notes:
        yield f"{one.name}: note: {note}", False
    if one.files is not None:
        files = one.files
        is_fault = bool(files.altered or files.missing)
        counts = f"{files.checked} files hashed again, {files.altered} altered, {files.missing} missing"
        yield f"{one.name}: {counts}", is_fault
    for fault in one.deep:
        yield f"{one.name}: {fault}", True


def words_of(fault: Fault) -> str:
    """Name a stored file that is not what was given, and all it belongs to."""
    holders = [f"{holder.name} of {holder.what}" for holder in fault.holders]
    more = f" and {fault.more} more" if fault.more else ""
    name = f"{', '.join(holders)}{more}"
    if fault.state == State.MISSING:
        why = f" and cannot be read ({fault.why})" if fault.why else ""
        return f"{name}: the file is missing{why}; SHA-256 {fault.sha256} was given."
    if fault.found == fault.sha256:
        return f"{name}: {fault.size} bytes were given, the file has {fault.found_size}."
    return f"{name}: the file was altered; SHA-256 {fault.sha256} was given, {fault.found} was found."


def _first(faults: Iterable[str]) -> list[str]:
    rest = iter(faults)
    kept = list(islice(rest, MOST))
    more = sum(1 for _fault in rest)
    return [*kept, f"{more} more faults are not listed."] if more else kept
