"""What people type into the sections of an assessment."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from aims.forms import AssayForm
from aims.queries import people


class AnswerForm(AssayForm):
    """An answer, or why there is none; `seen` is 0 while nobody answered."""

    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    text = forms.CharField(label=_("Answer"), required=False, max_length=20_000)
    not_applicable_because = forms.CharField(label=_("Not applicable because"), required=False, max_length=20_000)


class CommentForm(AssayForm):
    """A remark."""

    text = forms.CharField(label=_("Remark"), max_length=2_000, widget=forms.Textarea(attrs={"rows": 2}))


class CoAuthorForm(AssayForm):
    """Who else writes it."""

    user = forms.ModelChoiceField(label=_("Person"), queryset=User.objects.none(), empty_label=_("Choose"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        user = self.fields["user"]
        assert isinstance(user, forms.ModelChoiceField)  # noqa: S101  (narrowed for the type checker)
        user.queryset = people()
