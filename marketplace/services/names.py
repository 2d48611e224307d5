"""Issues names: each once, for good, whatever happens at the same time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils import timezone

from marketplace.core.errors import Conflict
from marketplace.models import NameClaim

if TYPE_CHECKING:
    from uuid import UUID


def name_claim(*, name: str, normalised: str, kind: str, holder: UUID, scope: str = "") -> NameClaim:
    """Give `name` to `holder`; raises Conflict MP4101 when it, or one that reads like it, was ever given to another."""
    held = NameClaim.objects.filter(scope=scope, normalised=normalised).first()
    if held is None:
        try:
            with transaction.atomic():
                return NameClaim.objects.create(name=name, normalised=normalised, kind=kind, holder=holder, scope=scope)
        except IntegrityError:
            held = NameClaim.objects.get(scope=scope, normalised=normalised)
    if held.holder != holder or held.kind != kind or (held.name != name and held.released_at is None):
        raise Conflict("MP4101", {"name": name})
    if held.released_at is not None:
        NameClaim.objects.filter(pk=held.pk).update(released_at=None, successor=None, name=name)
    return held


def name_release(*, claim: NameClaim, successor: NameClaim | None = None) -> None:
    """Stop using the name: it leads to `successor` (when there is one) and goes to nobody else."""
    NameClaim.objects.filter(pk=claim.pk).update(released_at=timezone.now(), successor=successor)
