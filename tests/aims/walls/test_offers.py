"""What forms and serializers offer: rows of the AIMS in context, chosen when they are asked and not when imported."""

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from django import forms
from rest_framework import serializers

from accounts.context import NoAims, acting_nowhere
from accounts.forms import AssayForm, AssayModelForm, Styled
from accounts.models import User
from aims.models import Aims
from aims.walls import tenants
from systems.models import AiSystem
from tests.make import a_person
from tests.test_contracts import ROOMS, ROOT


def kinds(base: type) -> Iterator[type]:
    """Every class of ours below a base; all modules that declare some are loaded."""
    for room in ROOMS:
        for file in (ROOT / room).rglob("*.py"):
            if file.stem.startswith(("forms", "api", "answers", "verbs")) and "migrations" not in file.parts:
                import_module(".".join(Path(file.relative_to(ROOT)).with_suffix("").parts))
    yield from below(base)


def below(base: type) -> Iterator[type]:
    for kind in base.__subclasses__():
        if kind.__module__.partition(".")[0] in ROOMS:
            yield kind
        yield from below(kind)


class Forgetful(AssayForm):
    """Says at import what it offers, and nothing when it is asked."""

    owner = forms.ModelChoiceField(queryset=User.objects.all())


class ForgetfulModelForm(AssayModelForm):
    """Leaves the owner to Django, which offers everybody."""

    class Meta:
        model = AiSystem
        fields = ("owner",)


@pytest.mark.parametrize("form", [Forgetful, ForgetfulModelForm])
def test_a_form_that_says_nothing_offers_nobody(form: type[forms.BaseForm], aims: Aims) -> None:
    person = a_person()
    asked = form(data={"owner": person.pk})
    assert str(person.pk) not in str(asked["owner"])
    assert "owner" in asked.errors


def test_every_form_begins_empty() -> None:
    found = [kind for kind in kinds(forms.BaseForm) if getattr(kind, "base_fields", {})]
    offering = [
        kind
        for kind in found
        if any(isinstance(field, forms.ModelChoiceField) for field in kind.base_fields.values())  # type: ignore[attr-defined]
    ]
    assert len(offering) > 8
    assert [kind for kind in found if not issubclass(kind, Styled)] == []


def test_serializers_take_no_rows_by_their_key() -> None:
    """They take references and codes, which actions look up in the AIMS in context."""
    with acting_nowhere():
        found = [
            f"{kind.__module__}.{kind.__name__}.{name}"
            for kind in kinds(serializers.BaseSerializer)
            if issubclass(kind, serializers.Serializer)
            for name, field in kind().fields.items()
            if is_a_choice_of_rows(field) and not field.read_only
        ]
    assert found == []


def is_a_choice_of_rows(field: serializers.Field) -> bool:  # type: ignore[type-arg]
    return isinstance(field, serializers.RelatedField | serializers.ManyRelatedField)


def test_default_managers_see_one_aims_or_refuse() -> None:
    open_ = []
    for tenant in tenants():
        if tenant.is_history or tenant.label in {"accounts.Token", "jobs.Job", "jobs.Delivery"}:
            continue
        try:
            tenant.model._default_manager.all()
        except NoAims:
            continue
        open_.append(tenant.label)
    assert open_ == []
