"""The parts of an assessment: its texts, and its parties, impacts and measures, each added, changed and withdrawn."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import reswap

from accounts.actor import Actor
from accounts.refusals import Conflict
from aims.clash import both_texts
from aims.doors import admit, refusals_on
from aims.forms import SeenForm
from aims.middleware import AimsRequest
from assessments import actions, forms
from assessments.models import AffectedParty, Assessment, Impact, Measure
from assessments.permissions import may_write
from assessments.views.editor import one, purpose_form, saved, show
from ledger.governed import Governed

Said = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Part:
    """A kind of part: where it stands, its form, and its three verbs."""

    section: str
    rows: Callable[[Assessment], QuerySet[Any]]
    new_form: Callable[..., BaseForm]
    form: type[SeenForm]
    add: Callable[[Assessment, Said, Actor], object]
    edit: Callable[..., object]
    withdraw: Callable[..., object]


def _add_measure(_row: Assessment, said: Said, actor: Actor) -> object:
    return actions.add_measure(said.pop("impact"), **said, actor=actor)


PARTS = {
    "party": Part(
        "parties",
        lambda row: AffectedParty.objects.filter(assessment=row),
        lambda row, data, _initial: forms.PartyForm(data),
        forms.EditPartyForm,
        lambda row, said, actor: actions.add_party(row, **said, actor=actor),
        actions.edit_party,
        actions.withdraw_party,
    ),
    "impact": Part(
        "impacts",
        lambda row: Impact.objects.filter(assessment=row),
        lambda row, data, _initial: forms.ImpactForm(data),
        forms.EditImpactForm,
        lambda row, said, actor: actions.add_impact(row, **said, actor=actor),
        actions.edit_impact,
        actions.withdraw_impact,
    ),
    "measure": Part(
        "mitigations",
        lambda row: Measure.objects.filter(impact__assessment=row, impact__withdrawn_at__isnull=True),
        lambda row, data, initial: forms.MeasureForm(data, assessment=row, initial=initial),
        forms.EditMeasureForm,
        _add_measure,
        actions.edit_measure,
        actions.withdraw_measure,
    ),
}


@require_http_methods(["GET", "POST"])
def purpose(request: AimsRequest, code: str, edition: str) -> HttpResponse:
    """Change the texts; htmx saves them when a field is left, and nothing that is being typed is replaced."""
    row = _writable(request, code, edition)
    form = purpose_form(row, request.POST or None)
    return _answer(
        request, row, "purpose", form, lambda said: actions.edit_assessment(row, **said, actor=request.actor)
    )


@require_http_methods(["GET", "POST"])
def new(request: AimsRequest, code: str, edition: str, kind: str) -> HttpResponse:
    """Add a part."""
    row, part = _writable(request, code, edition), PARTS[kind]
    form = part.new_form(row, request.POST or None, {"impact": request.GET.get("impact")})
    return _answer(request, row, part.section, form, lambda said: part.add(row, said, request.actor), "new")


@require_http_methods(["GET", "POST"])
def change(request: AimsRequest, code: str, edition: str, kind: str, pk: int) -> HttpResponse:
    """Change a part."""
    row, part = _writable(request, code, edition), PARTS[kind]
    it = get_object_or_404(part.rows(row), pk=pk, withdrawn_at__isnull=True)
    form = part.form(request.POST or None, initial=_initial(it, part.form))
    return _answer(request, row, part.section, form, lambda said: part.edit(it, **said, actor=request.actor), str(pk))


@require_POST
def withdraw(request: AimsRequest, code: str, edition: str, kind: str, pk: int) -> HttpResponse:
    """Take a part out; who saw an older one is shown the row as it stands now."""
    row, part = _writable(request, code, edition), PARTS[kind]
    it = get_object_or_404(part.rows(row), pk=pk, withdrawn_at__isnull=True)
    form = forms.SeenOnlyForm(request.POST)
    if form.is_valid():
        try:
            with refusals_on(form):
                part.withdraw(it, **form.cleaned_data, actor=request.actor)
                return saved(request, row, part.section)
        except Conflict:
            again = part.form(initial=_initial(part.rows(row).get(pk=pk), part.form))
            return show(request, row, part.section, form=again, about=str(pk), clashes=[])
    return show(request, row, part.section, form=form)


@require_POST
def scores(request: AimsRequest, code: str, edition: str) -> HttpResponse:
    """Save the scores of every impact whose pickers were sent, named `i<id>-likelihood` and so on."""
    row = _writable(request, code, edition)
    for impact in Impact.objects.filter(assessment=row, withdrawn_at__isnull=True):
        prefix = f"i{impact.pk}"
        if f"{prefix}-seen" not in request.POST:
            continue
        form = forms.ScoresForm(request.POST, prefix=prefix, initial=_initial(impact, forms.ScoresForm))
        if form.is_valid() and not form.has_changed():
            continue
        answer = _answer(request, row, "impacts", form, _scorer(impact, request.actor), str(impact.pk))
        if answer.status_code >= 400:
            return answer
    return _quiet(request, row) if request.POST.get("autosave") else saved(request, row, "impacts")


def _scorer(impact: Impact, actor: Actor) -> Callable[[Said], object]:
    return lambda said: actions.edit_impact(impact, **said, actor=actor)


def _writable(request: AimsRequest, code: str, edition: str) -> Assessment:
    row = one(code, edition)
    admit(may_write(request.actor, row))
    return row


def _initial(it: Governed, form: type[SeenForm]) -> Said:
    names = [name for name in form.base_fields if name != "seen"]
    return {name: getattr(it, name) for name in names} | {"seen": it.version}


def _answer(
    request: AimsRequest, row: Assessment, section: str, form: BaseForm, act: Callable[[Said], object], about: str = ""
) -> HttpResponse:
    """Take the verb when the form holds; else its section with errors (422) or both texts (409)."""
    clashes = None
    if form.is_valid():
        try:
            with refusals_on(form):
                act(dict(form.cleaned_data))
                return _quiet(request, row) if request.POST.get("autosave") else saved(request, row, section)
        except Conflict as conflict:
            clashes = both_texts(form, conflict)
    answer = show(request, one(row.code, row.edition), section, form=form, about=about, clashes=clashes)
    return reswap(answer, "outerHTML") if request.htmx else answer  # type: ignore[attr-defined]


def _quiet(request: AimsRequest, row: Assessment) -> HttpResponse:
    """Answer a save in passing: versions, bands, matrix and steps are brought up to date around what is being typed."""
    return show(request, one(row.code, row.edition), template="assessments/passing.html")
