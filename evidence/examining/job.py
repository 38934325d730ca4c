"""The job `evidence.examine`: what waits in an AIMS is scanned and read, outside transactions, a few files a job."""

from dataclasses import dataclass, replace
from time import monotonic
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from accounts import clock
from accounts.actor import service
from accounts.context import acting_in
from aims.models import Aims
from evidence.actions.examine import ask_to_examine, note_scan, note_words
from evidence.actions.suggest import ask_to_match
from evidence.examining import clamd
from evidence.examining.standing import Todo, to_examine
from evidence.models import Verdict
from evidence.reading import Document, extract
from evidence.store import open_stored
from jobs.models import Job
from jobs.registry import JobFailed, Progress

SECONDS = 120.0
MOST, MOST_AGAIN = 40, 1_000
SILENT = 3  # files about which the scanner did not answer, after which this job asks it no more
EXAMINER = service("examiner")


@dataclass(frozen=True, slots=True)
class Scanned:
    """What the scanner said of bytes, or why it said nothing."""

    verdict: Verdict
    found: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Examined:
    """What became of one file."""

    todo: Todo
    scanned: Scanned | None
    words: Document | None

    @property
    def is_unanswered(self) -> bool:
        """Whether the scanner was asked and said nothing."""
        return self.scanned is not None and self.scanned.verdict == Verdict.NOT_SCANNED


@dataclass(frozen=True, slots=True)
class Found:
    """What one job did, which engine it asked, and what waits still: to be read, or to be scanned (by hash)."""

    files: tuple[Examined, ...]
    engine: str
    is_all: bool
    again: tuple[str, ...]


def ask_nightly() -> None:
    """Look at whatever was missed, and ask the scanner again where it did not answer; once a day for each AIMS."""
    day = clock.now().date().isoformat()
    for aims in Aims.objects.filter(removed_at__isnull=True).order_by("pk"):
        with acting_in(aims, EXAMINER):
            ask_to_examine(day, actor=EXAMINER, retry=True)


def work(job: Job, progress: Progress) -> Found:
    """Look at what waits, as long as the time lasts; a file that was found harmful is not read for its words."""
    with acting_in(_aims(job), EXAMINER):
        waiting = to_examine(retry=job.payload["retry"], again=job.payload["again"])
    until, files, silent = monotonic() + SECONDS, list[Examined](), 0
    engine = clamd.version(settings.CLAMD_URL, seconds=settings.CLAMD_SECONDS) if any(t.scan for t in waiting) else ""
    for todo in waiting[:MOST]:
        if monotonic() >= until:
            break
        progress(min(99, 100 * len(files) // len(waiting)), _told(len(files), len(waiting)))
        files.append(examine(todo if silent < SILENT else replace(todo, scan=False)))
        silent += files[-1].is_unanswered
    left = waiting[len(files) :]
    again = tuple(todo.sha256 for todo in left if todo.scan)[:MOST_AGAIN] if silent < SILENT else ()
    return Found(tuple(files), engine, not left, again)


def examine(todo: Todo) -> Examined:
    """Scan and read one file, outside any transaction."""
    scanned = _scan(todo.sha256) if todo.scan else None
    is_harmful = scanned is not None and scanned.verdict == Verdict.FOUND
    return Examined(todo, scanned, _read(todo.sha256) if todo.read and not is_harmful else None)


def finish(job: Job, found: Found) -> dict[str, Any]:
    """Keep everything in the transaction that ends the job, and leave the rest to the next one."""
    with acting_in(_aims(job), EXAMINER):
        for file in found.files:
            _note(file, found.engine)
        ask_to_match([file.todo.sha256 for file in found.files if file.words and file.words.text], actor=EXAMINER)
        if not found.is_all and found.files:
            start, _plus, part = job.dedupe_key.partition(":")[2].partition("+")
            ask_to_examine(f"{start}+{int(part or 1) + 1}", actor=EXAMINER, again=found.again)
    return {"files": len(found.files)}


def _told(done: int, count: int) -> str:
    return _("%(done)s of %(all)s files") % {"done": done, "all": count}


def _note(file: Examined, engine: str) -> None:
    todo, said, words = file.todo, file.scanned, file.words
    if said is not None:
        note_scan(todo.sha256, todo.size, said.verdict, found=said.found, why=said.why, engine=engine, actor=EXAMINER)
    if words is not None:
        note_words(todo.sha256, words.text, pages=words.pages, why=words.why)


def _scan(sha256: str) -> Scanned:
    try:
        with open_stored(sha256) as stream:
            found = clamd.scan(stream, settings.CLAMD_URL, seconds=settings.CLAMD_SECONDS).found
    except clamd.NoAnswer as error:
        return Scanned(Verdict.NOT_SCANNED, why=str(error))
    except (OSError, ValueError):
        return Scanned(Verdict.NOT_SCANNED, why=_("its bytes cannot be read"))
    return Scanned(Verdict.FOUND if found else Verdict.CLEAN, found)


def _read(sha256: str) -> Document:
    try:
        with open_stored(sha256) as stream:
            return extract(stream)
    except (OSError, ValueError):
        return Document("", why=_("its bytes cannot be read"))


def _aims(job: Job) -> Aims:
    aims = Aims.objects.filter(pk=job.aims_id or 0, removed_at__isnull=True).first()
    if aims is None:
        raise JobFailed(_("The AIMS is gone."))
    return aims
