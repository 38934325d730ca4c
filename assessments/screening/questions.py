"""The questionnaire of a screening: data, in our own words; raise EDITION with every change of meaning.

Each question has a weight: a yes to a `full` one makes a full assessment due, a yes to a `focused` one at least a
focused one. Not knowing weighs as much as yes. `places` are values of a system's record that answer yes already.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from assessments.screening.models import Depth
from systems.record.places import at

EDITION = 1


class Said(models.TextChoices):
    """What can be answered."""

    YES = "yes", _("Yes")
    NO = "no", _("No")
    UNKNOWN = "unknown", _("Not known")


@dataclass(frozen=True, slots=True)
class Asked:
    """One question, what a yes weighs, and why it weighs that much."""

    code: str
    label: str | Promise
    why: str | Promise
    weight: Depth
    places: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = ()

    def known(self, record: dict[str, Any]) -> bool:
        """Whether the record of a system answers yes."""
        return any(_holds(at(record, *place), words) for place, words in self.places)


QUESTIONNAIRE: tuple[Asked, ...] = (
    Asked(
        "people",
        _("Are people affected by what it says or does: users, customers, workers or others?"),
        _("People are affected by it."),
        Depth.FOCUSED,
        places=((("classification", "affected_parties"), ()),),
    ),
    Asked(
        "personal",
        _("Does it learn from, retrieve or process personal data?"),
        _("It handles personal data."),
        Depth.FOCUSED,
        places=((("classification", "data_sensitivity"), ("pii", "special")),),
    ),
    Asked(
        "content",
        _("Does it make text, pictures, sound or code that others may take for human or for true?"),
        _("What it makes may be taken for human or for true."),
        Depth.FOCUSED,
    ),
    Asked(
        "work",
        _("Does it change anybody's tasks, workload, evaluation or job?"),
        _("It changes people's work."),
        Depth.FOCUSED,
    ),
    Asked(
        "decides",
        _("Does it decide on, or rank people for, work, education, credit, housing, care or public help?"),
        _("It decides on people's access to something they need."),
        Depth.FULL,
    ),
    Asked(
        "safety",
        _("Could a failure injure somebody, in body or mind, or damage property or the environment badly?"),
        _("A failure could injure somebody or do great damage."),
        Depth.FULL,
    ),
    Asked(
        "rights",
        _("Could it touch freedoms and rights, such as equal treatment, a fair hearing or free speech?"),
        _("It could touch freedoms and rights."),
        Depth.FULL,
    ),
    Asked(
        "vulnerable",
        _("Is it used by or on children, patients, or others who need special protection?"),
        _("People who need special protection are affected."),
        Depth.FULL,
    ),
    Asked(
        "special",
        _("Does it use health, biometric or other special data, or watch people?"),
        _("It uses special data or watches people."),
        Depth.FULL,
        places=((("classification", "data_sensitivity"), ("special",)),),
    ),
    Asked(
        "unattended",
        _("Does it act without a person who looks at each result before it takes effect?"),
        _("It acts before a person has looked."),
        Depth.FULL,
        places=((("classification", "automation"), ("full", "fully-automated", "autonomous")),),
    ),
    Asked(
        "regulated",
        _("Does a law, a regulator or our own policy treat uses like this as high-risk or restrict them?"),
        _("Uses like this count as high-risk or are restricted."),
        Depth.FULL,
        places=(
            (("classification", "eu_ai_act_tier"), ("high", "high-risk", "prohibited", "unacceptable")),
            (("classification", "risk_tier"), ("high", "severe")),
        ),
    ),
    Asked(
        "scale",
        _("Does it reach so many people that small effects add up, for society or the environment?"),
        _("Small effects could add up for society or the environment."),
        Depth.FULL,
    ),
)
BY_CODE: Mapping[str, Asked] = MappingProxyType({asked.code: asked for asked in QUESTIONNAIRE})


def _holds(found: Any, words: tuple[str, ...]) -> bool:
    """Whether a value of a record is one of the words; without words, whether anything is said."""
    values = found if isinstance(found, list) else [found]
    said = [str(value).strip().lower() for value in values if value not in (None, "", [], {})]
    return bool(said) if not words else any(value in words for value in said)
