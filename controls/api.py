"""How API bodies name clauses and controls."""

from django.utils.translation import gettext as _

from aims.api import NotHere
from controls.models import Requirement


def requirements_called(codes: list[str], field: str = "controls") -> list[Requirement]:
    """Return clauses and controls by their ids, in the order of the standard; raises NotHere."""
    found = list(Requirement.objects.linkable().filter(code__in=codes).in_order())
    missing = sorted(set(codes) - {row.code for row in found})
    if missing:
        raise NotHere(_("There is no clause or control %s.") % ", ".join(missing), field=field)
    return found
