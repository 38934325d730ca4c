"""What people type about moves, rules and functions."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from aims.forms import AssayForm, LinesField, SeenForm
from aims.queries import people
from systems.actions import Condition, Thought
from systems.lifecycle.models import Mode
from systems.lifecycle.shapes import ALL, GROUPS, SOME, fields

TEXT = 4_000


def area(label: Any, hint: Any = "", *, rows: int = 2, required: bool = False) -> forms.CharField:
    """Return a field for a few lines of text."""
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, widget=widget, required=required, max_length=TEXT, help_text=hint)


class AskForm(SeenForm):
    """A move to ask for; `left` are the checks that can stay open under a condition."""

    stage = forms.CharField(widget=forms.HiddenInput, max_length=20)
    reason = area(_("Why"), _("What has changed since the last stage, and what an auditor should know"))
    mode = forms.ChoiceField(
        label=_("Decision"),
        choices=[(Mode.CONTINUE, _("Continue")), (Mode.PARTIAL, _("Continue under conditions"))],
        widget=forms.RadioSelect,
        required=False,
    )
    harm = area(_("Harm considered"), _("Who could be harmed, how, and what speaks for the move all the same"))
    is_reversible = forms.BooleanField(label=_("The move can be reversed"), required=False)
    reversing = area(_("How it is reversed"), _("What is done, by whom, and how long it takes"))

    def __init__(
        self, *args: Any, left: Sequence[tuple[str, str]] = (), is_signed: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.left = tuple(left)
        if not is_signed:
            for name in ("harm", "is_reversible", "reversing"):
                del self.fields[name]
        if not self.left:
            del self.fields["mode"]
        for key, words in self.left:
            self._add_condition(key, words)

    def _add_condition(self, key: str, words: str) -> None:
        label = _now("What will be done about: %s") % words
        extra = AssayForm()
        extra.fields = {
            f"{key}_condition": area(label),
            f"{key}_owner": forms.ModelChoiceField(None, label=_now("By whom"), required=False),
            f"{key}_due_on": forms.DateField(label=_now("Until"), required=False),
        }
        dressed = type("Dressed", (AssayForm,), dict(extra.fields))()
        owner = dressed.fields[f"{key}_owner"]
        assert isinstance(owner, forms.ModelChoiceField)  # noqa: S101  (narrowed for the type checker)
        owner.queryset, owner.empty_label = people(), _now("Choose somebody")
        self.fields |= dressed.fields

    def conditions(self) -> list[Any]:
        """Return the fields of the conditions, by check, for the page."""
        return [[self[f"{key}_{name}"] for name in ("condition", "owner", "due_on")] for key, _words in self.left]

    def said(self) -> dict[str, Any]:
        """Return what the action takes."""
        data = self.cleaned_data
        thought = Thought(data.get("harm", ""), bool(data.get("is_reversible", True)), data.get("reversing", ""))
        mode = Mode(data.get("mode") or Mode.CONTINUE)
        told = [
            Condition(key, data[f"{key}_condition"], data[f"{key}_owner"], data[f"{key}_due_on"])
            for key, _words in self.left
            if mode == Mode.PARTIAL
        ]
        return {"reason": data["reason"], "mode": mode, "thought": thought, "conditions": told, "seen": data["seen"]}


class SignForm(SeenForm):
    """Agreement to a move under an authority."""

    authority = forms.ChoiceField(label=_("You sign as"), required=False)
    note = area(_("Note"), _("What you looked at, as an auditor will read it"))

    def __init__(self, *args: Any, authorities: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["authority"]
        assert isinstance(choice, forms.ChoiceField)  # noqa: S101  (narrowed for the type checker)
        choice.choices = list(authorities)
        if len(authorities) < 2:
            del self.fields["authority"]


class RefuseForm(SeenForm):
    """A move refused, or put off."""

    mode = forms.ChoiceField(
        label=_("Decision"),
        choices=[(Mode.REFUSE, _("Refuse")), (Mode.DEFER, _("Defer"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose whether to refuse or to defer.")},
    )
    reason = area(_("Reason"), _("An auditor reads this"))
    look_again_on = forms.DateField(
        label=_("Look again on"), required=False, help_text=_("When it is deferred: who asked gets a task for that day")
    )


class WhyForm(SeenForm):
    """The reason of a verb that ends something."""

    reason = area(_("Why"))


class MeetForm(SeenForm):
    """How a condition was met."""

    note = area(_("How it was met"))


class AdviceForm(AssayForm):
    """What the data protection officer advises."""

    text = area(_("Advice"), _("It is shown at the gate and to who signs. It shuts nothing."), rows=5)


class FunctionForm(AssayForm):
    """Who holds a function."""

    name = forms.CharField(
        label=_("Function"), max_length=80, help_text=_("Such as Data protection officer or Product owner")
    )
    person: Any = forms.ModelChoiceField(None, label=_("Person"), empty_label=_("Choose somebody"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["person"]
        assert isinstance(choice, forms.ModelChoiceField)  # noqa: S101  (narrowed for the type checker)
        choice.queryset = people()


class RuleForm(AssayForm):
    """A rule as groups of authorities and checks."""

    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    joined = forms.ChoiceField(
        label=_("The groups below"),
        choices=[(ALL, _("must all agree")), (SOME, _("suffice each by itself"))],
        widget=forms.RadioSelect,
    )
    reason = area(_("Why the rule changes"))

    def __init__(
        self,
        *args: Any,
        authorities: Sequence[tuple[str, str]],
        checks: Sequence[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        groups = type("Groups", (AssayForm,), _group_fields(authorities, checks))()
        reason = self.fields.pop("reason")
        self.fields |= groups.fields | {"reason": reason}

    def groups(self) -> list[tuple[int, list[Any]]]:
        """Return the fields of each group for the page."""
        return [(number, [self[name] for name in names if name in self.fields]) for number, names in fields()]


def _group_fields(authorities: Sequence[tuple[str, str]], checks: Sequence[tuple[str, str]]) -> dict[str, forms.Field]:
    found: dict[str, forms.Field] = {}
    for number in GROUPS:
        found |= {
            f"need_{number}": forms.ChoiceField(
                label=_now("Of these"),
                choices=[(ALL, _now("all are needed")), (SOME, _now("so many are enough"))],
                initial=ALL,
            ),
            f"least_{number}": forms.IntegerField(
                label=_now("How many are enough"), min_value=1, max_value=12, required=False
            ),
            f"authorities_{number}": _boxes(_now("Authorities"), authorities),
            f"people_{number}": forms.IntegerField(
                label=_now("Different people for each"), min_value=1, max_value=9, required=False
            ),
            f"checks_{number}": _boxes(_now("Checks, beside those that are mandatory"), checks),
            f"places_{number}": LinesField(
                label=_now("Only where it runs in"), required=False, help_text=_now("One a line, such as EU")
            ),
        }
    return found


def _boxes(label: str, choices: Sequence[tuple[str, str]]) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, choices=list(choices), widget=forms.CheckboxSelectMultiple, required=False
    )
