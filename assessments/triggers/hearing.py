"""What this room hears: edits, retirements, incidents, drift, laws and what owners of changes say, each a trigger."""

from collections.abc import Iterable, Sequence

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.actor import Actor
from aims.ports import Obliged
from aims.vocabulary import ObligationKind
from assessments.actions.triggers import Happened, pull, settle_by_change
from assessments.models import Assessment
from assessments.screening.again import screen_again
from assessments.triggers.job import ask_about_law
from assessments.triggers.kinds import OF_CHANGES, TriggerKind
from assessments.triggers.queries import judging
from changes.material import judge
from changes.models import Effect
from changes.ports import SaidOf
from changes.queries.standing import undecided_of
from changes.queries.versions import records_at
from incidents.ports import Doubted
from operations.ports import Crossed
from systems.models import AiSystem, Stage
from systems.ports import Edited, Moved


def on_edit(edited: Edited) -> None:
    """A material edit of a record calls for another look, one trigger for each kind of change that it is."""
    if edited.is_new or edited.before == edited.after:
        return
    system = edited.system
    before = edited.before or records_at(system, [system.version - 1]).get(system.version - 1, {})
    kinds = list(dict.fromkeys(OF_CHANGES[kind] for kind in judge(before, edited.after).kinds))
    if not kinds:
        return
    source, address, words = _told_by(system)
    happened = [Happened(kind, f"{kind.label}, {words}", source, address) for kind in kinds]
    _pull_all(system, judging([system]), happened, edited.actor)


def on_edits(edits: Sequence[Edited]) -> None:
    """New systems have no assessment yet: only what was there before can be touched."""
    for edited in edits:
        if not edited.is_new:
            on_edit(edited)


def _told_by(system: AiSystem) -> tuple[str, str, str]:
    """The change record that gathered the edit, or the record itself where none is kept yet."""
    slug = system.aims.slug
    words = _("version %(n)s of the record of %(system)s") % {"n": system.version, "system": system.code}
    change = undecided_of(system)
    if change is not None:
        return change.ref, reverse("changes:detail", args=[slug, change.code]), f"{change.code}, {words}"
    return system.ref, reverse("systems:detail", args=[slug, system.code]), words


def on_move(moved: Moved) -> None:
    """A system that is retired leaves an assessment to be closed with it."""
    if moved.system.stage != Stage.RETIRED or moved.previous == Stage.RETIRED:
        return
    system = moved.system
    words = _("%(system)s is retired") % {"system": f"{system.code} {system.name}"}
    address = reverse("systems:detail", args=[system.aims.slug, system.code])
    happened = Happened(TriggerKind.RETIRED, words, f"{system.ref}@{system.version}", address)
    _pull_all(system, judging([system]), [happened], moved.actor)


def on_doubt(doubted: Doubted) -> None:
    """A severe incident casts doubt on what was judged, also on what is being written."""
    happened = Happened(TriggerKind.INCIDENT, doubted.words, doubted.ref, doubted.address)
    _pull_all(doubted.system, judging([doubted.system], drafts=True), [happened], doubted.actor)


def on_crossing(crossed: Crossed) -> None:
    """A signal past its limit says that the system is not what was judged."""
    happened = Happened(TriggerKind.DRIFT, crossed.words, crossed.ref, crossed.address)
    _pull_all(crossed.system, judging([crossed.system]), [happened], crossed.actor)


def on_obligation(obliged: Obliged) -> None:
    """A law that is new, changed or gone concerns every assessment: a job asks their owners."""
    if obliged.obligation.kind == ObligationKind.LAW or obliged.was == ObligationKind.LAW:
        ask_about_law(obliged.obligation, actor=obliged.actor)


def on_said(said: SaidOf) -> None:
    """What the owner of a change says has no effect on an assessment is not asked a second time."""
    code = said.thing.about.partition(":")
    if code[0] != Assessment.ref_kind or said.thing.effect != Effect.NONE:
        return
    name, _at, edition = code[2].partition("@")
    row = Assessment.objects.filter(code=name, edition=edition).first()
    if row is not None:
        settle_by_change(row, said.thing.change.ref, said.thing.because, actor=said.actor)


def _pull_all(system: AiSystem, rows: Iterable[Assessment], happened: Sequence[Happened], actor: Actor) -> None:
    """Ask the owner of each assessment; where a signed screening stands in for one, have the system screened again."""
    editions = list(rows)
    if not editions and system.stage != Stage.RETIRED:
        screen_again(system, happened[-1].title)
    for row in editions:
        for each in happened:
            pull(row, each, actor=actor)
