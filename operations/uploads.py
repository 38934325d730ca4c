"""A file of results as any door takes it in: bounded before it is read, completed by what was said beside it."""

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from aims.middleware import AimsRequest
from operations.actions import Result
from operations.models import Source
from operations.results.reading import MOST_BYTES, Unreadable, read_results

P = ParamSpec("P")
View = Callable[Concatenate[AimsRequest, P], HttpResponse]
AROUND = 64 * 1024  # what a form adds to its file


def bounded(view: View[P]) -> View[P]:
    """Answer 413 before a form is read that is far too large; its CSRF token is checked after that."""
    protected: Callable[..., HttpResponse] = csrf_protect(view)

    @csrf_exempt
    @wraps(view)
    def wrapper(request: AimsRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if request.method == "POST" and announced(request) > MOST_BYTES + AROUND:
            words = _("The file is larger than %s MB.") % (MOST_BYTES // 1024**2)
            return render(request, "operations/too_large.html", {"words": words}, status=413)
        return protected(request, *args, **kwargs)

    return wrapper  # type: ignore[return-value]


def announced(request: Any) -> int:
    """Return how large the body says it is."""
    told = request.META.get("CONTENT_LENGTH") or ""
    return int(told) if told.isascii() and told.isdigit() else 0


def result_of(file: Any, *, benchmark: str = "", model_version: str = "", notes: str = "") -> Result:
    """Read an uploaded file; what was typed wins over what it says."""
    data = file.read(MOST_BYTES + 1)
    result = read_results(data, file.name or "")
    said: dict[str, Any] = {
        "benchmark": benchmark.strip(),
        "model_version": model_version.strip(),
        "notes": notes.strip(),
    }
    result = replace(result, **{name: text for name, text in said.items() if text})
    if not result.benchmark.strip():
        raise Unreadable(_("The file does not name its benchmark. Name it here."), field="benchmark")
    return result if result.source == Source.PROMPTFOO else replace(result, source=Source.UPLOADED)
