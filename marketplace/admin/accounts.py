"""People, organizations, tokens and names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.auth.models import Group
from django.utils.translation import gettext_lazy as _

from marketplace.core.admin import ReasonForm, Records, records
from marketplace.models import Membership, NameClaim, Notice, NoticeChoice, Organization, Token, User
from marketplace.services.appointing import Duty, user_appoint
from marketplace.services.suspending import user_restore, user_suspend
from marketplace.services.viewers import viewer_from

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest


class UserRecords(Records):
    """People; moderators suspend them and let them back, administrators make moderators."""

    action_form = ReasonForm
    actions = ("suspend", "restore", "moderator", "senior", "nobody")

    def get_actions(self, request: HttpRequest) -> Any:
        """Only administrators see how moderators are made."""
        found = super().get_actions(request)
        kept = ("suspend", "restore") if not viewer_from(request).is_administrator else self.actions
        return {name: action for name, action in found.items() if name in kept}

    @admin.action(description=_("Suspend, for the reason beside"))
    def suspend(self, request: HttpRequest, rows: QuerySet[User]) -> None:
        """Keep them out."""
        reason, by = request.POST.get("reason", ""), viewer_from(request)
        self.each(request, rows, lambda user: user_suspend(user=user, reason=reason, by=by))

    @admin.action(description=_("Let back in, for the reason beside"))
    def restore(self, request: HttpRequest, rows: QuerySet[User]) -> None:
        """Let them back."""
        reason, by = request.POST.get("reason", ""), viewer_from(request)
        self.each(request, rows, lambda user: user_restore(user=user, reason=reason, by=by))

    @admin.action(description=_("Make moderators"))
    def moderator(self, request: HttpRequest, rows: QuerySet[User]) -> None:
        """Let them into the workplace."""
        self._appoint(request, rows, Duty.MODERATOR)

    @admin.action(description=_("Make senior moderators"))
    def senior(self, request: HttpRequest, rows: QuerySet[User]) -> None:
        """Let them do what is grave."""
        self._appoint(request, rows, Duty.SENIOR)

    @admin.action(description=_("Moderators no longer"))
    def nobody(self, request: HttpRequest, rows: QuerySet[User]) -> None:
        """Close the workplace to them."""
        self._appoint(request, rows, Duty.NONE)

    def _appoint(self, request: HttpRequest, rows: QuerySet[User], duty: Duty) -> None:
        by = viewer_from(request)
        self.each(request, rows, lambda user: user_appoint(user=user, duty=duty, by=by))


if admin.site.is_registered(Group):
    admin.site.unregister(Group)  # roles are ours; groups would be a second word for them
records(
    User,
    "email display_name state is_staff is_moderator is_senior_moderator date_joined",
    search="email display_name public_id",
    filters="state is_staff is_moderator is_senior_moderator is_superuser",
    hidden="password groups user_permissions",
    for_moderators=True,
    base=UserRecords,
)
records(
    Organization,
    "slug display_name state closes_at created_at",
    search="slug display_name public_id",
    filters="state",
    for_moderators=True,
)
records(
    Membership,
    "organization user role created_at",
    search="organization__slug user__email",
    filters="role",
    for_moderators=True,
)
records(Token, "prefix name user scopes expires_at last_used_at revoked_at", search="prefix name user__email")
records(
    NameClaim,
    "name kind scope holder claimed_at released_at",
    search="name normalised holder",
    filters="kind",
    for_moderators=True,
)
records(Notice, "title user kind created_at read_at mailed_at", search="user__email title", filters="kind")
records(NoticeChoice, "user unmailed", search="user__email")
