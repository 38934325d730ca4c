"""Typed makers of evidence."""

from collections.abc import Iterable
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.actor import Actor
from controls.models import Requirement
from evidence.actions import Content, give_evidence, give_version
from evidence.intake import taken_in
from evidence.models import Evidence, EvidenceVersion

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
