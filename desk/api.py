"""The API door to what a person owes."""

from django.db.models import QuerySet
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from aims.api import Door, PersonSerializer
from duties.models import Task


class TaskFilter(filters.FilterSet):  # type: ignore[misc]
    """What tasks can be narrowed by."""

    kind = filters.CharFilter(label="The kind of a task")
    state = filters.ChoiceFilter(choices=(("open", "Open"), ("done", "Done")), method="by_state", label="How it stands")

    def by_state(self, rows: QuerySet[Task], _name: str, value: str) -> QuerySet[Task]:
        """Keep those that are still to be done, or those that are done."""
        return rows.filter(closed_at__isnull=value == "open")


class TaskSerializer(serializers.ModelSerializer[Task]):
    """One thing to do: what about, where, by when; it is closed by doing it there."""

    closed_by = PersonSerializer(allow_null=True)

    class Meta:
        model = Task
        fields = ("id", "kind", "subject", "title", "address", "due_on", "opened_at", "closed_at", "closed_by")


@extend_schema_view(list=extend_schema(summary="List my tasks"))
class TaskDoor(Door):
    """My tasks, read only: each is closed by the verb that it asks for."""

    queryset = Task.unscoped.none()
    serializer_class = TaskSerializer
    filterset_class = TaskFilter

    def get_queryset(self) -> QuerySet[Task]:
        """Return what the person of the token or session owes here."""
        return Task.objects.filter(owner_id=self.actor.user_id or 0).select_related("closed_by")

    def list(self, request: Request) -> Response:
        """Return a page of one's own tasks, done ones too."""
        return self.listed(self.get_queryset(), lambda page: TaskSerializer(page, many=True).data)
