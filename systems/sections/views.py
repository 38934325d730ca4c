"""One section of a system's record, changed in the browser."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.refusals import Conflict
from aims.clash import BothTexts
from aims.doors import admit, refusals_on, status_of
from aims.middleware import AimsRequest
from aims.queries import people
from systems.actions import change_places
from systems.actions.change_places import earlier_record
from systems.actions.facts import whole_record
from systems.models import AiSystem
from systems.permissions import may_edit
from systems.sections.forms import ReasonForm, SectionForm, clashes_of
from systems.sections.layout import Section, section_called, sections
from systems.sections.patch import patched
from systems.sections.rows import asked_in, rearranged
from systems.views import one, registry


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong with a form, and the id of its field."""

    place: str
    words: str


@dataclass(slots=True)
class Desk:
    """A section being edited: its row, the form, what the writer says beside it, and what others wrote meanwhile."""

    row: AiSystem
    section: Section
    form: SectionForm
    why: ReasonForm
    clashes: list[BothTexts] | None = None

    @property
    def faults(self) -> list[Fault]:
        """What is wrong, with the id of the field where it is."""
        return [fault for form in (*self.form.all_forms(), self.why) if form.is_bound for fault in _faults_of(form)]


def _faults_of(form: BaseForm) -> Iterator[Fault]:
    for name, errors in form.errors.items():
        place = form[name].id_for_label or form[name].auto_id if name in form.fields else ""
        yield from (Fault(place, str(words)) for words in errors)


@require_http_methods(["GET", "POST"])
def edit_section(request: AimsRequest, code: str, section: str) -> HttpResponse:
    """Show the form of one section and save what the writer changed in it."""
    row, asked_section = one(request, code), section_called(section)
    if asked_section is None:
        raise Http404(_("There is nothing here."))
    admit(may_edit(request.actor, row))
    why = ReasonForm(request.POST or None, initial={"seen": row.version})
    record = _record_seen(row, why)
    if request.method == "POST" and (asked := asked_in(request.POST)):
        data, place = rearranged(request.POST, asked)
        form = _form(asked_section, record, data)
        for each in form.all_forms():
            each.be_quiet()
        form.go_on_at(asked.table, place)
        return _shown(request, Desk(row, asked_section, form, ReasonForm(initial=_said(request, row))))
    desk = Desk(row, asked_section, _form(asked_section, record, request.POST or None), why)
    if _are_valid(desk):
        try:
            with refusals_on(desk.form.fields):
                done = _save(request, desk)
                messages.success(request, _("%s saved.") % asked_section.title)
                page = reverse("systems:detail", args=[request.aims.slug, done.code])
                return redirect(f"{page}?section={section}#record-{section}")
        except Conflict as conflict:
            desk = _both(desk, conflict, record)
    return _shown(request, desk)


def _are_valid(desk: Desk) -> bool:
    return desk.form.is_valid() & desk.why.is_valid()


def _said(request: AimsRequest, row: AiSystem) -> dict[str, Any]:
    return {"seen": request.POST.get("seen", row.version), "reason": request.POST.get("reason", "")}


def _record_seen(row: AiSystem, why: ReasonForm) -> dict[str, Any]:
    """Return the record that the writer looked at: the one that stands, unless others wrote since."""
    seen = why.cleaned_data.get("seen") if why.is_bound and (why.is_valid() or why.cleaned_data) else row.version
    then = earlier_record(row, seen) if seen and seen != row.version else None
    return whole_record(row) if then is None else then


def _form(section: Section, record: dict[str, Any], data: Any = None, shown: Any = None) -> SectionForm:
    owners = [(person.email, person.display_name) for person in people() if person.email] if _asks(section) else []
    return SectionForm(section, record, data, shown=shown, owners=owners)


def _asks(section: Section) -> bool:
    return "owner" in section.fields


def _save(request: AimsRequest, desk: Desk) -> AiSystem:
    said = desk.why.cleaned_data
    return change_places(
        desk.row,
        desk.form.patch(),
        within=desk.section.fields,
        seen=said["seen"],
        reason=said["reason"],
        actor=request.actor,
    )


def _both(desk: Desk, conflict: Conflict, before: dict[str, Any]) -> Desk:
    """Return the form over what stands now, with this writer's changes in it, ready to be sent again."""
    row, patch = conflict.current, desk.form.patch()
    now = whole_record(row)
    clashes = [BothTexts(*texts) for texts in clashes_of(desk.section, before, now, patch)]
    form = _form(desk.section, now, shown=patched(now, patch))
    why = ReasonForm(initial={"seen": row.version, "reason": desk.why.cleaned_data["reason"]})
    return Desk(desk.row, desk.section, form, why, clashes)


def _shown(request: AimsRequest, desk: Desk) -> HttpResponse:
    back = reverse("systems:detail", args=[request.aims.slug, desk.row.code])
    context = registry(request) | {
        "desk": desk,
        "system": desk.row,
        "sections": sections(),
        "back": f"{back}?section={desk.section.slug}#record-{desk.section.slug}",
        "clashes": desk.clashes,
        "view": "detail",
    }
    failed = max((status_of(form) for form in (*desk.form.all_forms(), desk.why)), default=200)
    return render(request, "systems/section.html", context, status=409 if desk.clashes is not None else failed)
