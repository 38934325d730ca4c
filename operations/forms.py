"""What people type about signals, benchmarks and evaluations."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from aims.forms import AssayForm, SeenForm
from aims.queries import people
from operations.models import Direction, Kind, Sense, Signal

NUMBER: dict[str, Any] = {"max_digits": 24, "decimal_places": 9}


def offer_people(form: forms.BaseForm) -> None:
    """Offer the people of the organisation as owners."""
    owner = form.fields["owner"]
    assert isinstance(owner, forms.ModelChoiceField)  # noqa: S101  (narrowed for the type checker)
    owner.queryset = people()
    owner.empty_label = str(_("The system's owner"))


class SignalForm(AssayForm):
    """A new signal."""

    name = forms.CharField(label=_("Name"), max_length=160)
    key = forms.CharField(
        label=_("Key"), max_length=120, help_text=_("What senders call it: small letters, digits and . _ / : -")
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=Kind.choices)
    unit = forms.CharField(label=_("Unit"), max_length=20, required=False, help_text=_("Such as %, s or EUR"))
    direction = forms.ChoiceField(label=_("Direction"), choices=Direction.choices)
    owner = forms.ModelChoiceField(label=_("Owner"), queryset=User.objects.none(), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_people(self)


class LimitsForm(SeenForm):
    """What a signal must keep, who answers for it, and what it is compared with."""

    name = forms.CharField(label=_("Name"), max_length=160)
    unit = forms.CharField(label=_("Unit"), max_length=20, required=False)
    direction = forms.ChoiceField(label=_("Direction"), choices=Direction.choices)
    owner = forms.ModelChoiceField(label=_("Owner"), queryset=User.objects.none(), required=False)
    lower = forms.DecimalField(label=_("Lower limit"), required=False, **NUMBER)
    upper = forms.DecimalField(label=_("Upper limit"), required=False, **NUMBER)
    back_after = forms.IntegerField(
        label=_("Readings until it is back"),
        min_value=1,
        max_value=100,
        help_text=_("So many in a row must keep the limits before the flag goes"),
    )
    asks_reevaluation = forms.BooleanField(
        label=_("Ask for re-evaluation"),
        required=False,
        help_text=_("Past its limit, it moves the system from operation to re-evaluation"),
    )
    window_days = forms.IntegerField(
        label=_("Window in days"),
        min_value=1,
        max_value=365,
        help_text=_("The newest readings that drift is computed over"),
    )
    reference_from = forms.DateField(label=_("Reference window from"), required=False)
    reference_to = forms.DateField(label=_("Reference window to"), required=False)
    keep_days = forms.IntegerField(label=_("Days until readings are kept by the day"), min_value=84, max_value=3650)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_people(self)

    @classmethod
    def of(cls, row: Signal) -> dict[str, Any]:
        """Return the values of a signal that the form begins with."""
        names = (name for name in cls.base_fields if name not in ("seen", "owner"))
        values = {name: getattr(row, name) for name in names}
        for name in ("lower", "upper"):
            values[name] = None if values[name] is None else values[name].normalize()
            values[name] = None if values[name] is None else f"{values[name]:f}"
        return values | {"owner": row.owner_id, "seen": row.version}


class AnswerForm(SeenForm):
    """Why a signal is past its limit, or what is done about it."""

    answer = forms.CharField(
        label=_("Answer"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=4_000,
        help_text=_("Why it is past its limit, or what you do about it. The flag stays until the readings are back."),
    )


class BenchmarkForm(AssayForm):
    """A benchmark that a system must pass."""

    name = forms.CharField(
        label=_("Benchmark"), max_length=160, help_text=_("As results name it; one of the same name takes these terms")
    )
    metric = forms.CharField(label=_("Metric"), max_length=100, help_text=_("Such as recall or pass_rate"))
    sense = forms.ChoiceField(label=_("The metric is"), choices=Sense.choices)
    threshold = forms.DecimalField(label=_("Threshold"), **NUMBER)
    max_age_days = forms.IntegerField(label=_("Days a pass counts"), min_value=1, max_value=3650, initial=180)


class UploadForm(AssayForm):
    """A file of results, and what it does not say itself."""

    file = forms.FileField(
        label=_("File of results"), help_text=_("JSON or CSV of metrics, or what promptfoo wrote, up to 20 MB")
    )
    benchmark = forms.CharField(
        label=_("Benchmark"), max_length=160, required=False, help_text=_("Empty for the one the file names")
    )
    model_version = forms.CharField(
        label=_("Version tested"), max_length=60, required=False, help_text=_("Empty for the version in use")
    )
    notes = forms.CharField(
        label=_("Notes"), widget=forms.Textarea(attrs={"rows": 3}), max_length=8_000, required=False
    )
