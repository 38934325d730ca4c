"""The parts of an assessment: its texts, and its parties, impacts and measures, each added, changed and withdrawn."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import QuerySet
from django.forms import BaseForm
from django.http import Http404, HttpResponse
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
from assessments.actions.shared import Named
from assessments.models import AffectedParty, Assessment, Impact, Measure
from assessments.permissions import may_write
from assessments.sections.queries import is_co_author
from assessments.views import passing
from assessments.views.editor import one, posted, purpose_form, saved, show
from ledger.governed import Governed

Said = dict[str, Any]
SCORES = ("likelihood", "severity", "residual_likelihood", "residual_severity")


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
        lambda row, data, _initial: forms.PartyForm(data, auto_id="party_%s"),
        forms.EditPartyForm,
        lambda row, said, actor: actions.add_party(row, **said, actor=actor),
        actions.edit_party,
        actions.withdraw_party,
    ),
    "impact": Part(
        "impacts",
        lambda row: Impact.objects.filter(assessment=row),
        lambda row, data, _initial: forms.ImpactForm(data, auto_id="impact_%s"),
        forms.EditImpactForm,
        lambda row, said, actor: actions.add_impact(row, **said, actor=actor),
        actions.edit_impact,
        actions.withdraw_impact,
    ),
    "measure": Part(
        "mitigations",
        lambda row: Measure.objects.filter(impact__assessment=row, impact__withdrawn_at__isnull=True),
        lambda row, data, initial: forms.MeasureForm(data, assessment=row, initial=initial, auto_id="measure_%s"),
        forms.EditMeasureForm,
        _add_measure,
        actions.edit_measure,
        actions.withdraw_measure,
    ),
}


@require_http_methods(["GET", "POST"])
def purpose(request: AimsRequest, code: str, edition: str) -> HttpResponse:
    """Change the texts; htmx saves them when a field is left, and nothing that is being typed is replaced."""
    if request.POST.get("autosave"):
        return _in_passing(request, Named(code, edition), lambda it: passing.save_texts(request, it), "purpose")
    row = _writable(request, code, edition)
    form = purpose_form(row, posted(request))
    return _answer(
        request, row, "purpose", form, lambda said: actions.edit_assessment(row, **said, actor=request.actor)
    )


@require_http_methods(["GET", "POST"])
def new(request: AimsRequest, code: str, edition: str, kind: str) -> HttpResponse:
    """Add a part."""
    row, part = _writable(request, code, edition), PARTS[kind]
    form = part.new_form(row, posted(request), {"impact": request.GET.get("impact")})
    return _answer(request, row, part.section, form, lambda said: part.add(row, said, request.actor), "new")


@require_http_methods(["GET", "POST"])
def change(request: AimsRequest, code: str, edition: str, kind: str, pk: int) -> HttpResponse:
    """Change a part."""
    row, part = _writable(request, code, edition), PARTS[kind]
    it = get_object_or_404(part.rows(row), pk=pk, withdrawn_at__isnull=True)
    form = part.form(posted(request), initial=_initial(it, part.form), auto_id=f"{kind}_%s")
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
            again = part.form(initial=_initial(part.rows(row).get(pk=pk), part.form), auto_id=f"{kind}_%s")
            return show(request, row, part.section, form=again, about=str(pk), clashes=[])
    return show(request, row, part.section, form=form)


@require_POST
def scores(request: AimsRequest, code: str, edition: str) -> HttpResponse:
    """Save the scores of every impact whose pickers were sent, named `i<id>-likelihood` and so on."""
    if request.POST.get("autosave"):
        return _in_passing(request, Named(code, edition), lambda it: passing.save_scores(request, it), "impacts")
    row = _writable(request, code, edition)
    for impact in Impact.objects.filter(assessment=row, withdrawn_at__isnull=True):
        prefix = f"i{impact.pk}"
        if f"{prefix}-seen" in request.POST:
            first = _initial(impact, forms.ScoresForm)
            form = forms.ScoresForm(request.POST, prefix=prefix, initial=first, auto_id="%s")
            answer = _score(request, row, impact, form)
            if answer is not None:
                return answer
    return saved(request, row, "impacts")


def _score(request: AimsRequest, row: Assessment, impact: Impact, form: forms.ScoresForm) -> HttpResponse | None:
    """Save one impact's scores; return the answer that stops the rest: errors, or both texts in the impact's form."""
    about = str(impact.pk)
    if not form.is_valid():
        return show(request, row, "impacts", form=form, about=about)
    said = form.cleaned_data
    if all(getattr(impact, name) == said[name] for name in SCORES):
        return None
    try:
        with refusals_on(form):
            actions.edit_impact(impact, **said, actor=request.actor)
            return None
    except Conflict as conflict:
        return _both_scores(request, one(row.code, row.edition), form, conflict)
    return show(request, one(row.code, row.edition), "impacts", form=form, about=about)


def _both_scores(request: AimsRequest, row: Assessment, form: BaseForm, conflict: Conflict) -> HttpResponse:
    """Open the impact's form with the scores that were chosen, and what somebody else chose beside them."""
    clashes, said = both_texts(form, conflict), form.cleaned_data
    mine = _initial(conflict.current, forms.EditImpactForm) | {name: said[name] for name in SCORES}
    again = forms.EditImpactForm(initial=mine, auto_id="impact_%s")
    return show(request, row, "impacts", form=again, about=str(conflict.current.pk), clashes=clashes)


def _in_passing(request: AimsRequest, it: Named, save: Callable[[Named], HttpResponse], section: str) -> HttpResponse:
    """Save in passing; what is refused, or written by somebody else meanwhile, is shown in its section after all."""
    try:
        return save(it)
    except ObjectDoesNotExist as missing:
        raise Http404 from missing
    except passing.Stopped as stopped:
        row, form, conflict = one(it.code, it.edition), stopped.form, stopped.conflict
        if conflict is not None and section == "impacts":
            answer = _both_scores(request, row, form, conflict)
        else:
            clashes = both_texts(form, conflict) if conflict is not None else None
            about = str(stopped.pk or "")
            answer = show(request, row, section, form=form, about=about, clashes=clashes)
    return reswap(answer, "outerHTML") if request.htmx else answer  # type: ignore[attr-defined]


def _writable(request: AimsRequest, code: str, edition: str) -> Assessment:
    row = one(code, edition)
    admit(may_write(request.actor, row) or is_co_author(request.actor, row))
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
                return saved(request, row, section)
        except Conflict as conflict:
            clashes = both_texts(form, conflict)
    return show(request, one(row.code, row.edition), section, form=form, about=about, clashes=clashes)
