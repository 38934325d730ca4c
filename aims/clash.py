"""Two people wrote at once: what each wrote, side by side, and a form that lets the second one choose."""

from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from django import forms
from django.db import models
from django.http import QueryDict
from django.utils.translation import gettext as _

from accounts.refusals import Conflict


@dataclass(frozen=True, slots=True)
class BothTexts:
    """One field that two people changed: its label, what stands there now and what was offered."""

    label: str
    theirs: str
    yours: str


def both_texts(form: forms.BaseForm, conflict: Conflict) -> list[BothTexts]:
    """Return what differs, and make the form ready to be sent again over the row as it stands now.

    A field that this writer left alone takes what the other wrote, so that nobody's word is undone unseen.
    """
    row, offered = conflict.current, conflict.offered
    before = row.history.filter(version=form.cleaned_data["seen"]).first()
    data: Any = cast("QueryDict", form.data).copy()
    clashes = []
    for name in (name for name in offered if name in form.fields and getattr(row, name) != offered[name]):
        field = form.fields[name]
        theirs = getattr(row, name)
        if before is not None and getattr(before, name) == offered[name]:
            _put(data, form.add_prefix(name), theirs)
        else:
            clashes.append(BothTexts(str(field.label), _words(field, theirs), _words(field, offered[name])))
    data[form.add_prefix("seen")] = str(row.version)
    form.data = data
    return clashes


def _put(data: Any, name: str, value: Any) -> None:
    if isinstance(value, list):
        data.setlist(name, value)
    else:
        data[name] = value.pk if isinstance(value, models.Model) else "" if value is None else str(value)


def _words(field: forms.Field, value: Any) -> str:
    if value in (None, "", []):
        return _("(empty)")
    if isinstance(value, list):
        return ", ".join(_words(field, item) for item in value)
    if isinstance(value, date):
        return f"{value.day} {value:%b %Y}"
    labels = {} if isinstance(field, forms.ModelChoiceField) else dict(getattr(field, "choices", []))
    return str(labels.get(value, labels.get(str(value), value)))
