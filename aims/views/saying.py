"""Tell the reader what was done, on the page they land on."""

from django.contrib import messages
from django.http import HttpRequest


def say(request: HttpRequest, text: str) -> None:
    """Show a line in the tone of something done."""
    messages.success(request, text, extra_tags="ok")
