"""Publishers show who they are: by a record of their domain, or a file of their organization on GitHub."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from marketplace.core.codes import fix, sentence
from marketplace.core.errors import Conflict, Invalid, LimitReached, NotAllowed
from marketplace.domain.audit import Action
from marketplace.domain.viewer import SYSTEM
from marketplace.services.outbox import enqueue
from registry.domain.proofs import HELD, Method, ProofFailed, expiry_after_loss, subject_of
from registry.models import Proof, Publisher
from registry.services.access import ensure_can_prove
from registry.services.marks import mark_end, mark_write, publisher_tell, said_audit
from registry.services.proving import evidence_find

if TYPE_CHECKING:
    from marketplace.domain.viewer import Viewer

CHECK = "registry.proof_check"
MOST = 10
AGAIN = timedelta(seconds=30)
EVERY = timedelta(days=1)
BATCH = 200


@transaction.atomic
def proof_start(*, publisher: Publisher, method: Method, subject: str, by: Viewer) -> Proof:
    """Name a domain or an account to be proven; the same one again is the same proof.

    Raises NotAllowed MP3028 MP3070 MP3079, Invalid MP3071, Conflict MP3077.
    """
    ensure_can_prove(by=by, publisher=publisher)
    if method is Method.DEMO and not by.is_system:
        raise NotAllowed("MP3079")
    name = subject_of(method, subject) if method is not Method.DEMO else subject
    if not name:
        raise Invalid("MP3071", {"subject": subject[:120]})
    Publisher.objects.select_for_update(of=("self",)).get(pk=publisher.pk)
    known = publisher.proofs.filter(method=method.value, subject=name).first()
    if known is not None:
        return known
    if publisher.proofs.count() >= MOST:
        raise Conflict("MP3077", {"name": publisher.name, "limit": MOST})
    proof = Proof.objects.create(publisher=publisher, method=method.value, subject=name)
    said_audit(Action.PROOF_START, publisher, by, {}, proof)
    return proof


@transaction.atomic
def proof_ask(*, proof: Proof, by: Viewer) -> Proof:
    """Have it looked at now, in the background; raises NotAllowed MP3028 MP3070 MP3078, LimitReached MP3076."""
    ensure_can_prove(by=by, publisher=proof.publisher)
    locked = Proof.objects.select_for_update(of=("self",)).select_related("publisher").get(pk=proof.pk)
    if locked.revoked_at is not None:
        raise NotAllowed("MP3078", {"subject": locked.subject, "reason": locked.revoked_reason})
    waited = AGAIN if locked.asked_at is None else timezone.now() - locked.asked_at
    if waited < AGAIN:
        seconds = int((AGAIN - waited).total_seconds()) + 1
        raise LimitReached("MP3076", {"subject": locked.subject, "seconds": seconds})
    _ask(locked)
    said_audit(Action.PROOF_CHECK, locked.publisher, by, {}, locked)
    return locked


@transaction.atomic
def proof_remove(*, proof: Proof, by: Viewer) -> None:
    """Forget it, and the mark with it; raises NotAllowed MP3028 MP3070, or MP3078 for one that was taken away."""
    ensure_can_prove(by=by, publisher=proof.publisher)
    if proof.revoked_at is not None:
        raise NotAllowed("MP3078", {"subject": proof.subject, "reason": proof.revoked_reason})
    said_audit(Action.PROOF_REMOVE, proof.publisher, by, {}, proof)
    publisher_id = proof.publisher_id
    proof.delete()
    mark_write(publisher_id)


@transaction.atomic
def proof_revoke(*, proof: Proof, reason: str, by: Viewer) -> None:
    """Take it away for good, for a reason that the publisher reads; raises NotAllowed MP9003, Invalid MP9004."""
    _ensure_moderator(by)
    if not reason.strip():
        raise Invalid("MP9004", {"reason": _("a reason is needed")})
    Proof.objects.filter(pk=proof.pk).update(revoked_at=timezone.now(), revoked_reason=reason[:300])
    publisher = mark_write(proof.publisher_id)
    said_audit(Action.PROOF_REVOKE, publisher, by, {"reason": reason}, proof)
    publisher_tell(
        publisher,
        key=f"proof-revoke:{proof.public_id}:{timezone.now():%Y%m%d%H%M}",
        title=_("The proof of %(subject)s was taken away") % {"subject": proof.subject},
        text=_("%(reason)s\n\nAnswer this message to object.") % {"reason": reason},
    )


@transaction.atomic
def proof_restore(*, proof: Proof, by: Viewer) -> None:
    """Let it be proven again, and look at once; raises NotAllowed MP9003."""
    _ensure_moderator(by)
    locked = Proof.objects.select_for_update(of=("self",)).select_related("publisher").get(pk=proof.pk)
    locked.revoked_at, locked.revoked_reason = None, ""
    locked.save(update_fields=["revoked_at", "revoked_reason"])
    _ask(locked)
    mark_write(locked.publisher_id)
    said_audit(Action.PROOF_RESTORE, locked.publisher, by, {}, locked)


def proof_check(proof_id: int) -> None:
    """Look, outside of any transaction, and write down what was found; one that is gone or revoked is left alone."""
    proof = Proof.objects.filter(pk=proof_id, revoked_at=None).first()
    if proof is None:
        return
    try:
        evidence = evidence_find(proof)
    except ProofFailed as failed:
        proof_fail(proof_id=proof_id, failed=failed)
    else:
        proof_hold(proof_id=proof_id, evidence=evidence)


@transaction.atomic
def proof_hold(*, proof_id: int, evidence: str) -> None:
    """It was found: the mark stands for another HELD."""
    proof = _locked(proof_id)
    if proof is None:
        return
    is_new, now = not proof.holds(), timezone.now()
    proof.looked_at = proof.checked_at = now
    proof.expires_at, proof.evidence = now + HELD, evidence[:500]
    proof.failure, proof.failure_params = "", {}
    proof.save()
    publisher = mark_write(proof.publisher_id)
    if is_new:
        said_audit(Action.PROOF_HOLD, publisher, SYSTEM, {"evidence": proof.evidence}, proof)


@transaction.atomic
def proof_fail(*, proof_id: int, failed: ProofFailed) -> None:
    """It was not found: a mark shrinks to a week when it is surely gone; its people are told the first time."""
    proof = _locked(proof_id)
    if proof is None:
        return
    now, is_first = timezone.now(), not proof.failure
    proof.looked_at, proof.failure, proof.failure_params = now, failed.code, failed.params
    if failed.is_gone and proof.expires_at is not None:
        proof.expires_at = expiry_after_loss(proof.expires_at, now)
    proof.save()
    publisher = mark_write(proof.publisher_id)
    if is_first:
        said_audit(Action.PROOF_FAIL, publisher, SYSTEM, {"code": failed.code}, proof)
    if is_first and proof.holds():
        publisher_tell(
            publisher,
            key=f"proof-fail:{proof.public_id}:{now:%Y%m%d}",
            title=_("%(subject)s could not be confirmed") % {"subject": proof.subject},
            text=f"{sentence(failed.code, failed.params)} {fix(failed.code, failed.params)}",
        )


def proofs_recheck() -> int:
    """Have those that hold and were not looked at since yesterday looked at; returns how many."""
    due = Proof.objects.filter(revoked_at=None, expires_at__gt=timezone.now()).filter(
        Q(looked_at=None) | Q(looked_at__lt=timezone.now() - EVERY)
    )
    found = list(due.order_by(F("looked_at").asc(nulls_first=True)).values_list("pk", flat=True)[:BATCH])
    for proof_id in found:
        enqueue(CHECK, key=str(proof_id), proof_id=proof_id)
    return len(found)


def marks_end() -> int:
    """End the marks whose time is over; returns how many."""
    over = list(Publisher.objects.filter(verified_until__lte=timezone.now()).values_list("pk", flat=True)[:BATCH])
    for publisher_id in over:
        mark_end(publisher_id)
    return len(over)


def _locked(proof_id: int) -> Proof | None:
    rows = Proof.objects.select_for_update(of=("self",)).select_related("publisher")
    return rows.filter(pk=proof_id, revoked_at=None).first()


def _ask(proof: Proof) -> None:
    proof.asked_at = timezone.now()
    proof.save(update_fields=["asked_at"])
    enqueue(CHECK, key=str(proof.pk), proof_id=proof.pk)


def _ensure_moderator(by: Viewer) -> None:
    if not (by.is_moderator or by.is_system):
        raise NotAllowed("MP9003")
