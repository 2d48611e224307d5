"""The shapes of accounts, tokens and organizations in the API."""

from __future__ import annotations

from typing import Any, ClassVar

from rest_framework import serializers

from marketplace.domain.roles import Role
from marketplace.domain.viewer import Scope
from marketplace.models import Membership, Token
from marketplace.services.tokens import DEFAULT_DAYS

ROLES = [role.value for role in Role]


class MembershipSerializer(serializers.ModelSerializer[Membership]):
    """An organization as one of its members sees it, with the role in it."""

    id = serializers.UUIDField(source="organization.public_id")
    name = serializers.CharField(source="organization.slug")
    display_name = serializers.CharField(source="organization.display_name")
    state = serializers.CharField(source="organization.state")
    closes_at = serializers.DateTimeField(source="organization.closes_at")

    class Meta:
        model = Membership
        fields: ClassVar[list[str]] = ["id", "name", "display_name", "state", "closes_at", "role"]


class MemberSerializer(serializers.ModelSerializer[Membership]):
    """A member of an organization."""

    id = serializers.UUIDField(source="user.public_id")
    name = serializers.CharField(source="user")
    email = serializers.EmailField(source="user.email")

    class Meta:
        model = Membership
        fields: ClassVar[list[str]] = ["id", "name", "email", "role", "created_at"]


class OrganizationWriteSerializer(serializers.Serializer[Any]):
    """A new organization."""

    name = serializers.CharField(max_length=39)
    display_name = serializers.CharField(max_length=80, required=False, allow_blank=True, default="")


class OrganizationChangeSerializer(serializers.Serializer[Any]):
    """Other names."""

    name = serializers.CharField(max_length=39, required=False)
    display_name = serializers.CharField(max_length=80, required=False)


class MemberWriteSerializer(serializers.Serializer[Any]):
    """A person to add, by a confirmed address."""

    email = serializers.EmailField(max_length=254)
    role = serializers.ChoiceField(ROLES, default=Role.MEMBER.value)


class RoleSerializer(serializers.Serializer[Any]):
    """Another role."""

    role = serializers.ChoiceField(ROLES)


class TokenSerializer(serializers.ModelSerializer[Token]):
    """A token without its secret; `packages` null means all."""

    id = serializers.UUIDField(source="public_id")

    class Meta:
        model = Token
        fields: ClassVar[list[str]] = [
            "id", "name", "prefix", "scopes", "packages", "created_at", "expires_at", "last_used_at", "revoked_at",
        ]  # fmt: skip


class TokenMadeSerializer(TokenSerializer):
    """A token with its secret, which no other answer holds."""

    secret = serializers.CharField()

    class Meta(TokenSerializer.Meta):
        fields: ClassVar[list[str]] = [*TokenSerializer.Meta.fields, "secret"]


class TokenWriteSerializer(serializers.Serializer[Any]):
    """A new token."""

    name = serializers.CharField(max_length=80)
    scopes = serializers.ListField(child=serializers.ChoiceField([scope.value for scope in Scope]), min_length=1)
    packages = serializers.ListField(child=serializers.CharField(max_length=110), required=False, allow_null=True)
    days = serializers.IntegerField(default=DEFAULT_DAYS)


class MeSerializer(serializers.Serializer[Any]):
    """Who calls, and with what."""

    id = serializers.UUIDField(source="user.public_id")
    email = serializers.EmailField(source="user.email")
    display_name = serializers.CharField(source="user.display_name")
    time_zone = serializers.CharField(source="user.time_zone")
    state = serializers.CharField(source="user.state")
    closes_at = serializers.DateTimeField(source="user.closes_at")
    organizations = MembershipSerializer(many=True)
    token = TokenSerializer(allow_null=True)


class MeChangeSerializer(serializers.Serializer[Any]):
    """What one changes of oneself."""

    display_name = serializers.CharField(max_length=80, required=False, allow_blank=True)
    time_zone = serializers.CharField(max_length=64, required=False)
