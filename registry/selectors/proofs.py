"""Reads of proofs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from marketplace.core.errors import NotFound
from registry.models import Proof

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet

    from registry.models import Publisher


def proofs_of(publisher: Publisher) -> QuerySet[Proof]:
    """All of them, for those who may prove, in the order in which they were begun."""
    return Proof.objects.filter(publisher=publisher).select_related("publisher").order_by("pk")


def proofs_shown(publisher: Publisher) -> QuerySet[Proof]:
    """Those that hold now, for everybody."""
    return proofs_of(publisher).filter(revoked_at=None, expires_at__gt=timezone.now())


def proof_get(publisher: Publisher, public_id: UUID | str) -> Proof:
    """One of them; raises NotFound MP9001."""
    proof = proofs_of(publisher).filter(public_id=str(public_id)).first()
    if proof is None:
        raise NotFound("MP9001")
    return proof
