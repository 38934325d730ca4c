"""The forms of the library's verbs; each makes one call to its action."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect

from accounts.refusals import Conflict
from aims.clash import both_texts
from aims.doors import admit, refusals_on, status_of
from aims.forms import AssayForm
from aims.middleware import AimsRequest
from evidence import actions
from evidence.forms import EACH, ContentForm, EditForm, LinkForm, UploadForm, VersionForm, WithdrawForm
from evidence.intake import Offered, taken_in
from evidence.models import Evidence, EvidenceLink
from evidence.permissions import may_edit, may_give, may_rescan, may_unlink, may_withdraw
from evidence.uploading import fault_of, receives_files, status_of_upload
from evidence.views import one


@dataclass(frozen=True, slots=True)
class Verb:
    """What the page of a verb says: its heading, its button, what was done once it is done, and a note."""

    heading: str
    button: str
    done: str
    note: str = ""
    is_grave: bool = False


Give = Callable[[tuple[Offered, ...]], list[Evidence]]


@receives_files
@require_http_methods(["GET", "POST"])
def upload(request: AimsRequest) -> HttpResponse:
    """Give new evidence: one item, or one for each file."""
    admit(may_give(request.actor))
    is_sent = request.method == "POST"
    initial = {"owner": request.actor.user_id, "requirements": request.GET.getlist("serves")}
    form = UploadForm(request.POST, request.FILES) if is_sent else UploadForm(initial=initial)

    def give(files: tuple[Offered, ...]) -> list[Evidence]:
        content, about = form.content(files), form.about()
        if form.cleaned_data["items"] == EACH and len(files) > 1:
            return actions.give_each(content, **about, actor=request.actor)
        return [actions.give_evidence(content, title=form.cleaned_data["title"], **about, actor=request.actor)]

    return _taken(request, form, give, "evidence/upload.html")


@receives_files
@require_http_methods(["GET", "POST"])
def renew(request: AimsRequest, code: str) -> HttpResponse:
    """Give a new version of an item."""
    item = one(code)
    admit(may_give(request.actor, item))
    form = VersionForm(request.POST, request.FILES) if request.method == "POST" else VersionForm()

    def give(files: tuple[Offered, ...]) -> list[Evidence]:
        actions.give_version(item, form.content(files), actor=request.actor)
        return [item]

    return _taken(request, form, give, "evidence/renew.html", item)


def _taken(
    request: AimsRequest, form: ContentForm, give: Give, template: str, item: Evidence | None = None
) -> HttpResponse:
    """Take files in and give them: 413 or 507 for what could not be stored, 422 with errors at their fields."""
    is_valid, fault = form.is_valid(), fault_of(request)
    if fault is not None:
        form.add_error("files", fault.message)
    elif is_valid:
        with refusals_on(form, "files"), taken_in(form.cleaned_data["files"]) as files:
            return _stored(request, give(files))
    partial = "#form" if request.headers.get("HX-Request") else ""
    context = {"form": form, "item": item, "back": _address(request, item)}
    return render(request, f"{template}{partial}", context, status=status_of_upload(form, fault))


def _stored(request: AimsRequest, items: list[Evidence]) -> HttpResponse:
    codes = ", ".join(item.code for item in items)
    messages.success(request, ngettext("Stored as %s.", "Stored as %s.", len(items)) % codes)
    address = _address(request, items[0] if len(items) == 1 else None)
    return HttpResponseClientRedirect(address) if request.headers.get("HX-Request") else redirect(address)


@require_http_methods(["GET", "POST"])
def link(request: AimsRequest, code: str) -> HttpResponse:
    """Link an item to many controls and clauses at once."""
    item = one(code)
    admit(may_give(request.actor, item))
    form = LinkForm(_sent(request))
    verb = Verb(_("What %s serves") % item.code, _("Link"), _("Linked."))

    def act(said: dict[str, Any]) -> None:
        actions.link_evidence(item, **said, actor=request.actor)

    return answer(request, form, act, verb, item)


@require_http_methods(["GET", "POST"])
def unlink(request: AimsRequest, code: str, pk: int) -> HttpResponse:
    """Withdraw a link."""
    item = one(code)
    links = EvidenceLink.objects.select_related("evidence", "requirement")
    row = get_object_or_404(links, pk=pk, evidence=item.pk, withdrawn_at__isnull=True)
    admit(may_unlink(request.actor, row))
    heading = _("Withdraw the link to %s") % row.requirement
    verb = Verb(heading, _("Withdraw link"), _("Link withdrawn."), _("The link stays in the history with your reason."))
    form = WithdrawForm(_sent(request), initial={"seen": row.version})
    return answer(request, form, lambda said: actions.withdraw_link(row, **said, actor=request.actor), verb, item)


@require_http_methods(["GET", "POST"])
def edit(request: AimsRequest, code: str) -> HttpResponse:
    """Change title, kind and owner."""
    item = one(code)
    admit(may_edit(request.actor, item))
    form = EditForm(_sent(request), initial=EditForm.of(item))
    verb = Verb(_("Edit %s") % item.code, _("Save"), _("Saved."), _("What was given is never changed."))
    return answer(request, form, lambda said: actions.edit_evidence(item, **said, actor=request.actor), verb, item)


@require_http_methods(["GET", "POST"])
def withdraw(request: AimsRequest, code: str) -> HttpResponse:
    """Withdraw an item."""
    item = one(code)
    admit(may_withdraw(request.actor, item))
    note = _("It proves nothing from now on. Its versions, files and links stay readable.")
    verb = Verb(_("Withdraw %s") % item.code, _("Withdraw evidence"), _("Withdrawn."), note, is_grave=True)
    form = WithdrawForm(_sent(request), initial={"seen": item.version})
    return answer(request, form, lambda said: actions.withdraw_evidence(item, **said, actor=request.actor), verb, item)


@require_POST
def scan(request: AimsRequest, code: str) -> HttpResponse:
    """Have the files of an item scanned again."""
    item = one(code)
    admit(may_rescan(request.actor))
    try:
        actions.scan_again(item, is_on=bool(settings.CLAMD_URL), actor=request.actor)
        messages.success(request, _("The scanner is asked again. Its answer will stand here."))
    except actions.NoScanner as refusal:
        messages.error(request, refusal.message)
    return redirect(_address(request, item))


def answer(
    request: AimsRequest, form: AssayForm, act: Callable[[dict[str, Any]], object], verb: Verb, item: Evidence
) -> HttpResponse:
    """Take the verb when the form holds, else show the form: 422 with errors, 409 with both texts."""
    clashes = None
    if form.is_valid():
        try:
            with refusals_on(form):
                act(form.cleaned_data)
                messages.success(request, verb.done)
                return redirect(_address(request, item))
        except Conflict as conflict:
            clashes = both_texts(form, conflict)
    context = {"form": form, "verb": verb, "clashes": clashes, "item": item, "back": _address(request, item)}
    return render(request, "evidence/verb.html", context, status=409 if clashes is not None else status_of(form))


def _sent(request: AimsRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def _address(request: AimsRequest, item: Evidence | None) -> str:
    slug = request.aims.slug
    return reverse("evidence:detail", args=[slug, item.code]) if item else reverse("evidence:list", args=[slug])
