"""The starter library of AI threats: versioned data that ships, in our own words."""

from dataclasses import dataclass, field
from functools import cache

from django.conf import settings
from django.utils.translation import gettext as _
from ruamel.yaml import YAML

from assessments.risk.terms import term_label


@dataclass(frozen=True, slots=True)
class Threat:
    """One threat: what may happen, to whom, where it comes from and what usually helps."""

    code: str
    title: str
    group: str
    wording: str
    source: str
    objective: str
    organisation: str = ""
    individuals: str = ""
    societies: str = ""
    controls: tuple[str, ...] = field(default_factory=tuple)

    @property
    def source_label(self) -> str:
        """Where it comes from (Annex C.3)."""
        return term_label("sources", self.source)

    @property
    def objective_label(self) -> str:
        """What it threatens (Annex C.2)."""
        return term_label("objectives", self.objective)


@cache
def threats() -> tuple[Threat, ...]:
    """Return the library in its order."""
    path = settings.FIXTURES / "catalogue" / "ai_threats.yaml"
    data = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    return tuple(Threat(**(row | {"controls": tuple(row["controls"])})) for row in data["library"])


def begun_from(code: str) -> dict[str, str]:
    """Return what a risk that begins from a threat is filled with, for a person to put into their own words."""
    threat = threat_called(code)
    if threat is None:
        return {}
    helps = _("What usually helps: %(controls)s.") % {"controls": ", ".join(threat.controls)}
    return {
        "title": threat.title,
        "description": threat.wording,
        "source_kind": threat.source,
        "objective": threat.objective,
        "consequence_organisation": threat.organisation,
        "consequence_individuals": threat.individuals,
        "consequence_societies": threat.societies,
        "plan": helps,
    }


def threat_called(code: str) -> Threat | None:
    """Return a threat by its code."""
    return next((threat for threat in threats() if threat.code == code), None)
