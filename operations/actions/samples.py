"""Compare samples of a signal with its reference, as they are posted or, for its own readings, every night."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts import clock
from accounts.actor import Actor
from accounts.refusals import Refusal, require
from ledger.actions import record
from ledger.change import Facts
from operations.actions.judge import judge
from operations.actions.readings import reading
from operations.actions.signals import drift_signals
from operations.drift import CUSTOMARY, FEWEST, chi_square, is_enough, ks, psi_of_categories, psi_of_numbers
from operations.events import REFERENCE_SET
from operations.models import Reading, Reference, Signal
from operations.permissions import may_deliver, may_set_limits
from operations.queries import readings_of_windows
from operations.values import decimal_of

MOST_SAMPLES = 10_000
MOST_CATEGORIES = 500
MOST_COUNTED = 10**12


class NotSamples(Refusal):
    """The samples cannot be compared so."""


@dataclass(frozen=True, slots=True)
class Samples:
    """Numbers, or counts by category."""

    numbers: Sequence[float] = ()
    counts: Mapping[str, int] | None = None

    @property
    def size(self) -> int:
        """How many there are."""
        return sum(self.counts.values()) if self.counts is not None else len(self.numbers)


@dataclass(frozen=True, slots=True)
class Compared:
    """What a comparison found: none, slight or marked by the customary rule, or that there is not enough to tell.

    Beside the index stands one test with its p-value: `ks` of numbers, `chi2` of counts by category.
    """

    verdict: str
    reference_size: int
    size: int
    psi: float | None = None
    ks: float | None = None
    chi2: float | None = None
    p_value: float | None = None
    rule: str = CUSTOMARY.name

    @property
    def words(self) -> str:
        """The verdict as people read it."""
        return {
            "none": _("No shift"),
            "slight": _("Slight shift"),
            "marked": _("Marked shift"),
            "unknown": _("Not enough to tell"),
        }[self.verdict]


@transaction.atomic
def set_reference(signal: Signal, samples: Samples, *, actor: Actor) -> Reference:
    """Keep the samples that later ones are compared with; a person's to say, as a limit is."""
    row = Signal.objects.select_for_update(of=("self",)).select_related("system__owner", "owner").get(pk=signal.pk)
    require(may_set_limits(actor, row), _("The reference is set by the owner of the system or a compliance officer."))
    actor = actor.on_behalf_of(row.owner_id)
    _check(samples)
    if samples.size < FEWEST:
        raise NotSamples(_("A reference has at least %s samples.") % FEWEST, field="samples")
    kept = Reference(aims_id=row.aims_id, signal=row, numbers=list(samples.numbers), counts=dict(samples.counts or {}))
    kept.size, kept.by = samples.size, actor.pseudonym
    kept.save(force_insert=True)
    record(REFERENCE_SET, row, actor=actor, change=Facts(after={"reference": kept.pk, "size": kept.size}))
    drift_signals(row, has_numbers=samples.counts is None, actor=actor)
    return kept


@transaction.atomic
def post_samples(
    signal: Signal, samples: Samples, *, at: datetime | None = None, key: str = "", actor: Actor
) -> Compared:
    """Compare samples with the reference, and keep index and test as readings of the drift signals."""
    row = Signal.objects.select_for_update(of=("self",)).select_related("system__owner", "owner").get(pk=signal.pk)
    require(may_deliver(actor, row.system), _("Only those who deliver for this system may post samples."))
    _check(samples)
    kept = Reference.objects.filter(signal=row).order_by("-pk").first()
    if kept is None:
        raise NotSamples(_("This signal has no reference yet. A person sets it first."), field="samples")
    if bool(kept.counts) != (samples.counts is not None):
        raise NotSamples(_("The reference holds the other sort of samples: numbers or counts."), field="samples")
    compared = compare(Samples(kept.numbers, kept.counts or None), samples)
    at = at or clock.now()
    _keep(row, compared, at, f"k:{key}" if key else f"@{at:%Y%m%dT%H%M%S.%f}", actor)
    return compared


def compare(reference: Samples, samples: Samples) -> Compared:
    """Compare two sets of samples of one sort."""
    if not is_enough(reference.size, samples.size):
        return Compared("unknown", reference.size, samples.size)
    if reference.counts is not None and samples.counts is not None:
        index = psi_of_categories(reference.counts, samples.counts)
        test = chi_square(reference.counts, samples.counts)
        found = Compared("", reference.size, samples.size, index, chi2=test.statistic, p_value=test.p_value)
    else:
        index, test = psi_of_numbers(reference.numbers, samples.numbers), ks(reference.numbers, samples.numbers)
        found = Compared("", reference.size, samples.size, index, ks=test.statistic, p_value=test.p_value)
    return replace(found, verdict=CUSTOMARY.read(index))


def _keep(signal: Signal, compared: Compared, at: datetime, key: str, actor: Actor) -> None:
    """Keep the figures once: the same key adds nothing, too few samples leave none."""
    if compared.psi is None:
        return
    figures = {
        "psi": compared.psi,
        "ks": compared.ks,
        "ks_p": compared.p_value,
        "chi2": compared.chi2,
        "chi2_p": compared.p_value,
    }
    for ending, row in drift_signals(signal, has_numbers=compared.ks is not None, actor=actor).items():
        figure = figures[ending]
        if figure is None or Reading.objects.filter(signal=row, key=key).exists():
            continue
        value = decimal_of(round(Decimal(figure), 6))
        reading(row, at, value, size=compared.size, key=key, by=actor.pseudonym).save(force_insert=True)
        judge(row, actor=actor)


def _check(samples: Samples) -> None:
    if samples.counts is None and not 0 < len(samples.numbers) <= MOST_SAMPLES:
        raise NotSamples(_("Give 1 to %s numbers, or counts by category.") % MOST_SAMPLES, field="samples")
    if samples.counts is not None and not 0 < len(samples.counts) <= MOST_CATEGORIES:
        raise NotSamples(_("Give counts of 1 to %s categories.") % MOST_CATEGORIES, field="counts")
    if samples.size == 0:
        raise NotSamples(_("The counts are all zero."), field="counts")
    if samples.size > MOST_COUNTED:
        raise NotSamples(_("The counts add up to more than 10^12. Send a part of them."), field="counts")


def windows(signal: Signal) -> tuple[Samples, Samples] | None:
    """Return the readings of the reference window and of the last `window_days`, at most 10,000 of each."""
    sides = readings_of_windows(signal)
    return (_samples(sides[0]), _samples(sides[1])) if sides else None


def _samples(rows: QuerySet[Reading]) -> Samples:
    newest = rows.order_by("-at").values_list("value", flat=True)[:MOST_SAMPLES]
    return Samples([float(value) for value in newest])


@transaction.atomic
def compare_windows(signal: Signal, *, actor: Actor) -> Compared | None:
    """Compare the last readings of a signal with its reference window, once a day; None where it has none."""
    sides = windows(signal)
    if sides is None:
        return None
    compared = compare(*sides)
    now = clock.now()
    _keep(signal, compared, now, f"night:{now:%Y-%m-%d}", actor)
    return compared
