"""What a reader takes along: a record's proof, its bytes, a checkpoint; and having the log signed now."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.serving import attached, harmless
from aims.middleware import AimsRequest
from aims.seats import LOG, shown_to_seats
from ledger.models import Checkpoint, Leaf, Log
from ledger.receipts import covering, proof_of
from trace.actions import sign_now
from trace.anchoring.standing import token_of

TEXT = "text/plain; charset=utf-8"


def _of_record(number: int) -> tuple[str, ...]:
    """What has to be shared for a record's proof to be handed over: the log, or what the record is about."""
    subjects = Leaf.objects.filter(number=number).values_list("record__subject", flat=True)
    return (LOG, *subjects)


def _of_log(**_which: int) -> tuple[str, ...]:
    return (LOG,)


@shown_to_seats(_of_record)
@require_GET
def proof(request: AimsRequest, number: int) -> HttpResponse:
    """Hand over the tlog-proof of a record under the first checkpoint that covers it; 409 until one does."""
    leaf = _leaf(number)
    checkpoint = covering(leaf.log, number)
    if checkpoint is None:
        return render(request, "trace/not_signed.html", {"number": number}, status=409)
    text = proof_of(leaf.log, number, bytes(leaf.record.body), checkpoint)
    return _file(text, f"{request.aims.slug}-record-{number}.tlog-proof")


@shown_to_seats(_of_record)
@require_GET
def raw(_request: AimsRequest, number: int) -> HttpResponse:
    """Show a record as the bytes that were hashed."""
    return harmless(HttpResponse(bytes(_leaf(number).record.body), content_type="application/json"))


@shown_to_seats(lambda size: (LOG, f"checkpoint:{size}"))
@require_GET
def checkpoint(request: AimsRequest, size: int) -> HttpResponse:
    """Hand over a checkpoint as the bytes that were signed."""
    row = get_object_or_404(Checkpoint.objects.filter(log__in=Log.objects.all()), size=size)
    return _file(row.text, f"{request.aims.slug}-checkpoint-{size}.txt")


@shown_to_seats(_of_log)
@require_GET
def token(request: AimsRequest, size: int) -> HttpResponse:
    """Hand over what a timestamp service confirmed of a checkpoint (RFC 3161), for `openssl ts -verify -token_in`."""
    row = get_object_or_404(Checkpoint.objects.filter(log__in=Log.objects.all()), size=size)
    found = token_of(request.aims, row)
    if found is None:
        raise Http404(_("There is nothing here."))
    return attached(found.data, found.name, "application/vnd.etsi.timestamp-token")


@require_POST
def sign(request: AimsRequest) -> HttpResponse:
    """Have the log signed, and go back to the record that wanted a proof, or to the checkpoints."""
    sign_now(actor=request.actor)
    number = request.POST.get("number", "")
    if number.isdecimal() and len(number) < 19:
        return redirect("trace:record", request.aims.slug, int(number))
    return redirect("trace:anchors", request.aims.slug)


def _leaf(number: int) -> Leaf:
    return get_object_or_404(Leaf.objects.select_related("record", "log"), number=number)


def _file(text: str, name: str) -> HttpResponse:
    return attached(text, name, TEXT)
