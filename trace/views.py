"""The governance chain: its list, one record beside it, its verification, its export."""

from zoneinfo import ZoneInfo

from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from accounts.serving import streamed
from aims.middleware import AimsRequest
from aims.saved import keeps_views
from ledger.models import Leaf, Log
from systems.applying.asked import CONTROLS
from trace.actions import ask_to_verify
from trace.asked import Asked
from trace.export import json_lines
from trace.lineage.once import looking_once
from trace.lineage.page import page_of
from trace.lineage.query import NothingThere, lineage_of
from trace.pages import listing
from trace.permissions import may_erase
from trace.proving import prove
from trace.queries import told
from trace.verdicts import verdict

EXAMPLES = (
    "entry:A.6.2.4",
    "system:SYS-01",
    "assessment:IA-2026-08",
    "evidence:EV-023@3",
    "risk:R-014",
    "version:SOA-3",
)


@require_GET
@keeps_views("trace:records", gettext_lazy("Governance chain"))
def records(request: AimsRequest) -> HttpResponse:
    """Show the records, newest first; a filter that is to be dropped leads to the address without it."""
    if name := request.GET.get("drop"):
        query = Asked.of(request.GET.dict()).without(name).query
        return redirect(f"{reverse('trace:records', args=[request.aims.slug])}{'?' if query else ''}{query}")
    return render(request, "trace/chain.html", listing(request, _head()))


@require_GET
def record(request: AimsRequest, number: int) -> HttpResponse:
    """Show one record beside the list; htmx gets the panel alone."""
    log = _head()
    leaves = Leaf.objects.filter(log=log).select_related("record").prefetch_related("record__annexes")
    leaf = get_object_or_404(leaves, number=number)
    asked = Asked.of(request.GET.dict())
    panel = {
        "told": told(leaf, log, request.aims.slug),
        "proof": prove(leaf, log, ZoneInfo(request.aims.time_zone)),
        "may_erase": may_erase(request.actor),
        "log": log,
        "query": asked.query,
    }
    if request.htmx and request.htmx.target == "inspector":  # type: ignore[attr-defined]
        return render(request, "trace/panel.html", panel)
    return render(request, "trace/chain.html", listing(request, log, around=number) | panel)


@require_POST
def verify(request: AimsRequest) -> HttpResponse:
    """Ask for the chain to be verified, and go back to where the answer will stand."""
    ask_to_verify(actor=request.actor)
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "trace/verdict.html", {"verdict": verdict(_head(), request.aims)})
    return redirect("trace:records", request.aims.slug)


@require_GET
def verification(request: AimsRequest) -> HttpResponse:
    """Tell how far the verification is."""
    return render(request, "trace/verdict.html", {"verdict": verdict(_head(), request.aims)})


@require_GET
def export(request: AimsRequest) -> FileResponse:
    """Hand over the whole log as JSON lines."""
    name = f"{request.aims.slug}-chain.jsonl"
    return streamed(json_lines(_head()), name, "application/jsonl")


@require_GET
def lineage(request: AimsRequest) -> HttpResponse:
    """Show what a thing rests on and what rests on it; without a subject, ask for one."""
    subject, status = request.GET.get("subject", "").strip(), 200
    context = {"asked": subject, "examples": EXAMPLES}
    if subject:
        try:
            with looking_once():
                page = page_of(lineage_of(subject, request.aims), request.aims)
            return render(request, "trace/lineage.html", {"page": page, "is_recorded": _is_recorded(subject)})
        except NothingThere as refusal:
            context["refusal"], status = refusal.message, 404
    return render(request, "trace/lineage_ask.html", context, status=status)


def _is_recorded(subject: str) -> bool:
    """Whether the subject is a row of the statement whose control asks for fields of a system's record."""
    kind, _colon, code = subject.partition(":")
    return kind == "entry" and code in CONTROLS


def _head() -> Log:
    return get_object_or_404(Log.objects.all())
