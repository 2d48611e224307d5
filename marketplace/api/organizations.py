"""Organizations and their members."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.response import Response

from marketplace.api.serializers import (
    MemberSerializer,
    MembershipSerializer,
    MemberWriteSerializer,
    OrganizationChangeSerializer,
    OrganizationWriteSerializer,
    RoleSerializer,
)
from marketplace.api.view import SignedInView
from marketplace.core.idempotency import idempotent
from marketplace.core.paging import paged
from marketplace.selectors.organizations import members_of, membership_get, memberships_of
from marketplace.services.members import member_add, member_remove, member_set_role
from marketplace.services.organizations import organization_create, organization_rename

if TYPE_CHECKING:
    from uuid import UUID

    from rest_framework.request import Request

CURSOR = [OpenApiParameter("cursor", str)]


class OrganizationList(SignedInView):
    """The caller's organizations."""

    @extend_schema(operation_id="list_organizations", parameters=CURSOR, responses=MembershipSerializer(many=True))
    def get(self, request: Request) -> Response:
        """Organizations that the caller belongs to, by name."""
        return paged(request, memberships_of(self.caller(request)), MembershipSerializer, key="organization__slug")

    @extend_schema(
        operation_id="create_organization", request=OrganizationWriteSerializer, responses={201: MembershipSerializer}
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """Make an organization, whose owner is the caller."""
        viewer = self.caller(request)
        form = OrganizationWriteSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        made = organization_create(by=viewer, **form.validated_data)
        location = reverse("api-organization", kwargs={"slug": made.slug})
        shown = MembershipSerializer(membership_get(viewer, made.slug)).data
        return Response(shown, status=status.HTTP_201_CREATED, headers={"Location": location})


class OrganizationDetail(SignedInView):
    """One organization."""

    @extend_schema(operation_id="get_organization", responses=MembershipSerializer)
    def get(self, request: Request, slug: str) -> Response:
        """The organization, for its members."""
        return Response(MembershipSerializer(membership_get(self.caller(request), slug)).data)

    @extend_schema(
        operation_id="change_organization", request=OrganizationChangeSerializer, responses=MembershipSerializer
    )
    def patch(self, request: Request, slug: str) -> Response:
        """Rename it; the old name leads to the new one."""
        viewer = self.caller(request)
        mine = membership_get(viewer, slug)
        form = OrganizationChangeSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        renamed = organization_rename(organization=mine.organization, by=viewer, **form.validated_data)
        return Response(MembershipSerializer(membership_get(viewer, renamed.slug)).data)


class MemberList(SignedInView):
    """The members of an organization."""

    @extend_schema(operation_id="list_members", parameters=CURSOR, responses=MemberSerializer(many=True))
    def get(self, request: Request, slug: str) -> Response:
        """Members, by when they came."""
        mine = membership_get(self.caller(request), slug)
        return paged(request, members_of(mine.organization), MemberSerializer)

    @extend_schema(operation_id="add_member", request=MemberWriteSerializer, responses={201: MemberSerializer})
    @idempotent
    def post(self, request: Request, slug: str) -> Response:
        """Add the person with this confirmed address."""
        viewer = self.caller(request)
        mine = membership_get(viewer, slug)
        form = MemberWriteSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        member = member_add(organization=mine.organization, by=viewer, **form.validated_data)
        location = reverse("api-member", kwargs={"slug": slug, "id": member.user.public_id})
        return Response(MemberSerializer(member).data, status=status.HTTP_201_CREATED, headers={"Location": location})


class MemberDetail(SignedInView):
    """One member."""

    @extend_schema(operation_id="change_member", request=RoleSerializer, responses=MemberSerializer)
    def patch(self, request: Request, slug: str, id: UUID) -> Response:  # noqa: A002  (the word of the address)
        """Give another role."""
        viewer = self.caller(request)
        mine = membership_get(viewer, slug)
        form = RoleSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        changed = member_set_role(
            organization=mine.organization, member=id, role=form.validated_data["role"], by=viewer
        )
        return Response(MemberSerializer(changed).data)

    @extend_schema(operation_id="remove_member", responses={204: None})
    def delete(self, request: Request, slug: str, id: UUID) -> Response:  # noqa: A002  (the word of the address)
        """Take the member out; the caller's own id leaves."""
        viewer = self.caller(request)
        member_remove(organization=membership_get(viewer, slug).organization, member=id, by=viewer)
        return Response(status=status.HTTP_204_NO_CONTENT)
