"""One row: its editor in the table or as a page of its own, the three-way choice, undo, systems apart."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.models import User
from accounts.refusals import Conflict, NotAllowed, Refusal
from aims.differing import word_diff
from aims.doors import admit, refusals_on, words_on
from aims.middleware import AimsRequest
from aims.past import and_then, of_any_date
from soa.actions import decide, decide_for_system, save_row, undo
from soa.actions.amend import says, written_by
from soa.diff import words_of
from soa.forms import DecideForm, EntryForm, SystemForm, UndoForm
from soa.models import Applicability, Entry, EntrySystem
from soa.permissions import may_amend, may_decide
from soa.queries.targets import ReasonTarget, reason_targets
from soa.reasons import KIND_OF, POINTS_AT, reasons_for
from soa.views.board import board_context, read_board, row_answer
from soa.views.panel import panel_of
from systems.applying.asked import CONTROLS as RECORDED
from systems.models import AiSystem


@dataclass(frozen=True, slots=True)
class Option:
    """A chip of the editor."""

    value: str
    label: str
    is_chosen: bool


def _entry(code: str) -> Entry:
    return get_object_or_404(Entry.objects.with_names(), requirement__code=code)


def _bare(entry: Entry, chosen: set[str]) -> list[Option]:
    held = {value.partition(" ")[0] for value in chosen}
    return [Option(str(code), str(code.label), code in held) for code in reasons_for(entry.applicability)]


def _pointing(entry: Entry, targets: dict[str, ReasonTarget], chosen: set[str]) -> list[Option]:
    options = []
    for code in reasons_for(entry.applicability):
        kind, sort = POINTS_AT.get(code), KIND_OF.get(code, "")
        for target in targets.values():
            if target.kind == kind and sort in ("", target.sort):
                value = f"{code} {target.ref}"
                options.append(Option(value, f"{code} {target.label}", value in chosen))
    return options


def _editor(entry: Entry, form: EntryForm, **extra: Any) -> dict[str, Any]:
    bound = form.data if form.is_bound else None
    given = bound.getlist("reasons") if isinstance(bound, QueryDict) else form.initial["reasons"]
    chosen = set(given)
    return {
        "entry": entry,
        "requirement": entry.requirement,
        "form": form,
        "bare": _bare(entry, chosen),
        "pointing": _pointing(entry, reason_targets(), chosen),
        "has_reasons": "reasons" in form.fields,
        "is_recorded": entry.requirement.code in RECORDED,
        **extra,
    }


@require_http_methods(["GET", "POST"])
@of_any_date
def entry(request: AimsRequest, code: str) -> HttpResponse:
    """Show the editor, or save it: on blur the row is answered, otherwise the page goes back to the table."""
    row = _entry(code)
    if request.method == "GET":
        if not may_amend(request.actor, row):
            return redirect(f"{request.path.removesuffix(code + '/')}?control={code}{and_then(request)}")
        name = "soa/editor_row.html" if request.htmx else "soa/entry.html"  # type: ignore[attr-defined]
        return render(request, name, _editor(row, EntryForm(row, request.actor)))
    admit(may_amend(request.actor, row), _("Only the control's owner or a compliance officer changes this row."))
    form = EntryForm(row, request.actor, request.POST)
    if form.is_valid():
        try:
            with refusals_on(form, "why"):
                saved = save_row(row, form.offered(), seen=form.cleaned_data["seen"], actor=request.actor)
                return _saved(request, saved, form)
        except Conflict as conflict:
            return _conflict(request, form, conflict)
    return _refused(request, row, form)


def _saved(request: AimsRequest, row: Entry, form: EntryForm) -> HttpResponse:
    code = row.requirement.code
    if not request.htmx:  # type: ignore[attr-defined]
        messages.success(request, _("%(code)s saved") % {"code": code})
        return redirect("soa:workbench", request.aims.slug)
    extra: dict[str, Any] = {"closes": "close" in request.POST, "says": True, "seen_now": row.version}
    if not all(says(row, name, value) for name, value in form.offered().items()):
        merged = _editor(row, EntryForm(row, request.actor), opens=not extra["closes"])
        extra |= merged | {"says": False, "merged": True}
    return row_answer(request, code, saved=row, **extra)


def _refused(request: AimsRequest, row: Entry, form: EntryForm) -> HttpResponse:
    if request.htmx:  # type: ignore[attr-defined]
        return row_answer(request, row.requirement.code, status=422, saved=row, form=form, says=True)
    return render(request, "soa/entry.html", _editor(row, form), status=422)


def _conflict(request: AimsRequest, form: EntryForm, conflict: Conflict) -> HttpResponse:
    current: Entry = conflict.current
    clashes = [
        (form.fields[name].label, words_of(name, _shown(getattr(current, name))), words_of(name, _shown(value)))
        for name, value in conflict.offered.items()
    ]
    both = [(label, word_diff(theirs, mine), theirs) for label, theirs, mine in clashes]
    who = current.history.select_related("history_user").first().history_user
    mine = written_by(current, form.offered(), form.cleaned_data["seen"])
    again = EntryForm(current, request.actor, kept=mine)
    extra = {"clashes": both, "saved": current, "who": who.display_name if who else ""}
    context = _editor(current, again, **extra)
    if request.htmx:  # type: ignore[attr-defined]
        return row_answer(request, current.requirement.code, status=409, opens=True, **context)
    return render(request, "soa/entry.html", context, status=409)


def _shown(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else str(value) if isinstance(value, User) else value


@require_POST
def decide_row(request: AimsRequest, code: str) -> HttpResponse:
    """Take the three-way choice at once; excluding opens the editor for its reason."""
    row, form = _entry(code), DecideForm(request.POST)
    admit(may_decide(request.actor, row), _("Deciding applicability takes a compliance officer or an administrator."))
    if form.is_valid():
        try:
            with refusals_on(form):
                choice = Applicability(form.cleaned_data["applicability"])
                after = decide(row, choice, seen=form.cleaned_data["seen"], actor=request.actor)
                return _decided(request, after, turned=after.version != row.version)
        except Conflict as conflict:
            return _stale(request, code, conflict.message)
    return _stale(request, code, words_on(form), status=422)


def _decided(request: AimsRequest, entry: Entry, *, turned: bool) -> HttpResponse:
    code = entry.requirement.code
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect("soa:entry", request.aims.slug, code)
    label = Applicability(entry.applicability).label
    extra: dict[str, Any] = {"toast": f"{code} {str(label).lower()}" if turned else "", "undo_version": entry.version}
    if turned and entry.applicability == Applicability.EXCLUDED:
        extra |= _editor(entry, EntryForm(entry, request.actor), opens=True)
    return row_answer(request, code, **extra)


def _stale(request: AimsRequest, code: str, message: str, *, status: int = 409) -> HttpResponse:
    if request.htmx:  # type: ignore[attr-defined]
        return row_answer(request, code, status=status, problem=message)
    messages.error(request, message)
    return redirect("soa:workbench", request.aims.slug)


@require_GET
def row(request: AimsRequest, code: str) -> HttpResponse:
    """Close the editor: the row as it stands."""
    _entry(code)
    return row_answer(request, code, closes=True)


@require_POST
def undo_row(request: AimsRequest, code: str) -> HttpResponse:
    """Take back one's own last change."""
    entry, form = _entry(code), UndoForm(request.POST)
    admit(may_amend(request.actor, entry), _("Only the control's owner or a compliance officer changes this row."))
    if not form.is_valid():
        return _stale(request, code, _("There is nothing to undo."), status=422)
    try:
        undo(entry, seen=form.cleaned_data["seen"], actor=request.actor)
    except NotAllowed:
        raise
    except Refusal as refusal:
        return _stale(request, code, refusal.message)
    if request.htmx:  # type: ignore[attr-defined]
        return row_answer(request, code, toast=_("%(code)s is as it was") % {"code": code}, closes=True)
    return redirect("soa:workbench", request.aims.slug)


@require_POST
def system(request: AimsRequest, code: str, system_code: str) -> HttpResponse:
    """Decide or describe the control for one system."""
    entry, form = _entry(code), SystemForm(request.POST)
    ai_system = get_object_or_404(AiSystem, code=system_code)
    admit(may_decide(request.actor, entry), _("Deciding per system takes a compliance officer or an administrator."))
    if form.is_valid():
        try:
            with refusals_on(form):
                decide_for_system(entry, ai_system, actor=request.actor, **_apart(form))
                return redirect(f"{reverse('soa:workbench', args=[request.aims.slug])}?control={code}#systems")
        except Conflict as conflict:
            return _system_again(request, code, system_code, SystemForm(_posted(form, conflict.current)), status=409)
    return _system_again(request, code, system_code, form, status=422)


def _posted(form: SystemForm, current: EntrySystem) -> dict[str, Any]:
    return {name: form.cleaned_data[name] for name in form.fields} | {"seen": current.version}


def _system_again(request: AimsRequest, code: str, system_code: str, form: SystemForm, *, status: int) -> HttpResponse:
    """Show the panel with what was typed still in its form; saving it again puts it in place of theirs."""
    if status == HTTPStatus.CONFLICT:
        form.is_valid()
        form.add_error(None, _("Someone else changed this meanwhile. What stands now is shown above; yours is below."))
    if _entry(code).applicability != Applicability.INCLUDED:
        messages.error(request, words_on(form))
    board = read_board(request)
    chosen = next(row for row in board.sheet.rows if row.code == code)
    panel = panel_of(request, board.sheet, chosen, board.flags, bound={system_code: form})
    return render(request, "soa/workbench.html", board_context(request, board) | panel, status=status)


def _apart(form: SystemForm) -> dict[str, Any]:
    data = form.cleaned_data
    return {
        "applicability": Applicability(data["applicability"]),
        "why": data["why"],
        "implementation": data["implementation"],
        "seen": data["seen"],
    }
