"""From a source to a finished PDF, signed unless it is a draft: what the job and the command share."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.conf import settings
from django.utils.translation import gettext as _

from accounts import clock
from accounts.actor import Actor
from accounts.sealed import CannotUnseal
from aims.models import Aims
from ledger.actions import checkpoint, seal_all
from ledger.models import Checkpoint
from reports.actions import signing_identity
from reports.html import assets, html_of
from reports.models import Edition
from reports.paper.build import TITLE, paper_of
from reports.paper.meta import Certificate, Meta
from reports.render import Attached, Progress, Renderer, quiet
from reports.signatory import Signatory, signatory_of
from reports.sources import Source


@dataclass(frozen=True, slots=True)
class Pressed:
    """A finished PDF; `note` says what its signature lacks."""

    pdf: bytes
    pages: int
    is_timestamped: bool = False
    note: str = ""


def checkpoint_for(aims: Aims) -> Checkpoint:
    """Return the signed checkpoint that a report carries outside, taken before it is read; raises Refusal."""
    seal_all(aims.pk, wait=True)
    try:
        return checkpoint(aims.pk)
    except CannotUnseal as error:
        raise CannotUnseal(
            _(
                "The chain cannot be signed: SIGNING_SECRET is not the one its key was sealed under. "
                "Restore it, or give the chain a new key with manage.py rotate_key."
            )
        ) from error


def signatory_for(aims: Aims, source: Source, *, actor: Actor) -> Signatory | None:
    """Return who signs the report; nobody signs a draft, which nobody has approved."""
    return None if source.meta.is_draft else signatory_of(signing_identity(aims, actor=actor))


def pressed(
    renderer: Renderer, source: Source, progress: Progress = quiet, *, signatory: Signatory | None = None
) -> Pressed:
    """Print a source's HTML, have the running child lay it out, and sign what it made."""
    meta = source.meta
    if signatory is not None:
        meta = replace(meta, certificate=certificate_of(signatory))
    html = html_of(paper_of(source.body, meta))
    return pressed_html(renderer, html, progress, signatory=signatory, reason=_reason(source), attached=_attached(meta))


def pressed_html(
    renderer: Renderer,
    html: str,
    progress: Progress = quiet,
    *,
    signatory: Signatory | None,
    reason: str,
    attached: Sequence[Attached] = (),
) -> Pressed:
    """Have the running child lay HTML out, and sign what it made where somebody signs."""
    if signatory is None:
        rendered = renderer.render(html, assets(), progress, attached=attached)
        return Pressed(rendered.pdf, rendered.pages)
    rendered = renderer.render(html, assets(), progress, meanwhile=_load, attached=attached)
    progress(88, _("Sign the PDF"))
    return _signed(Pressed(rendered.pdf, rendered.pages), signatory, reason)


def certificate_of(signatory: Signatory) -> Certificate:
    """Return what a report prints of who signs it."""
    return Certificate(signatory.name, signatory.fingerprint)


def _attached(meta: Meta) -> tuple[Attached, ...]:
    checked = meta.checkpoint
    if checked is None:
        return ()
    return (Attached(f"checkpoint-{checked.size}.txt", _("Checkpoint of the chain"), checked.note, checked.made_at),)


def _load() -> None:
    """Import what signs while the child lays pages out: it would cost a web server a quarter of a second to start."""
    import reports.signing  # noqa: F401, PLC0415  (see above)


def _signed(made: Pressed, signatory: Signatory, reason: str) -> Pressed:
    """Sign, with a timestamp where a service is set; one that fails costs the stamp and not the report."""
    from reports.signing import NoTimestamp, signed  # noqa: PLC0415  (see _load)

    at, url = clock.now(), settings.TIMESTAMP_URL
    if url:
        try:
            pdf = signed(made.pdf, signatory, at=at, reason=reason, timestamp_url=url)
            return replace(made, pdf=pdf, is_timestamped=True)
        except NoTimestamp:
            note = _("Signed without a timestamp: the timestamp service did not answer as it should.")
            made = replace(made, note=note)
    return replace(made, pdf=signed(made.pdf, signatory, at=at, reason=reason))


def _reason(source: Source) -> str:
    edition = _("customer edition") if source.meta.edition == Edition.CUSTOMER else _("complete edition")
    given = {"title": TITLE, "n": source.meta.number, "edition": edition}
    return _("%(title)s, version %(n)s, %(edition)s") % given


def file_name(source: Source) -> str:
    """Return a name that says what is inside, in ASCII."""
    aims, meta = source.body["aims"], source.meta
    start = re.sub(r"[^A-Za-z0-9._-]+", "-", aims.get("document_code") or "SoA").strip("-.") or "SoA"
    which = f"draft-{meta.generated_at:%Y-%m-%d}" if meta.is_draft else f"v{meta.number}"
    return f"{start}-{aims['slug']}-{which}-{meta.edition}.pdf"
