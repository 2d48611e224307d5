"""Who a publisher is, and the ways to show it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from marketplace.core.codes import fix, sentence
from marketplace.core.errors import MarketplaceError
from marketplace.services.viewers import viewer_from
from registry.domain.proofs import DOMAIN_MOST, GONE, HELD, Method
from registry.selectors.packages import publisher_get
from registry.selectors.proofs import proof_get, proofs_of
from registry.services.access import ensure_can_prove
from registry.services.proofs import proof_ask, proof_remove, proof_start
from registry.services.proving import place_of, text_of

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

    from registry.models import Proof


class ProofForm(forms.Form):
    """What is to be proven."""

    method = forms.ChoiceField(
        label=gettext_lazy("What it is"),
        choices=[
            (Method.DNS.value, gettext_lazy("A domain, by a DNS record")),
            (Method.GITHUB.value, gettext_lazy("An organization on GitHub, by a file")),
        ],
        initial=Method.DNS.value,
        widget=forms.RadioSelect,
    )
    subject = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=DOMAIN_MOST,
        help_text=gettext_lazy("Such as acme.example, or the organization's name."),
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def verification(request: HttpRequest, name: str) -> HttpResponse:
    """The proofs of a publisher with what to do for each; raises NotFound MP3001, NotAllowed MP3070."""
    publisher = publisher_get(name)
    ensure_can_prove(by=viewer_from(request), publisher=publisher)
    form = ProofForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        method = Method(form.cleaned_data["method"])
        try:
            proof_start(
                publisher=publisher, method=method, subject=form.cleaned_data["subject"], by=viewer_from(request)
            )
        except MarketplaceError as refusal:
            form.add_error("subject", refusal.in_full)
        else:
            return redirect("verification", name=name)
    rows = [_row(proof) for proof in proofs_of(publisher)]
    context = {
        "publisher": publisher,
        "form": form,
        "rows": rows,
        "is_running": any(proof.is_waiting for proof, *_rest in rows),
        "held_days": HELD.days,
        "gone_days": GONE.days,
        "tab": "verification",
        "section": "console",
    }
    return render(request, "registry/verification.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def proof_act(request: HttpRequest, name: str, id: UUID, act: str) -> HttpResponse:  # noqa: A002  (the word of the address)
    """Check one now, or forget it; says what happened and returns to the list."""
    publisher = publisher_get(name)
    ensure_can_prove(by=viewer_from(request), publisher=publisher)
    proof = proof_get(publisher, id)
    try:
        if act == "check":
            proof_ask(proof=proof, by=viewer_from(request))
            messages.success(request, _("%(name)s is being checked.") % {"name": proof.subject})
        else:
            proof_remove(proof=proof, by=viewer_from(request))
            messages.success(request, _("%(name)s is forgotten.") % {"name": proof.subject})
    except MarketplaceError as refusal:
        messages.error(request, refusal.in_full)
    return redirect("verification", name=name)


def _row(proof: Proof) -> tuple[Proof, str, str, str]:
    """The proof, where its text must stand, the text, and why it was not found."""
    failure = ""
    if proof.failure:
        said = proof.failure_params
        failure = f"{sentence(proof.failure, said)} {fix(proof.failure, said)} ({proof.failure})"
    return proof, place_of(proof), text_of(proof), failure
