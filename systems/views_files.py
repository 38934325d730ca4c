"""Files out and in: every system as YAML or a table, and what others keep as files, shown before it is taken in."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods

from accounts.refusals import Refusal, require
from accounts.serving import attached
from aims import past
from aims.doors import refusals_on, status_of
from aims.forms import AssayForm
from aims.middleware import AimsRequest
from systems.actions.bring import NotImportable, import_register, plan_of_register
from systems.actions.sync import sync_systems
from systems.listing import as_csv, as_xlsx, as_zip
from systems.permissions import may_register
from systems.record.differences import Difference
from systems.record.schema import dotted, schema, walk
from systems.registers.mapping import UNMAPPED, Words
from systems.registers.plan import ImportPlan
from systems.registers.table import read_table
from systems.sync.plan import SyncPlan, plan_of
from systems.uploads import Upload, forget, keep, kept

LIMIT = 20 * 1024 * 1024
SHOWN, LONGEST = 200, 120
WHO = gettext_lazy("Importing systems takes an administrator or a compliance officer.")
FORMS: dict[str, tuple[Callable[[], bytes], str]] = {
    "zip": (as_zip, "application/zip"),
    "csv": (as_csv, "text/csv; charset=utf-8"),
    "xlsx": (as_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}


class UploadForm(AssayForm):
    """A register or records as a file."""

    file = forms.FileField(
        label=gettext_lazy("Register or records"),
        help_text=gettext_lazy(
            "A register as CSV or Excel (.xlsx), a record as YAML, or records as a ZIP of YAML, up to 20 MB. "
            "Nothing is written until you have seen what would change."
        ),
    )

    def clean_file(self) -> Any:
        """Refuse what is too large before it is read."""
        file = self.cleaned_data["file"]
        if file.size > LIMIT:
            raise forms.ValidationError(_("This file is larger than 20 MB. Import it from the command line."))
        return file


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a file in the preview: where it stands, whose it is, and what to know of it."""

    place: str
    name: str
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Rows with one verdict, the first of them shown."""

    key: str
    words: str
    count: int
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a register, something that stands in it, and the place it fills."""

    number: int
    header: str
    sample: str
    place: str


@require_http_methods(["GET", "POST"])
def files(request: AimsRequest) -> HttpResponse:
    """Offer what leaves; take a file, show what it would do, and do that when it is confirmed."""
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST":
        require(may_register(request.actor), str(WHO))
        if "token" in request.POST:
            return _again(request)
        if form.is_valid():
            file = form.cleaned_data["file"]
            with refusals_on(form, "file"):
                return _shown(request, keep(file.name, file.read(), request.actor), Words())
    context = {"form": form, "may_import": may_register(request.actor)}
    return render(request, "systems/files.html", context, status=status_of(form))


@require_GET
def export(request: AimsRequest, form: str) -> HttpResponse:
    """Hand out every system: records as a ZIP of YAML, or the list as a table."""
    if form not in FORMS:
        raise Http404
    write, media_type = FORMS[form]
    return attached(write(), f"systems-{request.aims.slug}-{past.today(request)}.{form}", media_type)


def _again(request: AimsRequest) -> HttpResponse:
    """Go on with what was uploaded: with other columns, or for good."""
    upload = kept(request.POST.get("token", ""), request.actor)
    if upload is None:
        messages.warning(request, _("This file is not kept any more. Choose it again."))
        return redirect("systems:files", request.aims.slug)
    words = _words(request, upload)
    try:
        return _taken(request, upload, words) if "take" in request.POST else _shown(request, upload, words)
    except Refusal as refusal:
        messages.error(request, refusal.message)
        return redirect("systems:files", request.aims.slug)


def _words(request: AimsRequest, upload: Upload) -> Words:
    """Return what the columns were said to fill on the page."""
    if upload.is_records or "column-0" not in request.POST:
        return Words()
    headers = read_table(upload.data).headers
    places = {header: request.POST.get(f"column-{number}", "") for number, header in enumerate(headers)}
    return Words({header: place or None for header, place in places.items()})


def _taken(request: AimsRequest, upload: Upload, words: Words) -> HttpResponse:
    done: ImportPlan | SyncPlan
    if upload.is_records:
        done = sync_systems(upload.found(), actor=request.actor)
        if done.faults:
            return _shown(request, upload, words)
    else:
        done = import_register(upload.data, upload.name, words, actor=request.actor)
    forget(upload, request.actor)
    added, changed = len(done.of("added")), len(done.of("changed"))
    messages.success(request, ngettext("%(n)d system added", "%(n)d systems added", added) % {"n": added})
    if changed:
        messages.success(request, ngettext("%(n)d system changed", "%(n)d systems changed", changed) % {"n": changed})
    return redirect("systems:list", request.aims.slug)


def _shown(request: AimsRequest, upload: Upload, words: Words) -> HttpResponse:
    """Show what a file would do."""
    context = _records(upload) if upload.is_records else _register(upload, words)
    status = 422 if context.get("refusal") else 200
    return render(request, "systems/upload.html", {"upload": upload} | context, status=status)


def _records(upload: Upload) -> dict[str, Any]:
    plan = plan_of(upload.found())
    return {"groups": _of_sync(plan), "is_fit": bool(plan.news) and not plan.faults}


def _register(upload: Upload, words: Words) -> dict[str, Any]:
    """Judge the rows; where the columns do not fit, only those are shown, to be said otherwise."""
    try:
        plan = plan_of_register(upload.data, words)
    except NotImportable as refusal:
        if refusal.field != "mapping":
            raise
        return {"refusal": refusal.message, "columns": _columns(upload, words.columns), "places": _places()}
    return {
        "groups": _of_import(plan),
        "is_fit": bool(plan.of("added") or plan.of("changed")),
        "columns": _columns(upload, plan.columns.as_json(plan.headers)),
        "places": _places(),
        "gaps": plan.gaps.items(),
    }


def _of_sync(plan: SyncPlan) -> list[Group]:
    faults = [
        Line(f"{fault.file}:{fault.line}" if fault.line else fault.file, "", (fault.reason,)) for fault in plan.faults
    ]
    groups = [_group("faults", _("Does not fit: nothing can be taken in"), faults)]
    for verdict, words in _verdicts():
        rows = [
            Line(row.shown, f"{row.key} {row.name}", (*_changes(row.places), *row.notes)) for row in plan.of(verdict)
        ]
        groups.append(_group(verdict, words, rows))
    return [group for group in groups if group.count]


def _of_import(plan: ImportPlan) -> list[Group]:
    rejected = [Line(_("line %d") % each.line, "", (each.reason,)) for each in plan.rejected]
    flagged = [Line(_("line %d") % row.line, str(row.record["name"]), row.remarks) for row in plan.flagged]
    groups = [
        _group("rejected", _("Rejected: these rows are left out"), rejected),
        _group("flagged", _("Taken, but look"), flagged),
    ]
    for verdict, words in _verdicts():
        rows = [
            Line(_("line %d") % row.line, f"{row.record['id']} {row.record['name']}", tuple(_changes(row.places)))
            for row in plan.of(verdict)
        ]
        groups.append(_group(verdict, words, rows))
    return [group for group in groups if group.count]


def _verdicts() -> list[tuple[str, str]]:
    return [
        ("added", _("Added")),
        ("changed", _("Changed")),
        ("behind", _("Edited here since: the file is behind")),
        ("unchanged", _("Unchanged")),
    ]


def _group(key: str, words: str, lines: list[Line]) -> Group:
    return Group(key, words, len(lines), tuple(lines[:SHOWN]))


def _changes(places: Iterable[Difference]) -> list[str]:
    return [f"{dotted(each.path)}: {_said(each.before)} → {_said(each.after)}" for each in islice(places, 6)]


def _said(value: Any) -> str:
    if value in (None, "", [], {}):
        return _("nothing")
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _columns(upload: Upload, places: Mapping[str, str | None]) -> list[Column]:
    table, found = read_table(upload.data), []
    for number, header in enumerate(table.headers):
        cells = (row.cells[number] for row in table.rows if number < len(row.cells))
        place = places.get(header) or ""
        found.append(Column(number, header, next(filter(None, cells), "")[:80], "" if place == UNMAPPED else place))
    return found


def _places() -> list[str]:
    """Return the places a column can fill: those that hold one value or a plain list."""
    return [".".join(map(str, path)) for path, rule in walk(schema(), ()) if _is_leaf(path, rule)]


def _is_leaf(path: tuple[Any, ...], rule: dict[str, Any]) -> bool:
    lists = {"models", "prompts", "tools", "computing", "people", "responsibilities", "documentation", "customers"}
    rows = "properties" in rule or "properties" in rule.get("items", {})
    return not rows and path[0] not in lists
