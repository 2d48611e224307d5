"""Who may do what with prices, orders and licences; the one place that decides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled

from marketplace.core.errors import NotAllowed, NotFound
from marketplace.domain.roles import Permission
from marketplace.domain.viewer import Scope
from marketplace.models import User
from payments.services.switch import ensure_selling

if TYPE_CHECKING:
    from marketplace.domain.viewer import Viewer
    from marketplace.models import Organization
    from payments.models import Licence
    from registry.models import Package

FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


def may_sell(viewer: Viewer, package: Package) -> bool:
    """Whether the viewer sets the package's prices: its publisher, or who manages or bills for the organization."""
    publisher = package.publisher
    if publisher.organization_id is None:
        return viewer.is_system or (viewer.user_id is not None and publisher.user_id == viewer.user_id)
    return any(viewer.may_in(publisher.organization_id, right) for right in (Permission.MANAGE, Permission.BILL))


def ensure_can_sell(*, by: Viewer, package: Package) -> None:
    """Raise NotFound MP9001, NotAllowed MP6016 or MP6024 unless `by` may set the package's prices."""
    ensure_selling()
    if not by.may_use(Scope.MANAGE):
        raise NotAllowed("MP6024")
    if not by.may_touch(package.full_name) or not may_sell(by, package):
        raise NotAllowed("MP6016", {"name": package.full_name})


def ensure_can_buy(*, by: Viewer, organization: Organization | None) -> None:
    """Raise NotFound MP9001, NotAllowed MP9002, MP6022 or MP6024 unless `by` may buy (for the organization)."""
    ensure_selling()
    if by.user_id is None:
        raise NotAllowed("MP9002")
    if not by.may_use(Scope.MANAGE):
        raise NotAllowed("MP6024")
    if organization is not None and not by.may_in(organization.pk, Permission.BILL):
        raise NotAllowed("MP6022", {"organization": organization.display_name})


def ensure_operates(*, by: Viewer, what: str) -> None:
    """Raise NotFound MP9001 unless `by` runs the site.

    That is staff signed in without a token, who may `view` or `change` events (`what`) and has the second factor that
    the administration asks for.
    """
    ensure_selling()
    user = User.objects.filter(pk=by.user_id or 0, is_staff=True).first()
    is_operator = user is not None and user.has_perm(f"payments.{what}_webhookevent") and by.token_id is None
    if not is_operator or not is_mfa_enabled(user, types=FACTORS):
        raise NotFound("MP9001")


def may_see(viewer: Viewer, licence: Licence) -> bool:
    """Whether the licence is the viewer's own or of one of the viewer's organizations."""
    if licence.organization_id is not None:
        return licence.organization_id in viewer.organization_ids or viewer.is_system
    return viewer.is_system or (viewer.user_id is not None and licence.user_id == viewer.user_id)


def may_bill(viewer: Viewer, licence: Licence) -> bool:
    """Whether the viewer changes what the licence costs."""
    if licence.organization_id is not None:
        return viewer.may_in(licence.organization_id, Permission.BILL)
    return viewer.is_system or (viewer.user_id is not None and licence.user_id == viewer.user_id)


def may_give(viewer: Viewer, licence: Licence) -> bool:
    """Whether the viewer gives seats: who bills, and who manages the organization's people."""
    is_manager = licence.organization_id is not None and viewer.may_in(licence.organization_id, Permission.MANAGE)
    return is_manager or may_bill(viewer, licence)


def ensure_may(*, by: Viewer, licence: Licence, gives: bool = False) -> None:
    """Raise NotFound MP6040 (or MP9001), NotAllowed MP6041 or MP6024 unless `by` may bill (or give seats) here."""
    ensure_selling()
    if not may_see(by, licence):
        raise NotFound("MP6040")
    if not by.may_use(Scope.MANAGE):
        raise NotAllowed("MP6024")
    if not (may_give(by, licence) if gives else may_bill(by, licence)):
        raise NotAllowed("MP6041")
