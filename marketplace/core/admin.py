"""The administration: who may enter, and how records are shown. Nothing is edited here past the services."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django import forms
from django.apps import apps
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.db import models
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.sites import UnfoldAdminSite

from marketplace.core import tenancy
from marketplace.core.errors import MarketplaceError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from django.http import HttpRequest, HttpResponse

FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
LONG = (models.TextField, models.JSONField, models.BinaryField)
COLUMNS_MOST = 6


class StaffSite(UnfoldAdminSite):
    """Staff with a second factor; whoever lacks one is led to set it up. Sees all tenants' rows."""

    enable_nav_sidebar = True

    def has_permission(self, request: HttpRequest) -> bool:
        """Staff, in use, with a passkey or an authenticator app (which allauth asked for at the sign-in)."""
        user: Any = request.user
        return bool(user.is_active and user.is_staff and is_mfa_enabled(user, types=FACTORS))

    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:  # noqa: ARG002  (Django's signature)
        """Sign in where everybody does, then add what is missing."""
        user: Any = request.user
        if not user.is_authenticated:
            return redirect_to_login(request.GET.get("next", "/admin/"))
        if not user.is_staff:
            raise PermissionDenied
        if not self.has_permission(request):
            return redirect("mfa_index")
        return redirect("admin:index")

    def password_change(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:  # noqa: ARG002  (likewise)
        """Where everybody changes it."""
        return redirect("account_change_password")

    def admin_view(self, view: Callable[..., Any], cacheable: bool = False) -> Callable[..., Any]:  # noqa: FBT001, FBT002  (likewise)
        """Run the view as the system for whoever may enter; the middleware forgets that after the answer."""
        inner = super().admin_view(view, cacheable)

        def bound(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            if self.has_permission(request):
                tenancy.bind(tenancy.SYSTEM)
            return inner(request, *args, **kwargs)

        return bound


class ReasonForm(ActionForm):
    """Actions that move something ask why."""

    reason = forms.CharField(label=_("Reason"), max_length=300, required=False)


class KeysFirst(Paginator):  # type: ignore[type-arg]  # generic only in its stubs
    """Finds the page by keys alone, so that what a list adds to its rows is not worked out for the rows passed over."""

    def page(self, number: Any) -> Page[Any]:
        """The page of this number; raises InvalidPage."""
        number = self.validate_number(number)
        first = (number - 1) * self.per_page
        rows: Any = self.object_list
        keys = rows.values("pk")[first : first + self.per_page]
        return Page(rows.filter(pk__in=keys), number, self)


class Records(ModelAdmin):
    """Rows to read; what may be done with them are actions that call a service."""

    paginator = KeysFirst
    for_moderators = False
    list_per_page = 50
    show_full_result_count = False
    ordering: tuple[str, ...] = ("-pk",)

    def has_add_permission(self, request: HttpRequest, *_args: Any) -> bool:  # noqa: ARG002  (Django's signature)
        """Services make rows."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002  (likewise)
        """Services change rows."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002  (likewise)
        """Services end rows."""
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Who has Django's permission, and moderators where the record is for them."""
        moderates = self.for_moderators and bool(getattr(request.user, "is_moderator", False))
        return moderates or bool(super().has_view_permission(request, obj))

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Whether the app shows in the list at all."""
        return self.has_view_permission(request)

    def each(self, request: HttpRequest, rows: Iterable[Any], act: Callable[[Any], Any]) -> None:
        """Do `act` with every chosen row and say what came of it; a refusal stops nothing."""
        done = 0
        for row in rows:
            try:
                act(row)
            except MarketplaceError as refusal:
                self.message_user(request, f"{row}: {refusal} ({refusal.code})", messages.ERROR)
            else:
                done += 1
        if done:
            self.message_user(request, _("Done: %(n)d") % {"n": done}, messages.SUCCESS)


def records(
    model: type[models.Model],
    columns: str,
    *,
    search: str = "",
    filters: str = "",
    hidden: str = "",
    for_moderators: bool = False,
    base: type[Records] = Records,
) -> None:
    """Show `model` with these columns, searched and filtered by these fields, without the `hidden` ones."""
    named = columns.split()
    joined = [name for name in named if isinstance(model._meta.get_field(name), models.ForeignKey)]
    attributes: dict[str, Any] = {
        "list_display": named,
        "search_fields": search.split(),
        "list_filter": filters.split(),
        "exclude": hidden.split(),
        "list_select_related": joined or False,
        "for_moderators": for_moderators,
    }
    admin.site.register(model, type(f"{model.__name__}Admin", (base,), attributes))


def rest(label: str) -> None:
    """Show what an app has not registered itself, with the first columns that fit a list."""
    for model in apps.get_app_config(label).get_models():
        if not admin.site.is_registered(model):
            short = [field.name for field in model._meta.concrete_fields if not isinstance(field, LONG)]
            records(model, " ".join(short[:COLUMNS_MOST]))
