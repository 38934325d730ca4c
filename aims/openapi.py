"""How the doors describe themselves: every answer of every verb, the version it needs and the version it gives."""

from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework import serializers

from accounts.api import PROBLEM
from accounts.context import acting_nowhere

TAG = r'^("\d{1,9}(-[0-9a-f]{12})?"|\*)$'
COMMON = {
    400: "The request cannot be read, or a field has the wrong shape; `errors` names it.",
    401: "The token is missing, unknown, expired or revoked.",
    403: "The role, or the scope of the token, does not allow this.",
    404: "There is nothing here, or nothing for you.",
    405: "The method is not one of this address.",
    406: "Only JSON is answered.",
}
OF_WRITES = {
    413: "The body is too large.",
    415: "The body has a media type that is not read here.",
    422: "The request was understood and refused; `detail` says what to do, `errors` which field is at fault.",
}
OF_VERSIONS = {
    409: "The row says something else by now; `current` and `offered` show both.",
    412: "The row was changed since the version in If-Match; `current` and `offered` show both.",
    428: "Send If-Match with the ETag of the row.",
}
SAFE = ("GET", "HEAD")


class ProblemSerializer(serializers.Serializer[Any]):
    """An error (RFC 9457)."""

    type = serializers.CharField()
    status = serializers.IntegerField()
    title = serializers.CharField()
    detail = serializers.CharField()
    errors = serializers.DictField(  # type: ignore[assignment]
        required=False, help_text="Messages by the name of the field at fault."
    )
    current = serializers.DictField(required=False, help_text="What the row says now, after a lost race.")
    offered = serializers.DictField(required=False, help_text="What the request offered, after a lost race.")


class DoorSchema(AutoSchema):  # type: ignore[misc]
    """Adds what all verbs share: the AIMS in the address, versions, and the answers that anything can get."""

    view: Any

    def get_operation(self, *args: Any, **kwargs: Any) -> Any:
        """Describe without any AIMS: managers are asked for models only."""
        with acting_nowhere():
            return super().get_operation(*args, **kwargs)

    def get_operation_id(self) -> str:
        """Return such as `systems_scope`."""
        return f"{self.view.basename}_{self.view.action}"

    def get_tags(self) -> list[str]:
        """Group by room."""
        return [self.view.basename.partition("_")[0]]

    def get_override_parameters(self) -> list[Any]:
        """Add the AIMS, the version a write needs and the one a read compares."""
        aims = OpenApiParameter(
            "aims",
            {"type": "string", "pattern": "^[-a-zA-Z0-9_]+$"},
            OpenApiParameter.PATH,
            description="The AIMS, as its addresses name it.",
        )
        return [aims, *super().get_override_parameters(), *self._versions()]

    def _versions(self) -> list[OpenApiParameter]:
        header: Any = OpenApiParameter.HEADER
        found = []
        if self.view.action in self.view.versioned:
            text = "The ETag of the row that this changes, as last read; `*` whatever it is."
            found.append(
                OpenApiParameter(
                    "If-Match", {"type": "string", "pattern": TAG}, header, required=True, description=text
                )
            )
        if self.view.action in self.view.tagged:
            tag = OpenApiParameter(
                "ETag", str, header, response=[200, 201], description="The version, for If-Match and If-None-Match."
            )
            found.append(tag)
            if self.method in SAFE:
                found.append(OpenApiParameter("If-None-Match", str, header, description="Answers 304 while it holds."))
        return found

    def _get_response_bodies(self, direction: Any = "response") -> Any:
        bodies: dict[str, Any] = super()._get_response_bodies(direction)
        for code, words in self._problems().items():
            answer = OpenApiResponse(ProblemSerializer, description=words)
            told = self._get_response_for_code(answer, str(code), media_types=[PROBLEM])  # type: ignore[no-untyped-call]
            bodies.setdefault(str(code), told)
        if self.method in SAFE and self.view.action in self.view.tagged:
            bodies["304"] = {"description": "Not changed since the version in If-None-Match."}
        return dict(sorted(bodies.items()))

    def _problems(self) -> dict[int, str]:
        found = dict(COMMON)
        if self.method not in SAFE:
            found |= OF_WRITES | ({409: OF_VERSIONS[409]} if self.view.action in self.view.tagged else {})
        if self.view.action in self.view.versioned:
            found |= OF_VERSIONS
        return found | dict(self.view.answers.get(self.view.action, {}))
