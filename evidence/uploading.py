"""The door through which files come: staged while they stream in, refused before they are read when far too large."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.conf import settings
from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from accounts.refusals import Refusal
from aims.middleware import AimsRequest
from evidence.intake import StagingUploadHandler
from evidence.store import NoRoom, TooLarge, megabytes

P = ParamSpec("P")
View = Callable[Concatenate[AimsRequest, P], HttpResponse]


def receives_files(view: View[P]) -> View[P]:
    """Stage what is uploaded and leave nothing behind; the CSRF token is checked once the handler is in place."""
    protected: Callable[..., HttpResponse] = csrf_protect(view)

    @csrf_exempt
    @wraps(view)
    def wrapper(request: AimsRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if request.method == "POST" and is_far_too_large(request):
            return _far_too_large(request)
        handler = StagingUploadHandler()
        request.upload_handlers = [handler]
        try:
            return protected(request, *args, **kwargs)
        finally:
            handler.discard()

    return wrapper  # type: ignore[return-value]


def fault_of(request: AimsRequest) -> Refusal | None:
    """Return why a file was read past, once the form has been read."""
    return next((h.fault for h in request.upload_handlers if isinstance(h, StagingUploadHandler)), None)


def status_of_upload(form: BaseForm, fault: Refusal | None) -> int:
    """Return 413 for a file that is too large, 507 for a full disk, 422 for any other refusal."""
    if isinstance(fault, TooLarge):
        return 413
    if isinstance(fault, NoRoom):
        return 507
    return 422 if form.is_bound and form.errors else 200


def is_far_too_large(request: AimsRequest) -> bool:
    """Whether the announced body is larger than anything that would be kept, so that it need not be read."""
    return _announced(request) > _most()


def _announced(request: AimsRequest) -> int:
    length: Any = request.META.get("CONTENT_LENGTH") or 0
    try:
        return int(length)
    except ValueError:
        return 0


def _most() -> int:
    return int(settings.EVIDENCE_MAX_FILES * settings.EVIDENCE_MAX_BYTES) + 1024 * 1024


def far_too_large() -> str:
    """Say how much one upload takes."""
    limits = {"files": settings.EVIDENCE_MAX_FILES, "size": megabytes(settings.EVIDENCE_MAX_BYTES)}
    return _("One upload takes up to %(files)s files of %(size)s each. Nothing was read or kept.") % limits


def _far_too_large(request: AimsRequest) -> HttpResponse:
    message = far_too_large()
    template = "evidence/too_large.html#summary" if request.headers.get("HX-Request") else "evidence/too_large.html"
    response = render(request, template, {"message": message}, status=413)
    response["HX-Retarget"] = "#upload-problem"
    response["HX-Reswap"] = "innerHTML"
    return response
