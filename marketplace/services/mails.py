"""Letters that are no notices: promised in the writer's transaction, sent by a worker."""

from __future__ import annotations

import json

from django.core.mail import EmailMessage

from marketplace.core.seals import opened, sealed
from marketplace.services.outbox import enqueue

JOB = "marketplace.mail_send"
PURPOSE = "mail"


def letter_promise(*, to: str, subject: str, body: str) -> None:
    """Promise a plain-text letter; it waits sealed, since it may hold a link that signs somebody in."""
    letter = json.dumps({"to": to, "subject": " ".join(subject.split()), "body": body})
    enqueue(JOB, letter=sealed(letter, purpose=PURPOSE))


def mail_send(letter: str) -> None:
    """Send a promised letter; raises what the mail server answers, so that it is tried again."""
    facts = json.loads(opened(letter, purpose=PURPOSE))
    EmailMessage(facts["subject"], facts["body"], to=[facts["to"]], headers={"Auto-Submitted": "auto-generated"}).send()
