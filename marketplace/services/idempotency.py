"""Remembers the answers to requests that carry an Idempotency-Key, for a day (`purging` forgets them)."""

from __future__ import annotations

from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from marketplace.core.errors import Conflict, Invalid
from marketplace.core.idempotency import Answer
from marketplace.models import IdempotencyKey

RUNNING_MOST = timedelta(minutes=10)


class Answers:
    """The store of `marketplace.core.idempotency`."""

    def begin(self, *, user_id: int, key: str, digest: str) -> Answer | None:
        """The first answer, or None when the request is to run; raises Conflict MP9011, Invalid MP9008.

        A request that has not answered for ten minutes has died; its key may be used again.
        """
        try:
            with transaction.atomic():
                IdempotencyKey.objects.create(user_id=user_id, key=key, request_digest=digest)
        except IntegrityError:
            return self._again(user_id, key, digest)
        return None

    @transaction.atomic
    def _again(self, user_id: int, key: str, digest: str) -> Answer | None:
        row = IdempotencyKey.objects.select_for_update().filter(user_id=user_id, key=key).first()
        if row is None:
            raise Conflict("MP9011")
        if row.request_digest != digest:
            raise Invalid("MP9008")
        if row.status is not None:
            return Answer(row.status, row.body, row.headers)
        if timezone.now() - row.created_at < RUNNING_MOST:
            raise Conflict("MP9011")
        row.created_at = timezone.now()
        row.save(update_fields=["created_at"])
        return None

    def keep(self, *, user_id: int, key: str, answer: Answer) -> None:
        """Remember the answer."""
        rows = IdempotencyKey.objects.filter(user_id=user_id, key=key)
        rows.update(status=answer.status, body=answer.body, headers=answer.headers)

    def drop(self, *, user_id: int, key: str) -> None:
        """Forget the key: the request wrote nothing."""
        IdempotencyKey.objects.filter(user_id=user_id, key=key, status=None).delete()
