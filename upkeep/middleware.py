"""Count and log every request: by the name of its route, never by its address, and by pseudonym, never by name."""

import logging
import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from prometheus_client import Counter, Histogram

log = logging.getLogger("assay.request")

BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
REQUESTS = Counter("assay_requests", "Requests answered", ["route", "method", "status"])
SECONDS = Histogram("assay_request_seconds", "Time until the answer was made", ["route", "method"], buckets=BUCKETS)


class Watched:
    """Time the whole of a request, sign-in and tenant included."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        response = self.get_response(request)
        seconds = time.perf_counter() - began
        route, method = route_of(request), request.method if request.method in METHODS else "other"
        REQUESTS.labels(route, method, response.status_code).inc()
        SECONDS.labels(route, method).observe(seconds)
        told = {"request_id": getattr(request, "id", ""), "route": route, "method": method}
        told |= {"status": response.status_code, "ms": round(seconds * 1000, 1), "user": pseudonym_of(request)}
        log.info("%s %s", response.status_code, route, extra=told)
        return response


def route_of(request: HttpRequest) -> str:
    """Return the name of the route, without what was asked for; addresses that lead nowhere are one."""
    match = request.resolver_match
    return match.view_name if match and match.view_name else "nothing"


def pseudonym_of(request: HttpRequest) -> str:
    """Return whom the chain knows the asker as, if somebody asked who it is; nobody is looked up for a log."""
    user = getattr(request, "_cached_user", None) or getattr(getattr(request, "token", None), "user", None)
    return str(getattr(user, "pseudonym", ""))
