"""The API door to seats of the certification body, what is shared with them, and deputies; changed by people only."""

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.refusals import require
from accounts.roles import STEWARDS, Role
from aims import actions
from aims.api import Door, NotHere, PersonSerializer, Text, person_called
from aims.models import Membership, Share
from aims.people_api import NUMBER, MembershipSerializer
from aims.permissions import may_deputise, may_grant, may_share
from aims.settings_api import WhySerializer

SHARE = OpenApiParameter("share", {"type": "integer", "minimum": 1, "maximum": 10**9}, OpenApiParameter.PATH)


class ShareSerializer(serializers.ModelSerializer[Share]):
    """One thing a seat may read."""

    shared_by = PersonSerializer(allow_null=True)

    class Meta:
        model = Share
        fields = ("id", "subject", "shared_by", "shared_at", "until", "withdrawn_at", "version")


class SeatSerializer(MembershipSerializer):
    """A seat with everything that is or was shared with it."""

    shares = ShareSerializer(many=True, source="all_shares")

    class Meta(MembershipSerializer.Meta):
        fields = (*MembershipSerializer.Meta.fields, "shares")  # type: ignore[assignment]


class NewSeatSerializer(serializers.Serializer[Any]):
    """Whose seat, from when until when, and for which audits."""

    email = Text(max_length=254)
    name = Text(max_length=120, required=False)
    begins = serializers.DateTimeField()
    ends = serializers.DateTimeField()
    audits = serializers.ListField(
        child=Text(max_length=120), max_length=20, help_text="References of audits, such as milestone:4."
    )


class DateSerializer(serializers.Serializer[Any]):
    """Another end of the seat."""

    ends = serializers.DateTimeField()


class NewShareSerializer(serializers.Serializer[Any]):
    """What to share, and until when where the seat lasts longer."""

    subject = Text(max_length=120, help_text="A typed reference, such as version:SOA-3.")
    until = serializers.DateTimeField(required=False, allow_null=True)


@extend_schema_view(list=extend_schema(summary="List seats of the certification body"))
class SeatDoor(Door):
    """Seats: read, give, date, share and stop sharing; a seat is ended as the role it is."""

    lookup_value_regex = NUMBER
    queryset = Membership.unscoped.none()
    serializer_class = SeatSerializer
    tagged = frozenset({"retrieve", "create", "date", "share", "unshare"})
    versioned = frozenset({"date", "unshare"})

    def get_queryset(self) -> QuerySet[Membership]:
        """Return the seats with their people and what is shared with them; two queries."""
        seats = Membership.objects.filter(role=Role.CERTIFIER).select_related("user", "granted_by", "aims")
        shares = Share.objects.select_related("shared_by").order_by("id")
        return seats.prefetch_related(Prefetch("shares", shares, to_attr="all_shares"))

    def list(self, request: Request) -> Response:
        """Return every seat that is or was held, to those who share with them."""
        require(self.actor.holds(*STEWARDS))
        return self.listed(self.get_queryset(), lambda page: SeatSerializer(page, many=True).data)

    @extend_schema(responses=SeatSerializer, summary="Read a seat")
    def retrieve(self, request: Request, pk: str) -> Response:
        """Return one seat."""
        require(self.actor.holds(*STEWARDS))
        return self._answer(self.one(), 200)

    @extend_schema(request=NewSeatSerializer, responses={201: SeatSerializer}, summary="Give a seat")
    def create(self, request: Request) -> Response:
        """Give a seat, share its audits with it, and mail the way in."""
        require(may_grant(self.actor, self.aims))
        said = {"name": ""} | self.said(NewSeatSerializer)
        seat = actions.Seat(said["begins"], said["ends"], tuple(said["audits"]))
        return self._answer(actions.give_seat(said["email"], name=said["name"], seat=seat, actor=self.actor), 201)

    @extend_schema(request=DateSerializer, responses=SeatSerializer, summary="Change when a seat ends")
    @action(detail=True, methods=["post"])
    def date(self, request: Request, pk: str) -> Response:
        """Give the seat another end, at most a year from now."""
        row, ends = self.one(lambda actor, held: may_grant(actor, held.aims)), self.said(DateSerializer)["ends"]
        with self.holding(row, valid_until=ends) as seen:
            actions.date_seat(row, ends=ends, seen=seen, actor=self.actor)
        return self._answer(row, 200)

    @extend_schema(request=NewShareSerializer, responses={201: SeatSerializer}, summary="Share with a seat")
    @action(detail=True, methods=["post"], url_path="shares")
    def share(self, request: Request, pk: str) -> Response:
        """Open one thing to the seat at once; what is open already stays as it is."""
        row, said = self.one(lambda actor, held: may_share(actor, held.aims)), self.said(NewShareSerializer)
        actions.share(row, said["subject"], until=said.get("until"), actor=self.actor)
        return self._answer(row, 201)

    @extend_schema(
        request=WhySerializer,
        responses=SeatSerializer,
        parameters=[SHARE],
        summary="Stop sharing",
        description="If-Match takes the version of the share, not of the seat.",
    )
    @action(detail=True, methods=["post"], url_path=r"shares/(?P<share>[0-9]{1,9})/withdraw")
    def unshare(self, request: Request, pk: str, share: str) -> Response:
        """Close one thing to the seat at once, with the reason."""
        row = self.one(lambda actor, held: may_share(actor, held.aims))
        held = get_object_or_404(Share.objects.select_related("aims"), seat=row, pk=int(share), withdrawn_at=None)
        reason = self.said(WhySerializer)["reason"]
        with self.holding(held, reason=reason) as seen:
            actions.unshare(held, reason=reason, seen=seen, actor=self.actor)
        return self._answer(row, 200)

    def _answer(self, row: Membership, status: int) -> Response:
        row = self.get_queryset().get(pk=row.pk)
        return self.shown(SeatSerializer(row).data, row.version, status=status)


class DeputySerializer(MembershipSerializer):
    """Who stands in for whom."""

    stands_in_for = PersonSerializer(source="deputises.user")
    membership = serializers.IntegerField(source="deputises_id", help_text="The role that is stood in for.")

    class Meta(MembershipSerializer.Meta):
        fields = (*MembershipSerializer.Meta.fields, "stands_in_for", "membership")  # type: ignore[assignment]


class NewDeputySerializer(serializers.Serializer[Any]):
    """Who stands in for which role, between two instants."""

    membership = serializers.IntegerField(
        min_value=1, max_value=10**9, help_text="The role, as /memberships/ lists it."
    )
    person = Text(max_length=254, help_text="E-mail of a person of the organisation.")
    begins = serializers.DateTimeField()
    ends = serializers.DateTimeField()


@extend_schema_view(list=extend_schema(summary="List deputies"))
class DeputyDoor(Door):
    """Deputies: read, name, end."""

    lookup_value_regex = NUMBER
    queryset = Membership.unscoped.none()
    serializer_class = DeputySerializer
    tagged = frozenset({"create", "end"})
    versioned = frozenset({"end"})

    def get_queryset(self) -> QuerySet[Membership]:
        """Return those who stand or stood in, with the people; one query."""
        deputies = Membership.objects.filter(deputises__isnull=False)
        return deputies.select_related("user", "granted_by", "aims", "deputises__user")

    def list(self, request: Request) -> Response:
        """Return everybody who stands or stood in for somebody."""
        return self.listed(self.get_queryset(), lambda page: DeputySerializer(page, many=True).data)

    @extend_schema(request=NewDeputySerializer, responses={201: DeputySerializer}, summary="Name a deputy")
    def create(self, request: Request) -> Response:
        """Let a member stand in for the holder of a role: the holder's word, or an administrator's."""
        said = self.said(NewDeputySerializer)
        held = Membership.objects.select_related("user").filter(pk=said["membership"], revoked_at=None).first()
        user = person_called(said["person"], "person")
        if held is None:
            raise NotHere(_("Nobody holds that role here."), field="membership")
        if user is None:
            raise NotHere(_("Say who is to stand in."), field="person")
        require(may_deputise(self.actor, held))
        made = actions.name_deputy(held, user, valid_from=said["begins"], valid_until=said["ends"], actor=self.actor)
        return self._answer(made, 201)

    @extend_schema(request=WhySerializer, responses=DeputySerializer, summary="End a deputy's authority")
    @action(detail=True, methods=["post"])
    def end(self, request: Request, pk: str) -> Response:
        """End it now, with the reason."""
        row = self.one(lambda actor, one: may_deputise(actor, one.deputises))
        reason = self.said(WhySerializer)["reason"]
        with self.holding(row, reason=reason) as seen:
            actions.end_deputy(row, reason=reason, seen=seen, actor=self.actor)
        return self._answer(row, 200)

    def _answer(self, row: Membership, status: int) -> Response:
        row = self.get_queryset().get(pk=row.pk)
        return self.shown(DeputySerializer(row).data, row.version, status=status)
