"""Organizations: the list, one with its members, and what may be changed there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from marketplace.core.errors import MarketplaceError, NotFound
from marketplace.domain.roles import ALLOWED, Permission, Role
from marketplace.selectors.organizations import members_of, membership_get, memberships_of, name_now
from marketplace.services.members import member_add, member_remove, member_set_role
from marketplace.services.organizations import (
    GRACE,
    organization_close,
    organization_create,
    organization_rename,
    organization_reopen,
)
from marketplace.services.viewers import viewer_from
from marketplace.views.forms import ROLES, MemberForm, OrganizationForm, RenameForm, RoleForm, refuse

if TYPE_CHECKING:
    from uuid import UUID

    from django.forms import Form
    from django.http import HttpRequest, HttpResponse

    from marketplace.models import Membership

PAGE = 50


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def organizations(request: HttpRequest) -> HttpResponse:
    """The viewer's organizations, and the form for a new one."""
    viewer = viewer_from(request)
    form = OrganizationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = organization_create(by=viewer, **form.cleaned_data)
        except MarketplaceError as refusal:
            refuse(form, "name", refusal)
        else:
            return redirect("organization", slug=made.slug)
    page = Paginator(memberships_of(viewer), PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "memberships": page.object_list, "here": "organizations", **_pages(page)}
    return render(request, "marketplace/organizations.html", context, status=422 if form.errors else 200)


@login_required
@require_safe
def organization(request: HttpRequest, slug: str) -> HttpResponse:
    """One organization; an older name leads to the one in use."""
    try:
        mine = membership_get(viewer_from(request), slug)
    except NotFound:
        newer = name_now(slug)
        if newer is None or not memberships_of(viewer_from(request)).filter(organization__slug=newer).exists():
            raise
        return redirect("organization", slug=newer, permanent=True)
    return _page(request, mine)


@login_required
@require_POST
def member_new(request: HttpRequest, slug: str) -> HttpResponse:
    """Add a member."""
    mine = membership_get(viewer_from(request), slug)
    form = MemberForm(request.POST)
    if form.is_valid():
        try:
            member_add(organization=mine.organization, by=viewer_from(request), **form.cleaned_data)
        except MarketplaceError as refusal:
            refuse(form, "email", refusal)
        else:
            messages.success(request, _("%(email)s is a member now.") % form.cleaned_data)
            return redirect("organization", slug=slug)
    return _page(request, mine, member_form=form)


@login_required
@require_POST
def member_role(request: HttpRequest, slug: str, id: UUID) -> HttpResponse:  # noqa: A002  (the word of the address)
    """Give a member another role."""
    mine = membership_get(viewer_from(request), slug)
    form = RoleForm(request.POST)
    role = form.cleaned_data["role"] if form.is_valid() else ""
    changed = member_set_role(organization=mine.organization, member=id, role=role, by=viewer_from(request))
    messages.success(request, _("%(name)s has the role “%(role)s”.") % {"name": changed.user, "role": changed.role})
    return redirect("organization", slug=slug)


@login_required
@require_POST
def member_gone(request: HttpRequest, slug: str, id: UUID) -> HttpResponse:  # noqa: A002  (the word of the address)
    """Take a member out, or leave."""
    mine = membership_get(viewer_from(request), slug)
    member_remove(organization=mine.organization, member=id, by=viewer_from(request))
    if id == mine.user.public_id:
        messages.success(request, _("You have left %(name)s.") % {"name": mine.organization.display_name})
        return redirect("organizations")
    messages.success(request, _("The member was removed."))
    return redirect("organization", slug=slug)


@login_required
@require_POST
def rename(request: HttpRequest, slug: str) -> HttpResponse:
    """Change the names."""
    mine = membership_get(viewer_from(request), slug)
    form = RenameForm(request.POST)
    if form.is_valid():
        name = form.cleaned_data["name"]
        try:
            renamed = organization_rename(
                organization=mine.organization,
                by=viewer_from(request),
                name=None if name == mine.organization.slug else name,
                display_name=form.cleaned_data["display_name"] or mine.organization.display_name,
            )
        except MarketplaceError as refusal:
            refuse(form, "name", refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect("organization", slug=renamed.slug)
    return _page(request, mine, rename_form=form)


@login_required
@require_POST
def close(request: HttpRequest, slug: str) -> HttpResponse:
    """Stop the organization; it ends after the grace."""
    mine = membership_get(viewer_from(request), slug)
    organization_close(organization=mine.organization, by=viewer_from(request))
    messages.success(request, _("%(name)s is being closed.") % {"name": mine.organization.display_name})
    return redirect("organization", slug=slug)


@login_required
@require_POST
def reopen(request: HttpRequest, slug: str) -> HttpResponse:
    """Take the closing back."""
    mine = membership_get(viewer_from(request), slug)
    organization_reopen(organization=mine.organization, by=viewer_from(request))
    messages.success(request, _("%(name)s is open again.") % {"name": mine.organization.display_name})
    return redirect("organization", slug=slug)


def _page(
    request: HttpRequest, mine: Membership, *, member_form: Form | None = None, rename_form: Form | None = None
) -> HttpResponse:
    found = mine.organization
    first = {"name": found.slug, "display_name": found.display_name}
    page = Paginator(members_of(found), PAGE).get_page(request.GET.get("page"))
    role = Role(mine.role)
    context: dict[str, Any] = {
        "organization": found,
        "mine": mine,
        "members": page.object_list,
        "member_form": member_form or MemberForm(),
        "rename_form": rename_form or RenameForm(initial=first),
        "manages": Permission.MANAGE in ALLOWED[role],
        "is_owner": role is Role.OWNER,
        "roles": ROLES,
        "days": GRACE.days,
        "here": "organizations",
        **_pages(page),
    }
    refused = any(form is not None and form.errors for form in (member_form, rename_form))
    return render(request, "marketplace/organization.html", context, status=422 if refused else 200)


def _pages(page: Any) -> dict[str, int | None]:
    return {
        "previous_page": page.previous_page_number() if page.has_previous() else None,
        "next_page": page.next_page_number() if page.has_next() else None,
    }
