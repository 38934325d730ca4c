"""Say that something happened that an assessment may not have judged, and say what it touches."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import clock
from accounts.actor import Actor
from accounts.refusals import require
from assessments.actions.shared import NotWritable, locked, refuse_unsound, told
from assessments.events import ANSWERED, TRIGGERED
from assessments.models import Assessment, AssessmentState, Trigger
from assessments.permissions import may_report_trigger, may_write
from assessments.sections.models import Section
from assessments.triggers.kinds import TriggerKind, labels_of
from assessments.triggers.models import Said
from changes.actions import Said as SaidOfThing
from changes.actions import say_touched
from changes.models import Effect, Touched
from changes.permissions import may_say
from duties.actions import close_tasks, open_task
from ledger.actions import record
from ledger.change import Change, hold_apart

LOOK, RENEW = "assessment.look", "assessment.renew"


@dataclass(frozen=True, slots=True)
class Happened:
    """What happened: its kind, in words, and where it is told; `source` is its typed reference."""

    kind: TriggerKind
    title: str
    source: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said of one trigger as it was seen: the sections it touches, or none and why not."""

    seen: int
    sections: list[str] = field(default_factory=list)
    because: str = ""


@transaction.atomic
def pull(assessment: Assessment, happened: Happened, *, actor: Actor) -> Trigger | None:
    """Open a trigger and return it, or let the one of this source that stands open tell the newest.

    The permission is that of the act behind it.
    """
    row = locked(assessment)
    there = Trigger.objects.filter(assessment__code=row.code, kind=happened.kind, effect=Said.UNSAID)
    held = there.filter(source=happened.source).select_related("assessment").first() if happened.source else None
    if held is not None:
        _gather(held, happened, actor=actor)
        return None
    trigger = Trigger(
        aims_id=row.aims_id,
        assessment=row,
        kind=happened.kind,
        title=happened.title[:240],
        source=happened.source,
        address=happened.address,
        opened_at=clock.now(),
    )
    change = Change.new(trigger)
    change.save(actor=actor)
    record(TRIGGERED, trigger, actor=actor, change=change)
    keep_task(row, actor=actor)
    return trigger


def _gather(trigger: Trigger, happened: Happened, *, actor: Actor) -> None:
    """Tell the newest of a source, so that nobody answers what they have not seen."""
    change = Change.of(trigger, title=happened.title[:240])
    if change:
        change.save(actor=actor)
        record(TRIGGERED, trigger, actor=actor, change=change)
        keep_task(trigger.assessment, actor=actor)


@transaction.atomic
def report_trigger(assessment: Assessment, kind: TriggerKind, words: str, *, actor: Actor) -> Trigger:
    """Say by hand that something happened that the registry does not know, such as a complaint or a new law."""
    require(may_report_trigger(actor, assessment), _("Saying what happened takes a member of the organisation."))
    if kind not in TriggerKind:
        raise NotWritable(_("Choose what happened."), field="kind")
    words = told(words, _("Say what happened."), "title")
    if len(words) > 240:
        raise NotWritable(_("Say it in at most 240 characters."), field="title")
    if assessment.state == AssessmentState.SUPERSEDED:
        raise NotWritable(_("A later edition is in force. Say it there."), field="title")
    trigger = pull(assessment, Happened(TriggerKind(kind), words), actor=actor)
    assert trigger is not None  # noqa: S101  (only one with a source can stand open already)
    return trigger


@transaction.atomic
def answer_triggers(assessment: Assessment, answers: Mapping[int, Answer], *, actor: Actor) -> list[Trigger]:
    """Take what the owner says, by the key of each trigger; those that are not named stay open.

    Raises Conflict when somebody else has answered one meanwhile.
    """
    row = locked(assessment)
    words = _("What a trigger touches is said by a compliance officer, the author or the system's owner.")
    require(may_write(actor, row), words)
    actor = actor.on_behalf_of(row.system.owner_id)
    rows = Trigger.objects.select_for_update(of=("self",)).filter(assessment__code=row.code)
    triggers = {trigger.pk: trigger for trigger in rows.select_related("assessment")}
    if answers.keys() - triggers.keys():
        raise NotWritable(_("This is not among what happened."))
    done = [_answer(triggers[pk], answer, actor) for pk, answer in answers.items()]
    keep_task(row, actor=actor)
    _ask_for_edition(row, [trigger for trigger in done if trigger.effect == Said.TOUCHED])
    return done


def _answer(trigger: Trigger, answer: Answer, actor: Actor) -> Trigger:
    hold_apart(trigger, answer.seen)
    sections = [name for name in Section.values if name in answer.sections]
    because = answer.because.strip()
    if not sections and not because:
        words = _("Tick what is touched, or say why there is no effect: %s") % trigger.title
        raise NotWritable(words, field=f"{trigger.pk}-because")
    if set(answer.sections) - set(Section.values):
        raise NotWritable(_("There is no such section."), field=f"{trigger.pk}-sections")
    effect = Said.TOUCHED if sections else Said.NONE
    said = {"effect": effect, "sections": sections, "because": because}
    change = Change.of(trigger, **said, said_by_id=actor.user_id, said_at=clock.now())
    refuse_unsound(trigger, "because")
    change.save(actor=actor, reason=because)
    record(ANSWERED, trigger, actor=actor, change=change, reason=because)
    _tell_change(trigger, actor)
    return trigger


def _tell_change(trigger: Trigger, actor: Actor) -> None:
    """Say the same where a change record asks it of this assessment, so that nobody is asked twice."""
    asked = Touched.objects.filter(about=trigger.assessment.ref, effect=Effect.UNSAID).select_related("change__system")
    for thing in asked:
        change = thing.change
        if change.ref == trigger.source and change.is_undecided and may_say(actor, change):
            effect = Effect.NONE if trigger.effect == Said.NONE else Effect.TOUCHED
            said = SaidOfThing(effect, trigger.because)
            say_touched(change, {thing.pk: said}, seen=change.version, actor=actor)


@transaction.atomic
def settle_by_change(assessment: Assessment, source: str, because: str, *, actor: Actor) -> None:
    """Close what the owner of the change has said has no effect on the assessment."""
    row = locked(assessment)
    for trigger in Trigger.objects.filter(assessment__code=row.code, source=source, effect=Said.UNSAID):
        trigger.assessment = row
        _settle(trigger, Said.NONE, because[:1000], actor)
    keep_task(row, actor=actor)


def settle_by_edition(row: Assessment, *, actor: Actor) -> None:
    """Close what happened before a newly decided edition was submitted: it was judged there."""
    because = _("Edition %s was decided after it.") % row.edition
    rows = Trigger.objects.filter(assessment__code=row.code, effect=Said.UNSAID, opened_at__lte=row.submitted_at)
    for trigger in rows.select_related("assessment"):
        _settle(trigger, Said.TOUCHED, because, actor)
    keep_task(row, actor=actor)
    close_renewal(row, actor=actor)


def close_renewal(row: Assessment, *, actor: Actor) -> None:
    """Close the task to bring an assessment up to date: its new edition is begun, or decided."""
    close_tasks(RENEW, _subject(row), actor=actor)


def _settle(trigger: Trigger, effect: Said, because: str, actor: Actor) -> None:
    change = Change.of(trigger, effect=effect, because=because, said_by_id=actor.user_id, said_at=clock.now())
    change.save(actor=actor, reason=because)
    record(ANSWERED, trigger, actor=actor, change=change, reason=because)


def keep_task(row: Assessment, *, actor: Actor) -> None:
    """Keep the one task of an assessment: open while any trigger of it is, closed once none is; two queries."""
    waiting = list(Trigger.objects.filter(assessment__code=row.code, effect=Said.UNSAID).order_by("-pk"))
    if not waiting:
        close_tasks(LOOK, _subject(row), actor=actor)
        return
    words = {"code": row.code, "what": waiting[0].title, "n": len(waiting)}
    title = ngettext(
        "Look again at %(code)s: %(what)s", "Look again at %(code)s: %(n)s things happened, last %(what)s", len(waiting)
    )
    address = reverse("assessments:triggers", args=[row.aims.slug, row.code, row.edition])
    open_task(LOOK, _subject(row), title % words, owner_id=owner_of(row), address=address)


def _ask_for_edition(row: Assessment, touched: list[Trigger]) -> None:
    """Ask for a new edition where the one in force is touched and nobody is writing the next one yet."""
    is_begun = Assessment.objects.filter(replaces=row).exists()
    if not touched or row.state != AssessmentState.DECIDED or is_begun:
        return
    sections = labels_of([name for trigger in touched for name in trigger.sections])
    title = _("Bring %(code)s up to date: %(sections)s") % {"code": row.code, "sections": sections}
    address = reverse("assessments:detail", args=[row.aims.slug, row.code, row.edition])
    open_task(RENEW, _subject(row), title, owner_id=owner_of(row), address=address)


def owner_of(row: Assessment) -> int | None:
    """Return who answers for an assessment: the owner of its system, else its author."""
    return row.system.owner_id or row.author_id


def _subject(row: Assessment) -> str:
    """The assessment whatever its edition."""
    return f"{Assessment.ref_kind}:{row.code}"
