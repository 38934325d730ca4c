"""A provider signed somebody in, or failed to, and Assay does not let them in: say why and what to do."""

import logging

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.refusals import Refusal
from signon.models import Provider

log = logging.getLogger(__name__)


def refused(request: HttpRequest, provider: Provider, refusal: Refusal) -> HttpResponse:
    """Answer 403; the log names the provider and the kind of refusal, never the person."""
    log.warning("A sign-in through %s of AIMS %s: %s", provider.ref, provider.aims_id, type(refusal).__name__)
    context = {"provider": provider, "words": refusal.message}
    return render(request, "signon/refused.html", context, status=403)
