"""An assessment as a file."""

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from accounts.serving import attached
from aims.middleware import AimsRequest
from assessments.markdown.gathering import file_of
from assessments.views.editor import one


@require_GET
def download(request: AimsRequest, code: str, edition: str) -> HttpResponse:
    """Send an edition as Markdown, to be kept in git and taken in again."""
    row = one(code, edition)
    return attached(file_of(row), f"{row.code}-{row.edition}.md", "text/markdown; charset=utf-8")
