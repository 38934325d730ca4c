"""The cover, the document control, the scope and the approval."""

from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

from reports.paper import words
from reports.paper.glyphs import GLYPHS
from reports.paper.meta import Meta, PastVersion, Signature
from reports.paper.shapes import Approval, Pair, Scope, Step, Table

NEWEST = 6


def version_words(meta: Meta) -> str:
    """Say which version this is and in which state."""
    if meta.is_draft:
        return _("Draft, not approved")
    if meta.as_of:
        return _("%(n)s, in force on %(day)s") % {"n": meta.number, "day": words.long_day(meta.as_of)}
    return _("%(n)s, %(state)s") % {"n": meta.number, "state": meta.state.lower()}


def cover(body: dict[str, Any], meta: Meta, edition: str, classification: str) -> tuple[Pair, ...]:
    """Return the facts at the foot of the cover."""
    when = words.long_day(meta.approved.at) if meta.approved else words.DASH
    facts = [
        (_("Version"), version_words(meta)),
        (_("Approved"), when) if not meta.is_draft else (_("Made"), words.long_day(meta.generated_at)),
    ]
    if code := body["aims"].get("document_code"):
        facts.append((_("Document"), code))
    return (*facts, (_("Edition"), edition), (_("Class"), classification))


def control(body: dict[str, Any], meta: Meta, *, is_full: bool) -> tuple[Pair, ...]:
    """Return the facts of document control; long ones are cut, the scope chapter has them whole."""
    aims, scope = body["aims"], body.get("scope") or {}
    systems = [s for s in body.get("systems") or [] if s.get("is_in_scope")]
    facts = [
        (_("Title"), _("Statement of Applicability, AI management system")),
        (_("Edition"), _edition(is_full=is_full)),
        (_("Version"), version_words(meta)),
        (_("Scope"), _scope(scope)),
        (_("AI roles"), ", ".join(words.role(code) for code in aims.get("roles_played") or [])),
        (_("Jurisdictions"), words.listed([str(item) for item in aims.get("jurisdictions") or []])),
        (_("State shown"), _state(meta)),
    ]
    if is_full:
        facts.insert(5, (_("AI systems"), words.listed([f"{s['name']} ({s['code']})" for s in systems], 8)))
        facts += [(_("Submitted by"), _who(meta.submitted)), (_("Approved by"), _who(meta.approved))]
    facts += [(_("Checkpoint"), _checkpoint(meta)), (_("Signed by"), _signer(meta))]
    return tuple((label, text) for label, text in facts if text)


def _edition(*, is_full: bool) -> str:
    if is_full:
        return _(
            "For the certification body, complete. A customer edition holds controls, applicability and reasons only."
        )
    return _("For customers: controls, applicability and reasons only.")


def _scope(scope: dict[str, Any]) -> str:
    if not scope:
        return _("No scope statement has been made.")
    since = words.long_day(scope.get("effective_on"))
    text = words.excerpt(scope.get("text") or "", 260)
    return _("%(text)s Scope statement, version %(n)s, %(day)s.") % {"text": text, "n": scope["number"], "day": since}


def _who(signature: Signature | None) -> str:
    return ", ".join(part for part in (signature.name, signature.job_title) if part) if signature else ""


def _state(meta: Meta) -> str:
    when = words.instant(meta.frozen_at)
    return _("As it stood on %(when)s UTC.") % {"when": when}


def _checkpoint(meta: Meta) -> str:
    """Print the signed note whole: who keeps this page can hold the log to it, whatever becomes of the log."""
    if meta.checkpoint is None:
        return ""
    given = {"n": words.grouped(meta.checkpoint.size), "when": words.instant(meta.checkpoint.made_at)}
    text = _("The chain held %(n)s records on %(when)s UTC. Attached to this file, and here as it was signed:") % given
    lines = format_html_join("", "{}<br>", ((line,) for line in meta.checkpoint.note.split("\n")[:-1]))
    return format_html('{}<code class="note">{}</code>', text, lines)


def _signer(meta: Meta) -> str:
    if meta.certificate is None:
        return ""
    text = format_html(_("{}, certificate with this SHA-256:"), meta.certificate.name)
    return format_html("{}<br>{}", text, words.fingerprint(meta.certificate.fingerprint))


def versions(meta: Meta, *, is_full: bool) -> Table:
    """Return the newest versions; a customer reads numbers and dates only."""
    shown = meta.history[:NEWEST]
    if not is_full:
        rows = tuple((str(item.number), words.day(item.approved_at)) for item in shown)
        return Table((_("Version"), _("Approved")), rows, "versions-short")
    heads = (_("Version"), _("Approved"), _("Approver"), _("What changed"), _("Record"))
    return Table(heads, tuple(_past(item) for item in shown), "versions")


def _past(item: PastVersion) -> tuple[str, ...]:
    what = words.excerpt(item.summary, 140) or words.DASH
    return str(item.number), words.day(item.approved_at), item.approver or words.DASH, what, words.record(item.record)


def scope(body: dict[str, Any], *, is_full: bool) -> Scope:
    """Return the scope chapter; a customer reads the scope and its boundaries only."""
    given = body.get("scope") or {}
    title = _("Scope statement, version %(n)s") % {"n": given["number"]} if given else _("Scope")
    return Scope(
        title,
        given.get("text") or _("No scope statement has been made."),
        given.get("boundaries") or "",
        given.get("sites") or "",
        _systems(body) if is_full else None,
        _obligations(body) if is_full else None,
    )


def _systems(body: dict[str, Any]) -> Table:
    heads = (_("AI system"), _("Purpose"), _("Roles, stage"), _("Supplier, model"), _("In scope"))
    return Table(heads, tuple(_system(item) for item in body.get("systems") or []), "systems")


def _system(item: dict[str, Any]) -> tuple[str, ...]:
    roles = ", ".join(words.role(code) for code in item.get("roles_played") or [])
    model = " ".join(part for part in (item.get("model_name"), item.get("model_version")) if part)
    said = {True: _("Yes"), False: _("No")}.get(item.get("is_in_scope"), _("Not said"))  # type: ignore[arg-type]
    return (
        f"{item['code']} {item['name']}",
        words.excerpt(item.get("purpose") or "", 240) or words.DASH,
        "; ".join(part for part in (roles, words.stage(item.get("stage") or "")) if part),
        ", ".join(part for part in (item.get("supplier"), model) if part) or words.DASH,
        ". ".join(part for part in (said, words.excerpt(item.get("scope_reason") or "", 160)) if part),
    )


def _obligations(body: dict[str, Any]) -> Table:
    rows = tuple(
        (
            item["code"],
            item["title"],
            words.obligation(item["kind"]),
            item.get("party") or words.DASH,
            item.get("source") or words.DASH,
        )
        for item in body.get("obligations") or []
    )
    return Table((_("Code"), _("Obligation"), _("Kind"), _("Party"), _("Source")), rows, "obligations")


def approval(meta: Meta, organisation: str) -> Approval:
    """Return the last chapter of an approved version."""
    steps = [(_("Submitted"), meta.submitted), (_("Approved"), meta.approved)]
    by_record = words.record(meta.approved.record) if meta.approved else words.DASH
    checks = [
        _(
            "Compute the SHA-256 of the file and compare it with the one that Assay shows beside the report. "
            "The file does not print its own."
        ),
        _("Compare the content digest below with the one that approval record %(n)s names.") % {"n": by_record},
    ]
    if meta.checkpoint:
        checks.append(
            _(
                "Check that record %(n)s lies under the checkpoint printed under document control: the certification "
                "pack holds its proof, and python3 verify.py --pin takes the checkpoint that is attached to this file."
            )
            % {"n": by_record}
        )
    if meta.certificate:
        checks.append(
            _(
                "Check the signature of the file: it covers the whole document, "
                "and its certificate has the SHA-256 printed under document control."
            )
        )
    return Approval(
        _(
            "Version %(n)s of this Statement of Applicability is approved for top management. "
            "The approval names the content digest below."
        )
        % {"n": meta.number},
        tuple(_step(what, signature) for what, signature in steps if signature),
        meta.warnings,
        tuple(checks),
        meta.digest,
    )


def _step(what: str, signature: Signature) -> Step:
    return Step(what, signature.name, signature.job_title, words.instant(signature.at), words.record(signature.record))


def marks() -> tuple[tuple[Any, str, str], ...]:
    """Return how to read the marks."""
    return (
        (GLYPHS["done"], _("Implemented."), _("In use for every AI system in scope.")),
        (GLYPHS["half"], _("Partly."), _("In use for some AI systems, or some parts are missing.")),
        (GLYPHS["none"], _("Planned or not started."), _("Decided; a date stands beside it where there is one.")),
        (GLYPHS["na"], _("Excluded."), _("Does not apply, on the ground given.")),
        (GLYPHS["minor"], _("Nonconforming."), _("An open finding stands against it.")),
        (GLYPHS["open"], _("Undecided."), _("Nobody has settled yet whether it applies.")),
    )
