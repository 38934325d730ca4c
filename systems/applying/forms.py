"""One screen for the EU AI Act: every point in words, saved as places of the record."""

from collections.abc import Iterable, Mapping
from copy import deepcopy
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later

from accounts.forms import SeenForm
from systems.applying.classify import TIERS
from systems.applying.eu_act import EU, points
from systems.applying.words import tier_words
from systems.record.places import at, put

NONE_OF_THEM = "none-of-them"
TIER = ("classification", "eu_ai_act_tier")
MANY = ("prohibited_practices", "transparency_duties")
DATES = ("prohibited_practices_checked_on", "placed_on_market_on")
YES_NO = {"yes": True, "no": False}
WORDS = (
    *("role", "high_risk_basis", "annex_i_act", "annex_iii_point", "exception", "exception_reason", "gpai"),
    *("deployer_kind", "fundamental_rights_assessment", "registered_as"),
)


def _choices(kind: str) -> list[tuple[str, str]]:
    return [("", str(_("Not said"))), *_labels(kind)]


def _labels(kind: str) -> Iterable[tuple[str, str]]:
    for key, point in points(kind).items():
        yield key, f"{point.article}: {point.label}" if point.article else point.label


class EuForm(SeenForm):
    """What a system says to the EU AI Act."""

    tier = forms.ChoiceField(label=later("Tier"), required=False)
    role = forms.ChoiceField(label=later("Our role"), required=False)
    prohibited_practices_checked_on = forms.DateField(label=later("Prohibited practices checked on"), required=False)
    prohibited_practices = forms.MultipleChoiceField(
        label=later("Prohibited practices found"), widget=forms.CheckboxSelectMultiple, required=False
    )
    high_risk_basis = forms.ChoiceField(label=later("Is it high-risk"), widget=forms.RadioSelect, required=False)
    annex_i_act = forms.ChoiceField(label=later("Act of Annex I"), required=False)
    annex_iii_point = forms.ChoiceField(label=later("Point of Annex III"), required=False)
    profiles_persons = forms.ChoiceField(
        label=later("Does it profile people"),
        help_text=later("Profiling voids every exception of Art. 6(3)."),
        widget=forms.RadioSelect,
        required=False,
    )
    exception = forms.ChoiceField(label=later("Condition of Art. 6(3)"), widget=forms.RadioSelect, required=False)
    exception_reason = forms.CharField(
        label=later("Why the exception holds"),
        help_text=later("Art. 6(4): to be documented before it is placed on the market."),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        max_length=4_000,
    )
    transparency_duties = forms.MultipleChoiceField(
        label=later("Duties of transparency"), widget=forms.CheckboxSelectMultiple, required=False
    )
    gpai = forms.ChoiceField(label=later("General-purpose AI"), widget=forms.RadioSelect, required=False)
    deployer_kind = forms.ChoiceField(
        label=later("Who uses it"),
        help_text=later("Art. 27(1) names some deployers by what they are."),
        required=False,
    )
    fundamental_rights_assessment = forms.ChoiceField(
        label=later("Assessment of fundamental rights"), help_text=later("Art. 27"), required=False
    )
    placed_on_market_on = forms.DateField(
        label=later("First placed on the market or put into service on"), required=False
    )
    registered_as = forms.CharField(label=later("Number in the EU database"), required=False, max_length=100)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        unsaid = ("", str(_("Not said")))
        given = {
            "tier": [unsaid, *((tier, tier_words(tier)) for tier in TIERS)],
            "role": _choices("roles"),
            "prohibited_practices": [*_labels("prohibited_practices"), (NONE_OF_THEM, _("None of these"))],
            "high_risk_basis": [
                unsaid,
                ("annex-i", _("Yes, in or as a product of Annex I (Art. 6(1))")),
                ("annex-iii", _("Yes, by a point of Annex III (Art. 6(2))")),
                ("exception-6-3", _("A point of Annex III fits, and Art. 6(3) takes it out")),
                ("none", _("No, neither fits")),
            ],
            "annex_i_act": _choices("annex_i"),
            "annex_iii_point": _choices("annex_iii"),
            "profiles_persons": [unsaid, ("yes", _("Yes")), ("no", _("No"))],
            "exception": _choices("exceptions"),
            "transparency_duties": [*_labels("transparency"), (NONE_OF_THEM, _("None of these"))],
            "gpai": _choices("gpai"),
            "deployer_kind": [
                unsaid,
                ("public-body", _("A body governed by public law")),
                ("public-services", _("A private body that provides public services")),
                ("other", _("Neither of these")),
            ],
            "fundamental_rights_assessment": [
                unsaid,
                ("due", _("Due")),
                ("done", _("Done")),
                ("not-due", _("Not due")),
            ],
        }
        for name, choices in given.items():
            self._offer(name, choices)

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        """Offer the choices, and what a record says beyond them, which is kept rather than lost."""
        field: Any = self.fields[name]
        held = self.initial.get(name) or []
        known = {value for value, _label in choices}
        beyond = [value for value in ([held] if isinstance(held, str) else held) if value not in known]
        field.choices = [*choices, *((value, _("%s (not a known word)") % value) for value in beyond)]

    def _only_none(self, name: str) -> list[str]:
        chosen: list[str] = self.cleaned_data[name]
        if NONE_OF_THEM in chosen and len(chosen) > 1:
            raise forms.ValidationError(_("Choose those that fit, or none of these."))
        return chosen

    def clean_prohibited_practices(self) -> list[str]:
        """Refuse some and none together."""
        return self._only_none("prohibited_practices")

    def clean_transparency_duties(self) -> list[str]:
        """Refuse some and none together."""
        return self._only_none("transparency_duties")

    @staticmethod
    def of(record: Mapping[str, Any]) -> dict[str, Any]:
        """Return what a record says, as the form begins with it."""
        eu = at(record, *EU)
        eu = eu if isinstance(eu, dict) else {}
        said: dict[str, Any] = {name: str(eu.get(name) or "") for name in (*WORDS, *DATES)}
        for name in MANY:
            held = eu.get(name)
            said[name] = [NONE_OF_THEM] if held == [] else [str(one) for one in held or ()]
        said["profiles_persons"] = {True: "yes", False: "no"}.get(eu.get("profiles_persons"), "")  # type: ignore[arg-type]
        return said | {"tier": str(at(record, *TIER) or "")}

    def onto(self, record: Mapping[str, Any]) -> dict[str, Any]:
        """Return a record with what was said in its places; what was not said before and is not now stays away."""
        new, said = dict(deepcopy(record)), self.cleaned_data
        values: dict[str, Any] = {name: said[name].strip() or None for name in WORDS}
        values |= {name: said[name].isoformat() if said[name] else None for name in DATES}
        values |= {name: _listed(said[name]) for name in MANY}
        values["profiles_persons"] = YES_NO.get(said["profiles_persons"])
        _keep(new, TIER, said["tier"] or None)
        for name, value in values.items():
            _keep(new, (*EU, name), value)
        return new


def _listed(chosen: list[str]) -> list[str] | None:
    return [] if chosen == [NONE_OF_THEM] else chosen or None


def _keep(record: dict[str, Any], path: tuple[str, ...], value: Any) -> None:
    if value is not None or at(record, *path) is not None:
        put(record, path, value)
