"""A new version of the criteria, as it is typed: two scales of five, where bands end, and who may accept what."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts import clock
from accounts.models import User
from accounts.roles import Role
from aims.acceptance import rule_of
from aims.forms import AssayForm, ChipChoices
from aims.judging import HIGHEST, LABEL, SCORES, WORDING, Judging, Step, bands_up_to, faults
from aims.live import in_force
from aims.models import Criteria, Membership
from aims.queries import people
from aims.vocabulary import Acceptor, Band

SCALES = {"likelihood": _("Likelihood"), "severity": _("Severity")}
NAMEABLE = (Role.APPROVER, Role.OFFICER)
UPPER_FIRST = {
    Acceptor.OWNER: _("Its owner"),
    Acceptor.OFFICER: _("Compliance officer"),
    Acceptor.APPROVER: _("Approver"),
}
TOPS = {"low_to": Band.LOW, "moderate_to": Band.MODERATE, "high_to": Band.HIGH}


class NamedField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """People by name."""

    widget = ChipChoices

    def label_from_instance(self, obj: Any) -> str:
        """Show the name."""
        return str(obj.display_name)


class CriteriaForm(AssayForm):
    """The next version; `seen` is the number of the one that it replaces."""

    seen = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    low_to = forms.IntegerField(label=_("Low ends at"), min_value=1, max_value=HIGHEST)
    moderate_to = forms.IntegerField(label=_("Moderate ends at"), min_value=1, max_value=HIGHEST)
    high_to = forms.IntegerField(
        label=_("High ends at"), min_value=1, max_value=HIGHEST, help_text=_("Severe is what lies above, up to 25.")
    )
    severity_five_at_least = forms.ChoiceField(
        label=_("Severity 5 is at least"), choices=[(band.value, band.label) for band in (Band.HIGH, Band.SEVERE)]
    )
    acceptable_up_to = forms.ChoiceField(
        label=_("Acceptable without treatment up to"),
        choices=[("", _("Nothing is")), *((band.value, band.label) for band in Band if band != Band.SEVERE)],
        required=False,
    )
    escalate_from = forms.ChoiceField(
        label=_("Escalated to top management from"),
        choices=Band.choices,
        help_text=_("From here on only an approver may accept."),
    )
    why = forms.CharField(
        label=_("Why the criteria change"), widget=forms.Textarea(attrs={"rows": 2}), max_length=2_000
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.base_fields = {**_scale_fields(), **self.base_fields, **_rule_fields()}  # type: ignore[misc]
        super().__init__(*args, **kwargs)
        held = Membership.objects.filter(in_force(clock.now()), role__in=NAMEABLE).values("user_id")
        for band in Band:
            named = self.fields[f"named_{band}"]
            assert isinstance(named, forms.ModelMultipleChoiceField)  # noqa: S101  (narrowed for the type checker)
            named.queryset = people().filter(pk__in=held, is_active=True)

    @classmethod
    def of(cls, row: Criteria, data: Any = None) -> "CriteriaForm":
        """Return the form over the version that stands."""
        initial: dict[str, Any] = {"seen": row.number}
        for scale in SCALES:
            for step in getattr(row, scale):
                initial[f"{scale}_{step['score']}"] = step["label"]
                initial[f"{scale}_{step['score']}_means"] = step.get("wording", "")
        initial |= {name: row.bands[band][1] for name, band in TOPS.items()}
        initial |= {name: getattr(row, name) for name in ("severity_five_at_least", "acceptable_up_to")}
        initial["escalate_from"] = row.escalate_from
        for band in Band:
            rule = rule_of(row, band)
            initial[f"accept_{band}"] = [who.value for who in rule.who]
            initial[f"named_{band}"] = list(people().filter(pseudonym__in=rule.named)) if rule.named else []
        return cls(data, initial=initial)

    def clean(self) -> dict[str, Any]:
        """Refuse criteria that contradict themselves, each fault at its field."""
        said: dict[str, Any] = super().clean() or {}
        if not self.errors:
            for field, message in faults(self.judging):
                self.add_error(PLACES.get(field), message)
        return said

    @property
    def judging(self) -> Judging:
        """What was typed."""
        said = self.cleaned_data
        return Judging(
            likelihood=self._steps("likelihood"),
            severity=self._steps("severity"),
            bands=bands_up_to(*(said[name] for name in TOPS)),
            severity_five_at_least=said["severity_five_at_least"],
            acceptable_up_to=said["acceptable_up_to"],
            escalate_from=said["escalate_from"],
            accepts={band: said[f"accept_{band}"] for band in Band},
            named={band: sorted(person.pseudonym for person in said[f"named_{band}"]) for band in Band},
        )

    def _steps(self, scale: str) -> tuple[Step, ...]:
        said = self.cleaned_data
        return tuple(Step(score, said[f"{scale}_{score}"], said[f"{scale}_{score}_means"]) for score in SCORES)

    @property
    def scales(self) -> Iterator[tuple[str, list[tuple[int, Any, Any]]]]:
        """The two scales with the two fields of each score."""
        for scale, label in SCALES.items():
            yield str(label), [(n, self[f"{scale}_{n}"], self[f"{scale}_{n}_means"]) for n in SCORES]

    @property
    def levels(self) -> list[Any]:
        """The fields of the bands and levels."""
        return [self[name] for name in (*TOPS, "severity_five_at_least", "acceptable_up_to", "escalate_from")]

    @property
    def rules(self) -> Iterator[tuple[str, int, Any, Any]]:
        """Each band with its rank and the fields of who may accept it."""
        for place, band in enumerate(Band):
            yield str(band.label), place + 1, self[f"accept_{band}"], self[f"named_{band}"]


PLACES = {
    "likelihood": "likelihood_1",
    "severity": "severity_1",
    "bands": "low_to",
    "accepts": "accept_low",
    "named": "named_low",
    **{name: name for name in ("severity_five_at_least", "acceptable_up_to", "escalate_from")},
}


def _scale_fields() -> dict[str, forms.Field]:
    found: dict[str, forms.Field] = {}
    for scale, label in SCALES.items():
        for score in SCORES:
            words = {"scale": label, "n": score}
            found[f"{scale}_{score}"] = forms.CharField(label=_("%(scale)s %(n)s") % words, max_length=LABEL)
            found[f"{scale}_{score}_means"] = forms.CharField(
                label=_("What %(scale)s %(n)s means") % words,
                max_length=WORDING,
                widget=forms.Textarea(attrs={"rows": 2}),
            )
    return found


def _rule_fields() -> dict[str, forms.Field]:
    found: dict[str, forms.Field] = {}
    for band in Band:
        words = {"band": band.label}
        found[f"accept_{band}"] = forms.MultipleChoiceField(
            label=_("%(band)s may be accepted by") % words,
            choices=[(who.value, UPPER_FIRST[who]) for who in Acceptor],
            widget=ChipChoices,
            required=False,
        )
        found[f"named_{band}"] = NamedField(
            label=_("and of them only by") % words, queryset=User.objects.none(), required=False
        )
    return found
