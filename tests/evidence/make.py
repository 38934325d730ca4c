"""Typed makers of evidence."""

from collections.abc import Iterable
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4
from zipfile import ZIP_DEFLATED, ZipFile

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.actor import Actor
from controls.models import Requirement
from evidence.actions import Content, ask_for_check, give_evidence, give_version
from evidence.actions.check import KIND
from evidence.intake import taken_in
from evidence.models import Evidence, EvidenceVersion, File, IntegrityCheck
from evidence.store import place_of
from jobs.actions import run_job
from jobs.models import Job, JobState

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def requirements(*codes: str) -> list[Requirement]:
    """Requirements of the catalogue by their ids."""
    found = {row.code: row for row in Requirement.objects.filter(code__in=codes)}
    return [found[code] for code in codes]


def an_upload(name: str = "report.pdf", data: bytes = PDF) -> SimpleUploadedFile:
    """A file as a browser sends it."""
    return SimpleUploadedFile(name, data)


def an_evidence(
    *, actor: Actor, name: str = "report.pdf", data: bytes = PDF, serves: Iterable[str] = (), **about: Any
) -> Evidence:
    """An item with one file and its first version."""
    dates = {key: about.pop(key) for key in ("covers_from", "covers_to", "made_on", "renew_by") if key in about}
    with taken_in([an_upload(name, data)]) as files:
        return give_evidence(Content(files=files, **dates), actor=actor, requirements=requirements(*serves), **about)


def a_note(*, actor: Actor, title: str = "A note", serves: Iterable[str] = (), **content: Any) -> Evidence:
    """An item that is only words, cheap to make."""
    return give_evidence(
        Content(note="Held on 3 June, minuted.", **content),
        actor=actor,
        title=title,
        requirements=requirements(*serves),
    )


def a_version(evidence: Evidence, *, actor: Actor, data: bytes = b"%PDF-2", **content: Any) -> EvidenceVersion:
    """The next version of an item."""
    content.setdefault("change_note", "Second round")
    with taken_in([an_upload(data=data)]) as files:
        return give_version(evidence, Content(files=files, **content), actor=actor)


def files_on_disk() -> list[Path]:
    """Everything under the store, staged files too."""
    return sorted(path for path in Path(settings.EVIDENCE_ROOT).rglob("*") if path.is_file())


def a_zip(**members: bytes) -> bytes:
    """A zip archive with these members; `__` in a name stands for a dot."""
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name.replace("__", "."), data)
    return out.getvalue()


def place(digest: str) -> Path:
    """Where the bytes of this hash lie."""
    return place_of(Path(settings.EVIDENCE_ROOT), digest)


def spoil(digest: str, data: bytes = b"forged") -> None:
    """Change stored bytes behind the store's back."""
    place(digest).chmod(0o600)
    place(digest).write_bytes(data)


def a_check(actor: Actor) -> IntegrityCheck:
    """Ask for a check and run it to its end."""
    job: Job | None = ask_for_check(actor=replace(actor, request_id=uuid4().hex))
    while job is not None:
        assert run_job(job.pk) == JobState.DONE
        job = Job.objects.filter(kind=KIND, state=JobState.QUEUED).first()
    return IntegrityCheck.objects.all()[0]


def the_file() -> File:
    """The file that was given last."""
    return File.objects.latest("pk")
