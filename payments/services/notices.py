"""Tells whoever pays what became of a licence, once for each turn it takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from marketplace.domain.roles import ALLOWED, Permission, Role
from marketplace.models import Membership, Notice
from marketplace.services.notices import notice_send
from payments.domain.licences import LicenceState, Reason

if TYPE_CHECKING:
    from payments.models import Licence


def payers(licence: Licence) -> list[int]:
    """Who looks after the licence: its owner, or the organization's owners and billing members."""
    if licence.user_id is not None:
        return [licence.user_id]
    billing = [role.value for role in Role if Permission.BILL in ALLOWED[role]]
    members = Membership.objects.filter(organization=licence.organization, role__in=billing)
    return list(members.values_list("user_id", flat=True))


def licence_told(licence: Licence, before: str) -> None:
    """Send the notice for the state that the licence is in now; nothing when there is nothing to say."""
    said = _words(licence, before)
    if said is None:
        return
    title, text = said
    notice_send(
        to=payers(licence),
        kind=Notice.Kind.PURCHASE,
        key=f"licence-{licence.public_id}-{licence.changed_at.isoformat()}",
        title=title,
        text=text,
        path=f"/licences/{licence.public_id}",
    )


def _words(licence: Licence, before: str) -> tuple[str, str] | None:
    """Title and text of the notice; None for a turn that needs no word."""
    is_back = licence.state == LicenceState.ACTIVE and before in {LicenceState.GRACE, LicenceState.SUSPENDED}
    found = {
        (LicenceState.GRACE, Reason.UNPAID): (
            _("A payment for %(name)s failed"),
            _("The licence goes on for now. Use another card in Billing before it is suspended."),
        ),
        (LicenceState.SUSPENDED, Reason.DISPUTED): (
            _("The licence for %(name)s is suspended"),
            _("Its payment is disputed. It opens again when the dispute is decided for the seller."),
        ),
        (LicenceState.SUSPENDED, Reason.UNPAID): (
            _("The licence for %(name)s is suspended"),
            _("A payment failed and was not made up for. Pay the open invoice; the licence opens at once."),
        ),
        (LicenceState.REVOKED, Reason.REFUNDED): (
            _("The licence for %(name)s was revoked"),
            _("The payment was given back."),
        ),
        (LicenceState.REVOKED, Reason.DISPUTE_LOST): (
            _("The licence for %(name)s was revoked"),
            _("The bank gave the payment back."),
        ),
        (LicenceState.ENDED, Reason.TRIAL_LAPSED): (
            _("The trial of %(name)s is over"),
            _("Nothing was charged. Buy it on its page."),
        ),
        (LicenceState.ENDED, Reason.CANCELLED): (_("The licence for %(name)s has ended"), ""),
    }.get((LicenceState(licence.state), Reason(licence.reason)))
    if found is None and is_back:
        found = (_("The licence for %(name)s is active again"), "")
    if found is None and not before:
        found = (_("You have a licence for %(name)s"), _("Add the package to your library to install it."))
    return None if found is None else (found[0] % {"name": licence.order.package.full_name}, found[1])
