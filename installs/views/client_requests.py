"""Where a person says yes or no to a command line that waits, and chooses whether to be asked."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as __
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods

from installs.domain.client_requests import TOKEN_DAYS
from installs.models import ClientRequest
from installs.selectors.client_requests import client_request_get, confirms_writes, factors_of
from installs.services.client_requests import client_request_approve, client_request_refuse, client_settings_set
from marketplace.domain.viewer import Scope
from marketplace.services.viewers import viewer_from

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

FRESH_SECONDS = 300
SCOPES = (
    (Scope.PUBLISH.value, __("Install and publish")),
    (Scope.READ.value, __("Install only")),
    (Scope.MANAGE.value, __("Everything, also maintainers and tokens")),
)


class ScopeForm(forms.Form):
    """What the command line may do from now on."""

    scope = forms.ChoiceField(choices=SCOPES, initial=SCOPES[0][0], widget=forms.RadioSelect, label=__("It may"))


class ConfirmForm(forms.Form):
    """Whether command lines are confirmed."""

    confirms_writes = forms.BooleanField(
        required=False, label=__("Ask for my second factor before a command line publishes, unpublishes or hands over")
    )


@login_required
@never_cache
@sensitive_variables("page")
@require_http_methods(["GET", "HEAD", "POST"])
def client_request(request: HttpRequest, page: str) -> HttpResponse:
    """The question; with a second factor it must have been used in the last five minutes."""
    viewer, waiting = viewer_from(request), client_request_get(page)
    form = ScopeForm(request.POST or None) if waiting.kind == ClientRequest.Kind.SIGN_IN else None
    factors = factors_of(viewer.user_id)
    needs_factor = bool(factors) and not _is_fresh(request)
    is_mine = waiting.user_id in {None, viewer.user_id}
    if request.method == "POST" and request.POST.get("answer") == "no":
        client_request_refuse(request=waiting, by=viewer)
        return render(request, "installs/client_answered.html", {"is_approved": False})
    if request.method == "POST" and not needs_factor and (form is None or form.is_valid()):
        scope = form.cleaned_data["scope"] if form else ""
        client_request_approve(request=waiting, by=viewer, scope=scope)
        return render(request, "installs/client_answered.html", {"is_approved": True, "days": TOKEN_DAYS.get(scope)})
    context = {
        "waiting": waiting,
        "form": form,
        "is_mine": is_mine,
        "factor_links": _links(request, factors) if needs_factor else [],
    }
    return render(request, "installs/client_request.html", context)


def _is_fresh(request: HttpRequest) -> bool:
    since = time.time() - FRESH_SECONDS
    records: list[dict[str, Any]] = get_authentication_records(request, request.user)
    return any(record.get("method") == "mfa" and record.get("at", 0) >= since for record in records)


def _links(request: HttpRequest, factors: set[str]) -> list[tuple[str, str]]:
    """Where each second factor is asked for; from there the way leads back here."""
    back = urlencode({"next": request.path})
    ways = {
        Authenticator.Type.WEBAUTHN: ("mfa_reauthenticate_webauthn", _("Confirm with a passkey")),
        Authenticator.Type.TOTP: ("mfa_reauthenticate", _("Confirm with a code")),
    }
    return [(f"{reverse(name)}?{back}", label) for kind, (name, label) in ways.items() if kind in factors]


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def client_settings(request: HttpRequest) -> HttpResponse:
    """Whether command lines must be confirmed; only who has a second factor can ask for it."""
    viewer = viewer_from(request)
    factors = factors_of(viewer.user_id)
    form = ConfirmForm(request.POST or None, initial={"confirms_writes": confirms_writes(viewer)})
    if request.method == "POST" and form.is_valid():
        if factors and not _is_fresh(request):
            return redirect(_links(request, factors)[0][0])
        client_settings_set(by=viewer, confirms_writes=form.cleaned_data["confirms_writes"] and bool(factors))
        messages.success(request, _("Saved."))
        return redirect("client-settings")
    return render(request, "installs/client_settings.html", {"form": form, "factors": factors, "here": "clients"})
