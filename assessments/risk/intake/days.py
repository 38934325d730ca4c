"""Days as registers write them; what could be two different days is none."""

import re
from datetime import date

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ISO = re.compile(r"\A(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[ T].*)?\Z")
_DOTTED = re.compile(r"\A(\d{1,2})\.(\d{1,2})\.(\d{4})\Z")
_WORDED = re.compile(r"\A(?:(\d{1,2})(?:st|nd|rd|th)?\s+([A-Za-z]{3,9})|([A-Za-z]{3,9})\s+(\d{1,2}),?)\s+(\d{4})\Z")


def day_of_text(text: str) -> date | None:
    """Return the day that a cell names beyond doubt: 2026-05-01, 1.5.2026, 1 May 2026, May 1, 2026."""
    said = text.strip()
    if found := _ISO.match(said):
        year, month, day = map(int, found.groups())
    elif found := _DOTTED.match(said):
        day, month, year = map(int, found.groups())
    elif (found := _WORDED.match(said)) and (name := (found[2] or found[3])[:3].casefold()) in MONTHS:
        day, month, year = int(found[1] or found[4]), MONTHS.index(name) + 1, int(found[5])
    else:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None
