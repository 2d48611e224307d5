"""The person's tokens: what they may do, when they end, when they were used; the secret is shown once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from marketplace.core.errors import MarketplaceError
from marketplace.selectors.accounts import tokens_of, user_get
from marketplace.services.tokens import token_create, token_revoke
from marketplace.services.viewers import viewer_from
from marketplace.views.forms import TokenForm, refuse

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

PAGE = 50
ENDED_SHOWN = 10


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def tokens(request: HttpRequest) -> HttpResponse:
    """The list, and the form for a new one; the answer to the form is the only one that ever shows the secret."""
    viewer = viewer_from(request)
    form, secret, made = TokenForm(request.POST or None), "", None
    if request.method == "POST" and form.is_valid():
        facts = form.cleaned_data
        try:
            made, secret = token_create(
                user=user_get(viewer),
                name=facts["name"],
                scopes=[facts["scope"]],
                packages=facts["packages"],
                days=facts["days"],
                by=viewer,
            )
        except MarketplaceError as refusal:
            refuse(form, "packages" if refusal.code in {"MP4003", "MP1503"} else None, refusal)
        else:
            form = TokenForm()
    page = Paginator(tokens_of(viewer), PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "secret": secret,
        "made": made,
        "tokens": page.object_list,
        "previous_page": page.previous_page_number() if page.has_previous() else None,
        "next_page": page.next_page_number() if page.has_next() else None,
        "ended": tokens_of(viewer, ended=True)[:ENDED_SHOWN],
        "npm_key": f"{settings.BASE_URL.partition(':')[2]}/npm/:_authToken",
        "here": "tokens",
    }
    return render(request, "marketplace/tokens.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def revoke(request: HttpRequest, id: UUID) -> HttpResponse:  # noqa: A002  (the word of the address)
    """End a token at once."""
    token = token_revoke(public_id=id, by=viewer_from(request))
    messages.success(request, _("“%(name)s” has ended.") % {"name": token.name})
    return redirect("account-tokens")
