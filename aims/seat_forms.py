"""The forms of seats and deputies: who, for what, from which day until which."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts import clock
from accounts.forms import AssayForm, SeenForm
from accounts.models import User
from accounts.roles import Role
from aims.live import in_force
from aims.models import Aims, Membership
from aims.ports import Shareable, kinds
from aims.queries import people

Choices = list[tuple[str, Any]]


def things_to_share(aims: Aims) -> Choices:
    """Return everything that can be shared, grouped by kind; a query a kind."""
    groups = [(str(kind.label), [_choice(thing) for thing in kind.find(aims, None)]) for kind in kinds()]
    return [(label, things) for label, things in groups if things]


def _choice(thing: Shareable) -> tuple[str, str]:
    return thing.ref, thing.title


def audits(aims: Aims) -> Choices:
    """Return the audits that a seat can be given for."""
    return [
        (thing.ref, f"{thing.title}, {thing.note}")
        for k in kinds()
        if k.word == "milestone"
        for thing in k.find(aims, None)
    ]


class FutureDate(forms.DateField):
    """A day that is not past, where the organisation is; `today` is set by the form."""

    today: date | None = None

    def validate(self, value: Any) -> None:
        """Refuse a day that is past."""
        super().validate(value)
        if value is not None and self.today is not None and value < self.today:
            raise forms.ValidationError(_("This day is past."))


class FutureForm(AssayForm):
    """A form whose days are not past."""

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, FutureDate):
                field.today = today


class SeatForm(FutureForm):
    """A seat for an auditor of the certification body."""

    name = forms.CharField(label=_("Name"), max_length=120)
    email = forms.EmailField(label=_("Work email"), max_length=254)
    audits = forms.MultipleChoiceField(
        label=_("Audits"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Nothing else is shared with the seat until you share it."),
    )
    valid_from = FutureDate(label=_("First day"))
    valid_until = FutureDate(
        label=_("Last day"), help_text=_("The seat closes at the end of this day, a session in use too.")
    )


class DateForm(SeenForm, FutureForm):
    """Another last day for a seat."""

    valid_until = FutureDate(label=_("Last day"))


class ShareForm(FutureForm):
    """One thing for one seat."""

    seat = forms.ModelChoiceField(label=_("Seat"), queryset=Membership.unscoped.none(), empty_label=None)
    subject = forms.ChoiceField(label=_("What to share"))
    until = FutureDate(
        label=_("Until"), required=False, help_text=_("The last day. Empty means as long as the seat lasts.")
    )

    def __init__(self, *args: Any, aims: Aims, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        seat, subject = self.fields["seat"], self.fields["subject"]
        assert isinstance(seat, forms.ModelChoiceField)  # noqa: S101  (narrowed for the type checker)
        assert isinstance(subject, forms.ChoiceField)  # noqa: S101
        seat.queryset = open_seats()
        seat.label_from_instance = lambda row: str(row.user)  # type: ignore[method-assign,assignment]
        subject.choices = things_to_share(aims)


def open_seats() -> Any:
    """Return the seats that hold now or will, by name."""
    rows = Membership.objects.filter(role=Role.CERTIFIER, revoked_at__isnull=True, valid_until__gt=clock.now())
    return rows.select_related("user").order_by("user__name", "pk")


class DeputyForm(FutureForm):
    """Who stands in, from which day until which."""

    user = forms.ModelChoiceField(label=_("Deputy"), queryset=User.objects.none(), empty_label=None)
    valid_from = FutureDate(label=_("First day"))
    valid_until = FutureDate(label=_("Last day"))

    def __init__(self, *args: Any, apart_from: tuple[int | None, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        user = self.fields["user"]
        assert isinstance(user, forms.ModelChoiceField)  # noqa: S101  (narrowed for the type checker)
        live = Membership.objects.filter(in_force(clock.now()), deputises__isnull=True)
        certify = live.filter(role=Role.CERTIFIER)
        who = people().filter(pk__in=live.values("user_id"), is_active=True).exclude(pk__in=certify.values("user_id"))
        user.queryset = who.exclude(pk__in=[pk for pk in apart_from if pk])
