"""Which frameworks documents can be matched to: every shipped catalogue."""

from pathlib import Path

from django.conf import settings

CATALOGUES = Path(settings.BASE_DIR) / "fixtures" / "catalogue"
OURS = "42001"


class UnknownFramework(ValueError):
    """There is no catalogue of this name."""


def known_framework(name: str) -> str:
    """Return the name under which a framework's catalogue lies; `iso42001` and `42001` are the same."""
    if name.lower().removeprefix("iso").replace("/iec", "").strip(" -") == OURS:
        return OURS
    raise UnknownFramework(f"There is no catalogue {name}.")
