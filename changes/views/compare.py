"""Two versions of a system's record side by side."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from aims.middleware import AimsRequest
from changes.queries import Version, compared, records_at, versions_of
from systems.models import AiSystem
from systems.queries import system_targets

LOOKED_AT = 12


@require_GET
def compare(request: AimsRequest) -> HttpResponse:
    """Show what differs between two versions of a system, by section; without a system, offer them."""
    code = request.GET.get("system", "").strip()
    if not code:
        return render(request, "changes/compare.html", {"systems": system_targets()})
    system = get_object_or_404(AiSystem, code=code)
    versions = versions_of(system)
    older, newer = _last_difference(system, versions)
    older, newer = _asked(request.GET.get("from", ""), older), _asked(request.GET.get("to", ""), newer)
    records = records_at(system, [older, newer])
    is_known = older in records and newer in records
    context = {
        "system": system,
        "systems": system_targets(),
        "versions": versions,
        "options": _options(versions, older, newer),
        "older": older,
        "newer": newer,
        "is_known": is_known,
        "sections": compared(records[older], records[newer]) if is_known else (),
    }
    return render(request, "changes/compare.html", context)


def _asked(text: str, otherwise: int) -> int:
    """Return the version that the address asks for, else another."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else otherwise


def _last_difference(system: AiSystem, versions: list[Version]) -> tuple[int, int]:
    """Return the newest two neighbours whose records differ, among the newest few; one query."""
    newest = [version.number for version in versions[:LOOKED_AT]]
    records = records_at(system, newest)
    pairs = list(zip(newest[1:], newest, strict=False))
    differing = (pair for pair in pairs if records.get(pair[0]) != records.get(pair[1]))
    return next(differing, pairs[0] if pairs else (newest[0], newest[0]) if newest else (0, 0))


def _options(versions: list[Version], *asked: int) -> list[tuple[int, str]]:
    listed = [(each.number, _("Version %(n)d, %(day)s") % {"n": each.number, "day": _day(each)}) for each in versions]
    known = {number for number, _label in listed}
    return listed + [(number, _("Version %d") % number) for number in dict.fromkeys(asked) if number not in known]


def _day(version: Version) -> str:
    return f"{version.at.day} {version.at:%b %Y}"
