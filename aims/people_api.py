"""The API door to who belongs to the AIMS: roles, invitations, tokens; and to the views that people keep."""

from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Token, TokenKind
from accounts.refusals import require
from accounts.roles import STEWARDS, Role
from aims import actions
from aims.actions.issue_token import SCOPES, NotIssuable
from aims.api import Door, Flag, NotHere, PersonSerializer, Text, person_called
from aims.models import Invitation, Membership, SavedView
from aims.permissions import may_change_view, may_grant, may_issue, may_keep_views, may_revoke, may_share_views
from aims.saved import kept, seen_by
from aims.settings_api import WhySerializer

NUMBER = "[0-9]{1,9}"


class MembershipSerializer(serializers.ModelSerializer[Membership]):
    """A role held in the AIMS: by whom, granted by whom, from when until when."""

    person = PersonSerializer(source="user")
    granted_by = PersonSerializer(allow_null=True)

    class Meta:
        model = Membership
        fields = ("id", "person", "role", "scope", "granted_by", "valid_from", "valid_until", "revoked_at", "version")


class GrantSerializer(serializers.Serializer[Any]):
    """A further role for somebody who is here already."""

    person = Text(max_length=254, help_text="E-mail of a person of the organisation.")
    role = serializers.ChoiceField(Role.choices)
    valid_until = serializers.DateTimeField(required=False, allow_null=True)


class MembershipFilter(filters.FilterSet):  # type: ignore[misc]
    """What roles can be narrowed by."""

    role = filters.ChoiceFilter(choices=Role.choices)
    person = filters.CharFilter(field_name="user__email", lookup_expr="iexact", label="E-mail of the person")
    state = filters.ChoiceFilter(choices=(("held", "Held"), ("revoked", "Revoked")), method="by_state")

    def by_state(self, rows: QuerySet[Membership], _name: str, value: str) -> QuerySet[Membership]:
        """Keep those that nobody revoked, or those that somebody did."""
        return rows.filter(revoked_at__isnull=value == "held")


@extend_schema_view(list=extend_schema(summary="List who holds which role"))
class MembershipDoor(Door):
    """Roles: who holds them, grant, revoke."""

    lookup_value_regex = NUMBER
    queryset = Membership.unscoped.none()
    serializer_class = MembershipSerializer
    filterset_class = MembershipFilter
    tagged = frozenset({"create", "revoke"})
    versioned = frozenset({"revoke"})

    def get_queryset(self) -> QuerySet[Membership]:
        """Return them with their people."""
        return Membership.objects.select_related("user", "granted_by", "aims")

    def list(self, request: Request) -> Response:
        """Return every role that is or was held."""
        return self.listed(self.get_queryset(), lambda page: MembershipSerializer(page, many=True).data)

    @extend_schema(request=GrantSerializer, responses={201: MembershipSerializer}, summary="Grant a role")
    def create(self, request: Request) -> Response:
        """Give somebody who is here already one more role; people only."""
        require(may_grant(self.actor, self.aims))
        said = self.said(GrantSerializer)
        user = person_called(said["person"], "person")
        if user is None:
            raise NotHere(_("Say who is to hold it."), field="person")
        row = actions.grant(user, Role(said["role"]), valid_until=said.get("valid_until"), actor=self.actor)
        return self._answer(row, 201)

    @extend_schema(request=WhySerializer, responses=MembershipSerializer, summary="Revoke a role")
    @action(detail=True, methods=["post"])
    def revoke(self, request: Request, pk: str) -> Response:
        """Take a role back with the reason; it ends at once; people only."""
        row, reason = self.one(lambda actor, held: may_grant(actor, held.aims)), self.said(WhySerializer)["reason"]
        with self.holding(row, reason=reason) as seen:
            actions.revoke(row, reason=reason, seen=seen, actor=self.actor)
        return self._answer(row, 200)

    def _answer(self, row: Membership, status: int) -> Response:
        row = self.get_queryset().get(pk=row.pk)
        return self.shown(MembershipSerializer(row).data, row.version, status=status)


class InvitationSerializer(serializers.ModelSerializer[Invitation]):
    """Somebody who was invited or named; the link itself is only in their mail."""

    person = PersonSerializer(source="user")
    roles = serializers.ListField(child=serializers.ChoiceField(Role.choices))
    is_waiting = serializers.BooleanField(help_text="Whether a link is out that still works.")

    class Meta:
        model = Invitation
        fields = ("id", "person", "roles", "is_waiting", "created_at", "expires_at", "accepted_at")


class InviteSerializer(serializers.Serializer[Any]):
    """Whom to invite, and to which roles."""

    email = Text(max_length=254)
    name = Text(max_length=120, required=False)
    roles = serializers.ListField(child=serializers.ChoiceField(Role.choices), max_length=10)


class AddressSerializer(serializers.Serializer[Any]):
    """Where to send the link."""

    email = Text(max_length=254)


@extend_schema_view(list=extend_schema(summary="List invitations"))
class InvitationDoor(Door):
    """Invitations: read, invite, send again."""

    lookup_value_regex = NUMBER
    queryset = Invitation.unscoped.none()
    serializer_class = InvitationSerializer

    def get_queryset(self) -> QuerySet[Invitation]:
        """Return them with their people."""
        return Invitation.objects.select_related("user")

    def list(self, request: Request) -> Response:
        """Return everybody who was invited or only named."""
        return self.listed(self.get_queryset(), lambda page: InvitationSerializer(page, many=True).data)

    @extend_schema(request=InviteSerializer, responses={201: InvitationSerializer}, summary="Invite a person")
    def create(self, request: Request) -> Response:
        """Grant the roles and mail a link that works for 14 days; people only."""
        require(may_grant(self.actor, self.aims))
        said = {"name": ""} | self.said(InviteSerializer)
        return self._answer(actions.invite(said.pop("email"), **said, actor=self.actor), 201)

    @extend_schema(request=AddressSerializer, responses=InvitationSerializer, summary="Send the link")
    @action(detail=True, methods=["post"])
    def send(self, request: Request, pk: str) -> Response:
        """Give somebody who was only named an address, or mail a fresh link; people only."""
        require(may_grant(self.actor, self.aims))
        row, email = self.one(), self.said(AddressSerializer)["email"]
        return self._answer(actions.complete_invitation(row, email=email, actor=self.actor), 200)

    def _answer(self, row: Invitation, status: int) -> Response:
        return Response(InvitationSerializer(self.get_queryset().get(pk=row.pk)).data, status=status)


class TokenSerializer(serializers.ModelSerializer[Token]):
    """A token by its prefix; its text is never told again."""

    person = PersonSerializer(source="user")
    scopes = serializers.ListField(child=serializers.ChoiceField(SCOPES))

    class Meta:
        model = Token
        fields = (
            "prefix", "name", "kind", "person", "scopes", "created_at", "expires_at", "last_used_at", "revoked_at",
        )  # fmt: skip


class NewTokenSerializer(serializers.Serializer[Any]):
    """What will use the token, and what it may do until when."""

    name = Text(max_length=120)
    kind = serializers.ChoiceField(TokenKind.choices)
    scopes = serializers.ListField(child=serializers.ChoiceField(SCOPES), max_length=2)
    expires_at = serializers.DateTimeField()


class IssuedTokenSerializer(TokenSerializer):
    """A fresh token with its text, told this once."""

    text = serializers.CharField()

    class Meta(TokenSerializer.Meta):
        fields = (*TokenSerializer.Meta.fields, "text")  # type: ignore[assignment]


@extend_schema_view(list=extend_schema(summary="List tokens"))
class TokenDoor(Door):
    """Tokens of this AIMS: one's own, and every one for stewards."""

    lookup_field = "prefix"
    lookup_value_regex = r"[A-Za-z0-9_\-]{1,20}"
    queryset = Token.objects.none()
    serializer_class = TokenSerializer

    def get_queryset(self) -> QuerySet[Token]:
        """Return the tokens that the actor may see."""
        rows = Token.objects.filter(aims_id=self.aims.pk).select_related("user")
        return rows if self.actor.holds(*STEWARDS) else rows.filter(user_id=self.actor.user_id or 0)

    def list(self, request: Request) -> Response:
        """Return tokens, those that ended too."""
        return self.listed(self.get_queryset(), lambda page: TokenSerializer(page, many=True).data)

    @extend_schema(request=NewTokenSerializer, responses={201: IssuedTokenSerializer}, summary="Issue a token")
    def create(self, request: Request) -> Response:
        """Issue a token for oneself, or for a service or agent; people who are signed in only, never another token."""
        said = self.said(NewTokenSerializer)
        if request._request.token is not None:  # type: ignore[attr-defined]
            raise NotIssuable(_("A token issues no tokens. Sign in."))
        require(may_issue(self.actor, self.aims, said["kind"]))
        token, text = actions.issue_token(**said | {"kind": TokenKind(said["kind"])}, actor=self.actor)
        token.text = text  # type: ignore[attr-defined]
        return Response(IssuedTokenSerializer(token).data, status=201)

    @extend_schema(request=None, responses=TokenSerializer, summary="Revoke a token")
    @action(detail=True, methods=["post"])
    def revoke(self, request: Request, prefix: str) -> Response:
        """End a token at once."""
        row = actions.revoke_token(self.one(may_revoke), actor=self.actor)
        return Response(TokenSerializer(self.get_queryset().get(pk=row.pk)).data)


class SavedViewSerializer(serializers.ModelSerializer[SavedView]):
    """A list kept under a name: `query` is the part of its address that filters and sorts."""

    owner = PersonSerializer()

    class Meta:
        model = SavedView
        fields = ("id", "page", "name", "query", "is_shared", "owner", "saved_at")


class NewViewSerializer(serializers.Serializer[Any]):
    """A list page, such as `evidence:list`, and what of it is kept."""

    page = Text(max_length=40)
    name = Text(max_length=60)
    query = Text(max_length=1_000, required=False)
    is_shared = Flag(required=False)


class ChangeViewSerializer(serializers.Serializer[Any]):
    """Another name, or another circle."""

    name = Text(max_length=60)
    is_shared = Flag()


@extend_schema_view(list=extend_schema(summary="List kept views"))
class SavedViewDoor(Door):
    """Views of lists: one's own and those that are shared."""

    lookup_value_regex = NUMBER
    queryset = SavedView.unscoped.none()
    serializer_class = SavedViewSerializer

    def get_queryset(self) -> QuerySet[SavedView]:
        """Return what the actor may choose."""
        return seen_by(self.actor)

    def list(self, request: Request) -> Response:
        """Return one's own views and those that are shared."""
        return self.listed(self.get_queryset(), lambda page: SavedViewSerializer(page, many=True).data)

    @extend_schema(request=NewViewSerializer, responses={201: SavedViewSerializer}, summary="Keep a view")
    def create(self, request: Request) -> Response:
        """Keep a list under a name, for oneself or, as a steward, for everybody."""
        require(may_keep_views(self.actor))
        said: dict[str, Any] = {"query": "", "is_shared": False} | self.said(NewViewSerializer)
        require(not said["is_shared"] or may_share_views(self.actor))
        said["query"] = kept(QueryDict(said["query"]))
        row = actions.save_view(said.pop("page"), said.pop("name"), said.pop("query"), **said, actor=self.actor)
        return Response(SavedViewSerializer(row).data, status=201)

    @extend_schema(request=ChangeViewSerializer, responses=SavedViewSerializer, summary="Change a view")
    def partial_update(self, request: Request, pk: str) -> Response:
        """Call it otherwise, share it, or keep it to oneself."""
        row = self.one(may_change_view)
        said = {"name": row.name, "is_shared": row.is_shared} | self.said(ChangeViewSerializer, partial=True)
        return Response(SavedViewSerializer(actions.change_view(row, **said, actor=self.actor)).data)

    @extend_schema(request=None, responses=SavedViewSerializer, summary="Begin a page with a view")
    @action(detail=True, methods=["post"])
    def begin(self, request: Request, pk: str) -> Response:
        """Open the page with this view from now on, for oneself."""
        row = self.one(lambda actor, _row: may_keep_views(actor))
        actions.begin_with(row, actor=self.actor)
        return Response(SavedViewSerializer(row).data)

    @extend_schema(request=None, responses=SavedViewSerializer, summary="Delete a view")
    @action(detail=True, methods=["post"], url_path="delete")
    def delete_view(self, request: Request, pk: str) -> Response:
        """Delete it and return what it was."""
        row = self.one(may_change_view)
        data = SavedViewSerializer(row).data
        actions.delete_view(row, actor=self.actor)
        return Response(data)
