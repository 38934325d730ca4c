"""Bring the registry to what files say, as recorded changes; with any fault nothing is changed."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later
from simple_history.utils import bulk_create_with_history

from accounts import clock
from accounts.actor import Actor
from accounts.context import current_aims_id
from accounts.refusals import Refusal, require
from aims.models import Aims
from aims.queries import steward
from duties.actions import close_tasks, open_task
from ledger.actions import record
from ledger.change import Change, stamp
from systems.actions.edit import edit_system
from systems.actions.register_all import Newcomer, register_all
from systems.events import FILE_GONE, FILE_KEPT
from systems.first_tasks import RETIRE
from systems.models import AiSystem, RecordFile, Stage
from systems.permissions import may_edit, may_register
from systems.sync.files import Found, Source, SyncFault
from systems.sync.git import commits_of
from systems.sync.plan import SyncPlan, SyncRow, plan_of

BATCH = 250
WHO = later("Only the system's owner, a compliance officer or an administrator may edit it.")


class _Unfit(Exception):
    def __init__(self, fault: SyncFault) -> None:
        super().__init__(fault.reason)
        self.fault = fault


def with_commits(found: Found, plan: SyncPlan) -> Found:
    """Put down which commit of whom the files are from that this plan would write; asks git, so not in an action."""
    wanted = {row.path for row in plan.news}
    places = {source.place: source.data for source in found.sources if source.place and source.path in wanted}
    commits = commits_of(places) if places else {}
    sources = [_of_commit(each, commits.get(each.place or Path(), ("", ""))) for each in found.sources]
    return replace(found, sources=tuple(sources))


def sync_systems(found: Found, *, actor: Actor) -> SyncPlan:
    """Apply what the files say and return what was done; a plan with faults was not applied.

    New systems are entered in bulk; each that changed is edited by itself, and each that vanished is a task to retire.
    """
    try:
        with transaction.atomic():
            plan = plan_of(found)
            if not plan.faults:
                _apply(plan, actor)
            return plan
    except _Unfit as unfit:
        return replace(plan, faults=(unfit.fault,))


def _apply(plan: SyncPlan, actor: Actor) -> None:
    if plan.of("added"):
        require(may_register(actor), _("Registering a system takes an administrator or a compliance officer."))
    systems = _register(plan.of("added"), actor)
    for row in plan.of("changed"):
        systems[row.key] = _edit(row, actor)
    _keep_new([row for row in plan.rows if row.is_kept_anew and row.file is None], systems, actor)
    for row in plan.rows:
        if row.is_kept_anew and row.file:
            _keep(row, systems.get(row.key), actor)
    for row in plan.of("vanished"):
        _let_go(row, actor)


def _register(rows: Sequence[SyncRow], actor: Actor) -> dict[str, AiSystem]:
    newcomers = [Newcomer(row.record, _reason(row.source)) for row in rows]
    try:
        made = register_all(newcomers, actor=actor)
    except Refusal as refusal:
        raise _Unfit(SyncFault(rows[0].shown, 0, refusal.message)) from refusal
    return {row.key: system for row, system in zip(rows, made, strict=True)}


def _edit(row: SyncRow, actor: Actor) -> AiSystem:
    assert row.system  # noqa: S101  (only what is there changes)
    try:
        seen = row.system.version
        return edit_system(row.system, seen=seen, actor=actor, reason=_reason(row.source), record=row.record)
    except Refusal as refusal:
        raise _Unfit(SyncFault(row.shown, 0, refusal.message)) from refusal


def _keep_new(rows: Sequence[SyncRow], systems: dict[str, AiSystem], actor: Actor) -> None:
    """Keep the texts of files that are new, in bulk."""
    files = []
    for row in rows:
        system = systems.get(row.key) or row.system
        assert row.source  # noqa: S101  (a file that is kept is there)
        assert system  # noqa: S101
        file = RecordFile(aims_id=current_aims_id(), system=system, **_said(row.source))
        stamp(file, actor=actor, reason=_reason(row.source))
        files.append(file)
        if row.verdict == "unchanged":
            _note(row, system, actor)
    bulk_create_with_history(files, RecordFile, batch_size=BATCH)


def _keep(row: SyncRow, changed: AiSystem | None, actor: Actor) -> None:
    """Keep the text of a file that changed, moved or came back."""
    assert row.source  # noqa: S101  (a file that is kept is there)
    assert row.file  # noqa: S101  (it was kept before)
    assert row.system  # noqa: S101
    came_back = row.file.gone_at is not None
    change = Change.of(row.file, **_said(row.source), gone_at=None)
    change.save(actor=actor, reason=_reason(row.source))
    if changed is None:
        _note(row, row.system, actor)
    if came_back:
        close_tasks(RETIRE, row.system.ref, actor=actor)


def _note(row: SyncRow, system: AiSystem, actor: Actor) -> None:
    """Record that the file of a system is another one, where nothing of the system itself changed."""
    require(may_edit(actor, system), str(WHO))
    record(FILE_KEPT, system, actor=actor, reason=_reason(row.source))


def _let_go(row: SyncRow, actor: Actor) -> None:
    assert row.file  # noqa: S101  (what vanished was there)
    assert row.system  # noqa: S101
    require(may_edit(actor, row.system), str(WHO))
    reason = _("%s is not there any more.") % row.file.path
    Change.of(row.file, gone_at=clock.now()).save(actor=actor, reason=reason)
    record(FILE_GONE, row.system, actor=actor, reason=reason)
    if row.system.stage == Stage.RETIRED:
        return
    owner = row.system.owner_id or getattr(steward(), "pk", None)
    slug = Aims.objects.values_list("slug", flat=True).get(pk=current_aims_id())
    address = reverse("systems:detail", args=[slug, row.system.code])
    title = _("Retire %(name)s, or bring its file back") % {"name": row.system.name}
    open_task(RETIRE, row.system.ref, title, owner_id=owner, address=address)


def _said(source: Source) -> dict[str, str]:
    return {
        "path": source.path,
        "text": source.text,
        "commit": source.commit,
        "author": source.author,
        "sha256": source.sha256,
    }


def _reason(source: Source | None) -> str:
    """Say where it comes from: the path, and the commit where there is one."""
    if source is None or not source.commit:
        return _("Synced from %s.") % (source.path if source else "")
    return _("Synced from %(path)s at %(commit)s.") % {"path": source.path, "commit": source.commit[:12]}


def _of_commit(source: Source, commit: tuple[str, str]) -> Source:
    return replace(source, commit=commit[0], author=commit[1])
