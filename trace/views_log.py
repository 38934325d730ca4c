"""Anchors and keys of the log, and what only an administrator does with it: rotate, resume, set aside."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.refusals import Refusal
from aims.doors import admit, refusals_on, status_of
from aims.middleware import AimsRequest
from aims.views.saying import say
from ledger.known import ROLLBACK
from ledger.models import Log, Record
from trace.actions import resume_log, rotate_key, send_checkpoint, set_aside
from trace.anchoring.recipients import AUDITING, in_force
from trace.anchors import anchoring, forged
from trace.forms import LogReasonForm
from trace.permissions import may_keep, may_send
from trace.verdicts import troubles, verdict


@require_GET
def anchors(request: AimsRequest) -> HttpResponse:
    """Show the newest checkpoint, where copies went, the keys, and what stops the log."""
    log = get_object_or_404(Log.objects.all())
    context = {
        "log": log,
        "anchoring": anchoring(log, request.aims, request.GET.get("page")),
        "troubles": troubles(log, verdict(log, request.aims)),
        "is_behind": log.halted.startswith(ROLLBACK),
        "forged": forged() if log.halted else [],
        "may_keep": may_keep(request.actor),
        "may_send": may_send(request.actor),
    }
    return render(request, "trace/anchors.html", context)


@require_POST
def send(request: AimsRequest) -> HttpResponse:
    """Mail the newest checkpoint to one of the auditors now."""
    admit(may_send(request.actor))
    named = request.POST.get("membership", "")
    membership = get_object_or_404(in_force(*AUDITING), pk=int(named) if named.isdecimal() and len(named) < 19 else 0)
    try:
        send_checkpoint(request.aims, membership, actor=request.actor)
    except Refusal as refusal:
        messages.error(request, refusal.message, extra_tags="bad")
    else:
        say(request, _("The newest checkpoint is on its way to %(who)s.") % {"who": membership.user.display_name})
    return redirect("trace:anchors", request.aims.slug)


@require_http_methods(["GET", "POST"])
def rotate(request: AimsRequest) -> HttpResponse:
    """Replace the key."""
    words = {
        "heading": _("Rotate key"),
        "lede": _(
            "The log signs with a fresh key from here on. The next checkpoint is signed by the old key as well, so "
            "that whoever trusts that one can trust the new one. Old checkpoints and proofs stay valid."
        ),
        "button": _("Rotate key"),
    }
    return _ask(request, lambda reason: rotate_key(reason=reason, actor=request.actor), _("The key is rotated."), words)


@require_http_methods(["GET", "POST"])
def resume(request: AimsRequest) -> HttpResponse:
    """Go on with a restored log."""
    words = {
        "heading": _("Resume the log"),
        "lede": _(
            "Records that were signed and are not in this database are lost. The log goes on from what is here, under "
            "a new name; its first record names what was restored and what was lost. It cannot be undone."
        ),
        "button": _("Resume the log"),
        "kind": "danger",
    }
    return _ask(request, lambda reason: resume_log(reason=reason, actor=request.actor), _("The log goes on."), words)


@require_http_methods(["GET", "POST"])
def leave_out(request: AimsRequest, event_id: UUID) -> HttpResponse:
    """Set a forged record aside."""
    admit(may_keep(request.actor))
    row = get_object_or_404(Record.objects.filter(waiting__isnull=False), event_id=event_id)
    words = {
        "heading": _("Set a record aside"),
        "lede": _(
            "Record %(id)s says that it is “%(event)s” of %(subject)s. It was not written by Assay, or was changed "
            "before it had a number. It stays as it is, and the log goes on without it."
        )
        % {"id": row.event_id, "event": row.event, "subject": row.subject},
        "button": _("Set aside"),
        "kind": "danger",
    }
    said = _("The record is set aside. The log goes on.")
    return _ask(request, lambda reason: set_aside(row, reason=reason, actor=request.actor), said, words)


def _ask(request: AimsRequest, act: Callable[[str], Any], said: str, words: dict[str, str]) -> HttpResponse:
    """Ask for the reason, then act."""
    admit(may_keep(request.actor), _("This is for administrators."))
    form = LogReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        with refusals_on(form):
            act(form.cleaned_data["reason"])
            say(request, said)
            return redirect("trace:anchors", request.aims.slug)
    return render(request, "trace/act.html", {"form": form} | words, status=status_of(form))
