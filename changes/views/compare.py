"""Two versions of a system's record side by side."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from aims.middleware import AimsRequest
from changes.queries import Version, compared, records_at, versions_of
from systems.models import AiSystem
from systems.queries import system_targets


@require_GET
def compare(request: AimsRequest) -> HttpResponse:
    """Show what differs between two versions of a system, by section; without a system, offer them."""
    code = request.GET.get("system", "").strip()
    if not code:
        return render(request, "changes/compare.html", {"systems": system_targets()})
    system = get_object_or_404(AiSystem, code=code)
    versions = versions_of(system)
    newer = _asked(request.GET.get("to", ""), versions, 0)
    older = _asked(request.GET.get("from", ""), versions, 1)
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


def _asked(text: str, versions: list[Version], place: int) -> int:
    """Return the version that the address asks for, else the one at a place of the list, or the oldest."""
    if text.isascii() and text.isdecimal() and len(text) < 10:
        return int(text)
    return versions[min(place, len(versions) - 1)].number if versions else 0


def _options(versions: list[Version], *asked: int) -> list[tuple[int, str]]:
    listed = [(each.number, _("Version %(n)d, %(day)s") % {"n": each.number, "day": _day(each)}) for each in versions]
    known = {number for number, _label in listed}
    return listed + [(number, _("Version %d") % number) for number in dict.fromkeys(asked) if number not in known]


def _day(version: Version) -> str:
    return f"{version.at.day} {version.at:%b %Y}"
