"""README.html: what an auditor reads first, and understands in a minute."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.template import Context
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ledger.notes import Key
from reports.html import engine
from reports.pack.content import Content
from reports.paper import words

if TYPE_CHECKING:
    from reports.pack.build import Frame, Report


@dataclass(frozen=True, slots=True)
class Part:
    """One folder or file of the pack: where it is, what it is, and how much of it there is."""

    path: str
    title: str
    about: str


def readme_of(content: Content, report: "Report", frame: "Frame", key: Key) -> str:
    """Print the page; it needs nothing outside itself."""
    version = content.version
    context = {
        "organisation": content.aims.organisation,
        "is_demo": content.aims.is_demo,
        "code": frame.code,
        "made_at": words.instant(frame.made_at),
        "as_of": words.instant(content.instant),
        "version": version.number,
        "approver": version.decided_by.display_name if version.decided_by else "",
        "approved_on": words.long_day(version.decided_at.date()) if version.decided_at else "",
        "digest": version.digest,
        "content_digest": content.digest,
        "records": words.grouped(frame.checkpoint.size),
        "checkpoint": frame.checkpoint.text,
        "key": key.text,
        "parts": _parts(content, report),
        "controls": ", ".join(content.selection.controls),
    }
    return engine().get_template("reports/pack/readme.html").render(Context(context))


def _parts(content: Content, report: "Report") -> list[Part]:
    files = sum(len(item.files) for item in content.items if content.selection.takes_files_of(item, content.since))
    pages = ngettext("%(n)s page", "%(n)s pages", report.pages) % {"n": report.pages}
    items = ngettext("%(n)s item", "%(n)s items", len(content.items)) % {"n": len(content.items)}
    count = ngettext("%(n)s file", "%(n)s files", files) % {"n": files}
    parts = [
        Part(report.path, _("The Statement of Applicability, signed PDF"), pages),
        Part("statement/statement.json", _("The same statement for machines, exactly as it was approved"), ""),
        Part("assessments/", _("AI system impact assessments, as they were decided"), str(len(content.assessments))),
        Part("evidence/index.csv", _("What proves it, with dates and sums; index.json for machines"), items),
        Part("evidence/", _("The evidence files, in the versions that were current"), count),
        *(Part(f"{section.folder}/", section.title, section.about) for section in content.sections),
        Part("chain/", _("The governance chain: records, texts, leaves, keys, checkpoints, receipts"), ""),
        Part("MANIFEST.txt", _("The SHA-256 of every file, signed by the chain's key"), ""),
        Part("pack.json", _("What this pack is, for machines"), ""),
    ]
    return [part for part in parts if part.path != "evidence/" or files]
