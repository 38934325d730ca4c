"""The page of the certificate that signs reports: members read it, administrators replace it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.serving import attached
from aims.doors import admit, refusals_on, status_of
from aims.middleware import AimsRequest
from ledger.queries import acts_about
from reports.actions import renew_identity, replace_identity
from reports.certificate_page import card_of, earlier_page
from reports.forms import CertificateForm
from reports.models import SigningIdentity
from reports.permissions import may_replace
from reports.signatory import in_force


@require_http_methods(["GET", "POST"])
@sensitive_post_parameters("password")
def certificate(request: AimsRequest) -> HttpResponse:
    """Show the certificate in force, and put the organisation's own in its place."""
    admit(request.method == "GET" or may_replace(request.actor))
    form = CertificateForm(request.POST, request.FILES) if request.method == "POST" else CertificateForm()
    if form.is_valid():
        with refusals_on(form, "file"):
            replace_identity(*form.given, actor=request.actor)
            return _done(request, _("The certificate is in force. It signs every report from now on."))
    return _page(request, form)


@require_POST
def renew(request: AimsRequest) -> HttpResponse:
    """Have Assay make a new certificate, which replaces the one in force."""
    admit(may_replace(request.actor))
    renew_identity(request.aims, actor=request.actor)
    return _done(request, _("A new certificate is made and in force."))


@require_GET
def download_pem(request: AimsRequest, code: str) -> HttpResponse:
    """Hand out a certificate with those above it; it is public, and so is no read worth a record."""
    identity = get_object_or_404(SigningIdentity, code=code)
    name = f"{request.aims.slug}-{identity.code}.pem"
    return attached(identity.chain, name, "application/x-pem-file")


def _done(request: AimsRequest, text: str) -> HttpResponse:
    messages.success(request, text, extra_tags="ok")
    return redirect("reports:certificate", request.aims.slug)


def _page(request: AimsRequest, form: CertificateForm) -> HttpResponse:
    identity = in_force()
    page, earlier = earlier_page(request.aims, request.GET.get("page", "1"))
    refs = [row.ref for row in (identity, *page.object_list) if row]
    context = {
        "card": card_of(identity, request.aims) if identity else None,
        "earlier": earlier,
        "page": page,
        "acts": acts_about(refs, SigningIdentity),
        "form": form,
        "may": may_replace(request.actor),
    }
    return render(request, "reports/certificate.html", context, status=status_of(form))
