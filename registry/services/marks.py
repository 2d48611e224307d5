"""The verified mark of a publisher: what the best of its proofs says, on its row and on what search reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from marketplace.domain.audit import Action
from marketplace.domain.viewer import SYSTEM
from marketplace.models import Notice
from marketplace.services.audit import audit
from marketplace.services.notices import notice_send
from registry.domain.proofs import Method
from registry.models import PrivateSearchDocument, Publisher, SearchDocument
from registry.services.publishers import publisher_user_ids

if TYPE_CHECKING:
    from marketplace.domain.viewer import Viewer
    from registry.models import Proof

ORDER = (Method.DNS, Method.GITHUB, Method.DEMO)


def mark_write(publisher_id: int) -> Publisher:
    """Write the publisher's mark anew from its proofs; call it in the transaction that changes one of them."""
    publisher = Publisher.objects.select_for_update(of=("self",)).get(pk=publisher_id)
    live = [proof for proof in publisher.proofs.order_by("pk") if proof.holds()]
    best = min(live, key=lambda proof: ORDER.index(Method(proof.method)), default=None)
    publisher.verified_as = best.subject if best else ""
    publisher.verified_by = best.method if best else ""
    publisher.verified_at = best.checked_at if best else None
    publisher.verified_until = best.expires_at if best else None
    publisher.save(update_fields=["verified_as", "verified_by", "verified_at", "verified_until"])
    for table in (SearchDocument, PrivateSearchDocument):
        documents = table._default_manager.filter(package__publisher=publisher)  # noqa: SLF001  (Django's documented name)
        documents.exclude(is_verified=best is not None).update(is_verified=best is not None)
    return publisher


@transaction.atomic
def mark_end(publisher_id: int) -> None:
    """Take away the mark of a publisher whose proofs have all expired, and tell its people once."""
    before = Publisher.objects.get(pk=publisher_id)
    publisher = mark_write(publisher_id)
    if publisher.verified_until is not None:
        return
    said_audit(Action.PROOF_END, publisher, SYSTEM, {"subject": before.verified_as})
    publisher_tell(
        publisher,
        key=f"proof-end:{publisher.public_id}:{timezone.now():%Y%m%d}",
        title=_("@%(name)s is no longer shown as verified") % {"name": publisher.name},
        text=_("%(subject)s could not be confirmed for too long. Check it again, or prove another name.")
        % {"subject": before.verified_as},
    )


def publisher_tell(publisher: Publisher, *, key: str, title: str, text: str) -> None:
    """A notice to those who answer for the publisher."""
    notice_send(
        to=publisher_user_ids(publisher),
        kind=Notice.Kind.ACCOUNT,
        key=key,
        title=title,
        text=text,
        path=f"/console/verification/@{publisher.name}",
    )


def said_audit(
    action: Action, publisher: Publisher, by: Viewer, data: dict[str, object], proof: Proof | None = None
) -> None:
    """Write down what was done with a proof of the publisher."""
    audit(
        action,
        by=by,
        kind="proof",
        subject=proof.public_id if proof else publisher.public_id,
        name=f"@{publisher.name}",
        organization_id=publisher.organization_id,
        data=data if proof is None else {"subject": proof.subject, "method": proof.method, **data},
    )
