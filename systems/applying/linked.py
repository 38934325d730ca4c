"""What a system's page says of this: which requirements its facts speak for, and what it says to the EU AI Act."""

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from systems.applying.classify import Classification, classify
from systems.applying.evaluate import asked_by, met_by
from systems.applying.rules import Strength
from systems.applying.words import tier_words
from systems.models import AiSystem
from systems.ports import Fact

SHOWN = 3


def facts(system: AiSystem, _at: datetime | None) -> Iterator[Fact]:
    """Tell both, from the record as it stands or stood; no queries."""
    asked = asked_by(met.rule.name for met in met_by(system.record))
    demanded = [code for code, strength in asked.items() if strength is Strength.DEMANDS]
    address = reverse("systems:applies", args=[system.aims.slug, system.code])
    title = ngettext("Speaks for %(n)s requirement", "Speaks for %(n)s requirements", len(asked)) % {"n": len(asked)}
    note = _("Makes %s necessary") % ", ".join(demanded) if demanded else ""
    yield Fact(_("What applies"), system.ref, title, address, note, "info" if asked else "none", "half")
    yield _eu(system, classify(system.record))


def _eu(system: AiSystem, found: Classification) -> Fact:
    address = reverse("systems:eu", args=[system.aims.slug, system.code])
    title = _("EU AI Act: %s") % tier_words(found.tier or found.stated)
    if found.contradictions:
        note = "; ".join(note.words for note in found.contradictions[:SHOWN])
        return Fact(_("What applies"), system.ref, title, address, note, "bad", "bad", _("Contradicts itself"))
    if found.missing and found.is_said:
        note = ngettext("%(n)s point is not said", "%(n)s points are not said", len(found.missing))
        return Fact(
            _("What applies"),
            system.ref,
            title,
            address,
            note % {"n": len(found.missing)},
            "warn",
            "due",
            _("Not done"),
        )
    glyph, state = ("done", _("Classified")) if found.is_said else ("none", _("Not said"))
    return Fact(_("What applies"), system.ref, title, address, "", "ok" if found.is_said else "none", glyph, state)
