"""The record of a system as YAML: shown, downloaded, and changed with its faults told by line."""

from typing import Any

from django.contrib import messages
from django.forms import CharField, Textarea
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later
from django.views.decorators.http import require_GET, require_http_methods

from accounts.refusals import Conflict
from accounts.serving import attached
from aims.clash import BothTexts
from aims.doors import admit, refusals_on, status_of
from aims.middleware import AimsRequest
from aims.past import of_any_date
from systems.actions import edit_system
from systems.actions.change_places import earlier_record
from systems.actions.facts import whole_record
from systems.models import AiSystem
from systems.permissions import may_edit
from systems.record.differences import differences
from systems.record.places import at
from systems.record.reading import Fault, read
from systems.record.schema import dotted, faults_of
from systems.record.writing import fresh
from systems.sections.forms import ReasonForm
from systems.sections.kinds import is_nothing
from systems.sections.layout import sections
from systems.sections.marking import marked
from systems.sections.words import plainly
from systems.views import one, registry

LONGEST = 1_000_000


class YamlForm(ReasonForm):
    """The record as text."""

    text = CharField(
        label=later("Record"),
        max_length=LONGEST,
        strip=False,
        widget=Textarea(attrs={"rows": 30, "spellcheck": "false", "autocapitalize": "off", "data-code": ""}),
    )
    field_order = ("text", "reason")


@require_GET
@of_any_date
def download(request: AimsRequest, code: str) -> HttpResponse:
    """Send the record as a file."""
    row = one(request, code)
    return attached(fresh(whole_record(row)), f"{row.key or row.code}.yaml", "application/yaml; charset=utf-8")


@require_http_methods(["GET", "POST"])
@of_any_date
def as_yaml(request: AimsRequest, code: str) -> HttpResponse:
    """Show the record as text, or the text to be changed."""
    row = one(request, code)
    if request.method == "POST" or request.GET.get("edit"):
        admit(may_edit(request.actor, row))
        return _edit(request, row)
    context = {"lines": marked(fresh(whole_record(row))), "may_edit": may_edit(request.actor, row)}
    return _page(request, row, "systems/yaml.html", context)


def _edit(request: AimsRequest, row: AiSystem) -> HttpResponse:
    form = YamlForm(request.POST or None, initial={"text": fresh(whole_record(row)), "seen": row.version})
    faults: list[Fault] = []
    clashes = None
    if form.is_valid():
        reading = read(form.cleaned_data["text"].encode())
        faults = [fault for fault in faults_of(reading) if not _is_gap(reading.record, fault)]
        if faults:
            form.add_error("text", _("Mend what is listed above; nothing was saved."))
        try:
            with refusals_on(form, "text"):
                if not faults:
                    return _saved(request, row, form, reading.record)
        except Conflict as conflict:
            clashes = _theirs(row, form, conflict.current)
    context = {"form": form, "faults": faults, "clashes": clashes}
    return _page(request, row, "systems/yaml_edit.html", context, 409 if clashes is not None else status_of(form))


def _is_gap(record: dict[str, Any], fault: Fault) -> bool:
    return bool(fault.path) and bool(record) and is_nothing(at(record, *fault.path))


def _saved(request: AimsRequest, row: AiSystem, form: YamlForm, record: dict[str, Any]) -> HttpResponse:
    said = form.cleaned_data
    done = edit_system(row, seen=said["seen"], reason=said["reason"], actor=request.actor, record=record)
    messages.success(request, _("Record saved."))
    return redirect("systems:yaml", request.aims.slug, done.code)


def _theirs(row: AiSystem, form: YamlForm, current: AiSystem) -> list[BothTexts]:
    """Return what others changed since the writer looked, and let the writer's text be sent again over it."""
    before, now = earlier_record(row, form.cleaned_data["seen"]) or {}, whole_record(current)
    data: Any = form.data.copy()  # type: ignore[attr-defined]
    data["seen"] = str(current.version)
    form.data = data
    found = differences(before, now)
    return [
        BothTexts(dotted(each.path), plainly(each.after) or _("(empty)"), plainly(each.before) or _("(empty)"))
        for each in found
    ]


def _page(
    request: AimsRequest, row: AiSystem, template: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    back = reverse("systems:detail", args=[request.aims.slug, row.code])
    about = {"system": row, "sections": sections(), "back": back, "view": "detail"}
    return render(request, template, registry(request) | about | context, status=status)
