"""Words of the EU AI Act page that are the same wherever they stand."""

from django.utils.translation import gettext as _

from systems.applying.rules import Strength


def tier_words(tier: str) -> str:
    """Return a tier in words."""
    known = {
        "prohibited": _("prohibited practice"),
        "high": _("high-risk"),
        "limited": _("limited risk, with duties of transparency"),
        "minimal": _("minimal risk"),
        "out-of-scope": _("out of its scope"),
        "": _("not classified"),
    }
    return known.get(tier, tier)


def strength_words(strength: Strength) -> str:
    """Return how strongly a fact speaks for a requirement."""
    return _("makes it necessary") if strength is Strength.DEMANDS else _("proposes it")
