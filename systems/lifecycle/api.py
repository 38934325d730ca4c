"""The API door of moves: ask, read, sign, refuse and withdraw; each calls the action that its page calls."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.refusals import require
from aims.api import Door, Flag, PersonSerializer, Text, person_called
from systems import actions
from systems.actions.entering import GateShut
from systems.lifecycle.models import Mode, Signature, Transition
from systems.lifecycle.signers import is_called
from systems.lifecycle.stages import Stage
from systems.permissions import may_move, may_withdraw

NUMBER = OpenApiParameter("number", {"type": "integer", "minimum": 1, "maximum": 10**9}, OpenApiParameter.PATH)
PLACE = r"moves/(?P<number>[0-9]{1,9})"
DECIDES = [(Mode.CONTINUE.value, Mode.CONTINUE.label), (Mode.PARTIAL.value, Mode.PARTIAL.label)]
ENDS = [(Mode.REFUSE.value, Mode.REFUSE.label), (Mode.DEFER.value, Mode.DEFER.label)]


class ConditionSerializer(serializers.Serializer[Any]):
    """What has to be done about a check that is left open."""

    check = Text(max_length=80)
    text = Text(max_length=4_000)
    owner = Text(max_length=254, help_text="E-mail of a person of the organisation.")
    due_on = serializers.DateField()


class AskSerializer(serializers.Serializer[Any]):
    """A stage to move to. Where others have to sign, the harm considered and how it is reversed are asked for."""

    stage = serializers.ChoiceField(Stage.choices)
    reason = Text(required=False)
    mode = serializers.ChoiceField(DECIDES, required=False)
    harm = Text(required=False)
    is_reversible = Flag(required=False)
    reversing = Text(required=False)
    conditions = ConditionSerializer(many=True, required=False)


class SignSerializer(serializers.Serializer[Any]):
    """The authority to sign under, where the signer has several, and a note."""

    authority = Text(required=False, max_length=100, help_text="Such as role:approver or function:product-owner.")
    note = Text(required=False)


class RefuseSerializer(serializers.Serializer[Any]):
    """Why a move is refused, or deferred to which day."""

    reason = Text()
    mode = serializers.ChoiceField(ENDS, required=False)
    look_again_on = serializers.DateField(required=False, allow_null=True)


class TakeBackMoveSerializer(serializers.Serializer[Any]):
    """Why a move is taken back."""

    reason = Text()


class SignatureSerializer(serializers.ModelSerializer[Signature]):
    """Who signed, and under which authority."""

    person = PersonSerializer()

    class Meta:
        model = Signature
        fields = ("person", "authority", "note", "signed_at")


class MoveSerializer(serializers.ModelSerializer[Transition]):
    """A move as it was asked for, judged and decided."""

    asked_by = PersonSerializer(allow_null=True)
    decided_by = PersonSerializer(allow_null=True)
    conditions = serializers.JSONField()
    gates = serializers.JSONField()
    judgement = serializers.JSONField()
    signatures = SignatureSerializer(many=True)

    class Meta:
        model = Transition
        fields = (
            "number", "from_stage", "to_stage", "state", "mode", "reason", "conditions", "harm", "is_reversible",
            "reversing", "asked_by", "asked_at", "judged_version", "judged_digest", "gates", "judgement", "decided_by",
            "decided_at", "decision_note", "look_again_on", "signatures", "version",
        )  # fmt: skip


class MoveDoor(Door):
    """The moves of a system; a door of the registry takes them in."""

    @extend_schema(responses=MoveSerializer(many=True), summary="List the moves of an AI system", filters=False)
    @action(detail=True, methods=["get"], url_path="moves", url_name="moves")
    def moves(self, request: Request, code: str) -> Response:
        """Return every move, the oldest first; four queries."""
        rows = self._moves().filter(system=self.one())
        page = self.paginate_queryset(rows)
        return self.get_paginated_response(MoveSerializer(page or [], many=True).data)

    @extend_schema(
        request=AskSerializer,
        responses={201: MoveSerializer},
        summary="Ask for a move along the life cycle",
        description="If-Match takes the version of the system.",
    )
    @moves.mapping.post
    def ask_move(self, request: Request, code: str) -> Response:
        """Ask for a move, or make it where nobody has to sign; a gate that is shut says what is missing (422)."""
        row, said = self.one(may_move), dict(self.said(AskSerializer))
        stage = said.pop("stage")
        thought = actions.Thought(said.pop("harm", ""), said.pop("is_reversible", True), said.pop("reversing", ""))
        told = [
            actions.Condition(one["check"], one["text"], person_called(one["owner"], "conditions"), one["due_on"])
            for one in said.pop("conditions", ())
        ]
        more = said | {"mode": Mode(said.get("mode", Mode.CONTINUE)), "thought": thought, "conditions": told}
        with self.holding(row, stage=stage) as seen:
            move = actions.ask_move(row, stage, **more, seen=seen, actor=self.actor)
        return self._move(code, move.number, status=201)

    @extend_schema(responses=MoveSerializer, parameters=[NUMBER], summary="Read a move")
    @action(detail=True, methods=["get"], url_path=PLACE, url_name="move")
    def read_move(self, request: Request, code: str, number: str) -> Response:
        """Return one move."""
        return self._move(code, int(number))

    @extend_schema(request=SignSerializer, responses=MoveSerializer, parameters=[NUMBER], summary="Sign a move")
    @action(detail=True, methods=["post"], url_path=f"{PLACE}/sign", url_name="sign-move")
    def sign_move(self, request: Request, code: str, number: str) -> Response:
        """Sign a move; people who have just confirmed who they are only, so no token (403)."""
        row, said = self._one_move(code, number, is_called), self.said(SignSerializer)
        with self.holding(row, note=said.get("note", "")) as seen:
            actions.sign_move(row, **said, seen=seen, actor=self.actor)
        return self._move(code, row.number)

    @extend_schema(
        request=RefuseSerializer, responses=MoveSerializer, parameters=[NUMBER], summary="Refuse or defer a move"
    )
    @action(detail=True, methods=["post"], url_path=f"{PLACE}/refuse", url_name="refuse-move")
    def refuse_move(self, request: Request, code: str, number: str) -> Response:
        """Refuse a move, or put it off to a day; people only."""
        row, said = self._one_move(code, number, is_called), dict(self.said(RefuseSerializer))
        said["mode"] = Mode(said.get("mode", Mode.REFUSE))
        with self.holding(row, reason=said["reason"]) as seen:
            actions.refuse_move(row, **said, seen=seen, actor=self.actor)
        return self._move(code, row.number)

    @extend_schema(
        request=TakeBackMoveSerializer, responses=MoveSerializer, parameters=[NUMBER], summary="Take a move back"
    )
    @action(detail=True, methods=["post"], url_path=f"{PLACE}/withdraw", url_name="withdraw-move")
    def withdraw_move(self, request: Request, code: str, number: str) -> Response:
        """Take back a move that waits; people only."""
        row, said = self._one_move(code, number, may_withdraw), self.said(TakeBackMoveSerializer)
        with self.holding(row, reason=said["reason"]) as seen:
            actions.withdraw_move(row, **said, seen=seen, actor=self.actor)
        return self._move(code, row.number)

    def handle_exception(self, exc: Exception) -> Response:
        """Answer a gate that is shut with each check that shuts it, and where it is mended."""
        answered = super().handle_exception(exc)
        if isinstance(exc, GateShut) and isinstance(answered.data, dict):
            answered.data["missing"] = [
                {"check": one.key, "words": one.words, "state": one.state, "note": one.note, "address": one.address}
                for one in exc.missing
            ]
        return answered

    def _moves(self) -> Any:
        return Transition.objects.select_related("asked_by", "decided_by").prefetch_related("signatures__person")

    def _one_move(self, code: str, number: str, permit: Any) -> Transition:
        self.one()
        row: Transition = get_object_or_404(
            Transition.objects.select_related("system"), system__code=code, number=int(number)
        )
        require(permit(self.actor, row))
        return row

    def _move(self, code: str, number: int, status: int = 200) -> Response:
        row = get_object_or_404(self._moves(), system__code=code, number=number)
        place = reverse("api:systems-move", args=[self.aims.slug, code, number]) if status == 201 else ""
        return self.shown(MoveSerializer(row).data, row.version, status=status, location=place)
