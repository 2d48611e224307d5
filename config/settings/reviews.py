"""How much people may write, and when moderation needs a second pair of eyes."""

from __future__ import annotations

from config.env import env

REVIEW_ACCOUNT_HOURS = env.review_account_hours
REVIEWS_A_DAY = 10
COMMENTS_A_DAY = 50
REPORTS_A_DAY = 20
TWO_PERSON_REACH = env.two_person_reach
ON_CALL_EMAILS = env.on_call_emails
ON_CALL_WEBHOOK = env.on_call_webhook
