"""Give evidence: a new item with its first version, its files and what it serves."""

from collections.abc import Iterable, Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.context import current_aims_id
from accounts.models import User
from accounts.refusals import require
from aims.numbering import next_code
from controls.models import Requirement
from evidence.actions.content import Content, NotGivable, check, check_owner, in_records, keep_version
from evidence.actions.link import add_links
from evidence.digest import digest_of, said_of
from evidence.events import GIVEN
from evidence.models import Evidence, EvidenceForm, EvidenceKind, LinkSource
from evidence.permissions import may_give
from ledger.actions import record
from ledger.change import Change
from systems.models import AiSystem


@transaction.atomic
def give_evidence(
    content: Content,
    *,
    actor: Actor,
    title: str = "",
    kind: EvidenceKind | str = EvidenceKind.DOCUMENT,
    owner: User | None = None,
    requirements: Iterable[Requirement] = (),
    system: AiSystem | None = None,
    reason: str = "",
    source: LinkSource = LinkSource.PERSON,
) -> Evidence:
    """Add an item of proof; without a title it is called as its first file is."""
    require(may_give(actor), _("Giving evidence takes a compliance officer, an administrator or a control owner."))
    check(content)
    evidence = begin(title or _title_from(content), kind, content.form, owner)
    change = Change.new(evidence)
    change.save(actor=actor, reason=reason)
    version, files = keep_version(evidence, 1, content, actor=actor)
    links = add_links(evidence, requirements, system=system, reason=reason, source=source, actor=actor)
    change.after |= said_of(version) | {"links": [link.requirement.ref for link in links]}
    record(
        GIVEN,
        evidence,
        actor=actor,
        change=change,
        reason=reason,
        after_hash=digest_of(evidence, version, files),
        evidence=in_records(evidence, version, files),
    )
    return evidence


@transaction.atomic
def give_each(
    content: Content,
    *,
    actor: Actor,
    kind: EvidenceKind | str,
    owner: User | None = None,
    requirements: Sequence[Requirement] = (),
    system: AiSystem | None = None,
) -> list[Evidence]:
    """Make every file an item of its own, called as the file is; all of them or none."""
    singles = [
        Content(
            files=(offered,),
            note=content.note,
            covers_from=content.covers_from,
            covers_to=content.covers_to,
            made_on=content.made_on,
            renew_by=content.renew_by,
        )
        for offered in content.files
    ]
    if not singles:
        raise NotGivable(_("Choose at least one file."), field="files")
    return [
        give_evidence(single, actor=actor, kind=kind, owner=owner, requirements=requirements, system=system)
        for single in singles
    ]


def begin(title: str, kind: EvidenceKind | str, form: EvidenceForm, owner: User | None) -> Evidence:
    """Return a new item with its reference, not yet saved; raises NotGivable for what will not do."""
    if not title.strip():
        raise NotGivable(_("Say what it is called."), field="title")
    if len(title.strip()) > 200:
        raise NotGivable(_("A title has at most 200 characters."), field="title")
    if kind not in EvidenceKind:
        raise NotGivable(_("It is a document or a record."), field="kind")
    check_owner(owner)
    return Evidence(
        aims_id=current_aims_id(), code=next_code("EV", width=3), title=title.strip(), kind=kind, form=form, owner=owner
    )


def _title_from(content: Content) -> str:
    name = content.files[0].name if content.files else ""
    stem = name.rsplit(".", 1)[0] if "." in name.strip(".") else name
    return stem.replace("_", " ").strip()[:200]
