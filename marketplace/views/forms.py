"""Forms of accounts, tokens and organizations."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext_lazy as _

from marketplace.domain.roles import Role
from marketplace.domain.viewer import Scope
from marketplace.services.tokens import DEFAULT_DAYS, MOST_DAYS

if TYPE_CHECKING:
    from marketplace.core.errors import MarketplaceError

SCOPES = [
    (Scope.READ, _("Read: install what you may install, also private packages")),
    (Scope.PUBLISH, _("Publish: read, and publish versions of your packages")),
    (Scope.MANAGE, _("Manage: publish, and change organizations and their members")),
]
ROLES = [
    (Role.MEMBER, _("Member: installs the organization's private packages")),
    (Role.BILLING, _("Billing: member, and pays for the organization")),
    (Role.ADMIN, _("Admin: publishes, and adds and removes members")),
    (Role.OWNER, _("Owner: everything, also closing the organization")),
]


def refuse(form: forms.Form, field: str | None, refusal: MarketplaceError) -> None:
    """Put a service's refusal beside the form's field: what is wrong, then the remedy."""
    form.add_error(field, refusal.in_full)


def _zones() -> list[tuple[str, str]]:
    return [(zone, zone.replace("_", " ")) for zone in sorted(available_timezones()) if "/" in zone or zone == "UTC"]


class ProfileForm(forms.Form):
    """What others see of a person, and in which zone times are shown."""

    display_name = forms.CharField(
        label=_("Name"), max_length=80, required=False, help_text=_("Shown beside what you do here.")
    )
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=_zones)


class TokenForm(forms.Form):
    """A new token."""

    name = forms.CharField(label=_("Name"), max_length=80, help_text=_("What it is for, such as “release on CI”."))
    scope = forms.ChoiceField(label=_("It may"), choices=SCOPES, initial=Scope.PUBLISH, widget=forms.RadioSelect)
    packages = forms.CharField(
        label=_("Only these packages"),
        required=False,
        max_length=12_000,
        help_text=_("Full names such as @acme/sql-reviewer, one a line. Empty means all of yours."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    days = forms.IntegerField(label=_("Days until it ends"), min_value=1, max_value=MOST_DAYS, initial=DEFAULT_DAYS)

    def clean_packages(self) -> list[str] | None:
        """Names by white space or commas; None for all packages."""
        return self.cleaned_data["packages"].replace(",", " ").split() or None


class OrganizationForm(forms.Form):
    """A new organization."""

    name = forms.CharField(
        label=_("Name"),
        max_length=39,
        help_text=_("Small letters, digits and hyphens. It can be a publisher's name too: @name/package."),
    )
    display_name = forms.CharField(label=_("Shown name"), max_length=80, required=False)

    def clean_name(self) -> str:
        """Small letters without a leading @."""
        return str(self.cleaned_data["name"]).strip().lower().removeprefix("@")


class RenameForm(OrganizationForm):
    """Other names of an organization."""


class MemberForm(forms.Form):
    """A person to add."""

    email = forms.EmailField(label=_("Mail address"), max_length=254)
    role = forms.ChoiceField(label=_("Role"), choices=ROLES, initial=Role.MEMBER)


class RoleForm(forms.Form):
    """Another role of a member."""

    role = forms.ChoiceField(label=_("Role"), choices=[(role, role.value) for role, _words in ROLES])
