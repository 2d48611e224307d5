"""Wakes somebody up for an urgent case: by mail and by a webhook, when the operator has named them."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import EmailMessage

from marketplace.core.http import post_json
from reviews.models import Case


def on_call_tell(*, case_id: int) -> None:
    """Send the case's name and address; raises what mail server or webhook raise, so that it is tried again."""
    case = Case.objects.filter(pk=case_id).first()
    if case is None:
        return
    address = f"{settings.BASE_URL}/moderation/cases/{case.public_id}"
    if settings.ON_CALL_EMAILS:
        subject = f"Urgent case: {case.subject_name}"
        headers = {"Message-ID": f"<case-{case.public_id}@{settings.SITE_SLUG}>"}
        EmailMessage(subject, f"{subject}\n\n{address}\n", to=settings.ON_CALL_EMAILS, headers=headers).send()
    if settings.ON_CALL_WEBHOOK:
        told = {"case": str(case.public_id), "subject": case.subject_name, "risk": case.risk, "url": address}
        post_json(settings.ON_CALL_WEBHOOK, told)
