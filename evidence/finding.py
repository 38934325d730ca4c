"""Words in stored files: which files hold all of them, and the passage that shows it."""

import re
from functools import reduce

from django.db.models import Q, QuerySet

from evidence.models import FileText

MOST_WORDS = 8
AROUND = 110


def holding(text: str) -> QuerySet[FileText]:
    """Return the files in whose words every word of a text stands, in any order and across lines; case is no matter."""
    said = text.split()[:MOST_WORDS]
    wanted = reduce(lambda found, word: found & Q(text__icontains=word), said, Q())
    return FileText.objects.filter(wanted) if said else FileText.objects.none()


def passage(text: str, asked: str) -> str:
    """Return the words around the place where most of what was asked for stands together, on one line."""
    words = asked.split()[:MOST_WORDS]
    together = re.search(r"\s+".join(map(re.escape, words)), text, re.IGNORECASE) if words else None
    found = together or next((hit for word in words if (hit := re.search(re.escape(word), text, re.IGNORECASE))), None)
    if found is None:
        return ""
    start, end = max(0, found.start() - AROUND), found.end() + AROUND
    start = text.find(" ", start, found.start()) + 1 if start else 0
    stop = text.rfind(" ", found.end(), end) if end < len(text) else len(text)
    return " ".join(text[start : stop if stop > found.start() else end].split())
