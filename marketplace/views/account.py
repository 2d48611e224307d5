"""The person's own page: profile, export, closing and opening again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from marketplace.core.errors import MarketplaceError
from marketplace.selectors.accounts import user_get
from marketplace.services.accounts import GRACE, account_close, account_export, account_reopen, profile_update
from marketplace.services.viewers import viewer_from
from marketplace.views.forms import ProfileForm, refuse

if TYPE_CHECKING:
    from django.http import HttpRequest


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """Name and time zone; the doors to export and closing."""
    user = user_get(viewer_from(request))
    first = {"display_name": user.display_name, "time_zone": user.time_zone}
    form = ProfileForm(request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        try:
            profile_update(by=viewer_from(request), **form.cleaned_data)
        except MarketplaceError as refusal:
            refuse(form, None, refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect("account-profile")
    context = {"form": form, "person": user, "days": GRACE.days, "here": "profile"}
    return render(request, "marketplace/profile.html", context, status=422 if form.errors else 200)


@login_required
@never_cache
@require_POST
def export(request: HttpRequest) -> HttpResponse:
    """Everything that is kept about the person, as a JSON file."""
    answer = JsonResponse(account_export(by=viewer_from(request)), json_dumps_params={"indent": 2})
    answer.headers["Content-Disposition"] = 'attachment; filename="account.json"'
    return answer


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def close(request: HttpRequest) -> HttpResponse:
    """Ask once more, then close the account."""
    refusal: MarketplaceError | None = None
    if request.method == "POST":
        try:
            account_close(by=viewer_from(request))
        except MarketplaceError as error:
            refusal = error
        else:
            messages.success(request, _("The account is being closed. Until it ends you can open it again here."))
            return redirect("account-profile")
    context = {"days": GRACE.days, "refusal": refusal, "here": "profile"}
    return render(request, "marketplace/account_close.html", context, status=refusal.status if refusal else 200)


@login_required
@require_POST
def reopen(request: HttpRequest) -> HttpResponse:
    """Take the closing back."""
    account_reopen(by=viewer_from(request))
    messages.success(request, _("The account is open again."))
    return redirect("account-profile")
