"""Codes of accounts, organizations, tokens and names."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from marketplace.core.codes.code import Code, Severity

ERROR = Severity.ERROR
NEW_TOKEN = _("Make a new one on the page “Tokens”.")

TABLE: tuple[Code, ...] = (
    Code("MP4001", ERROR, _("A token needs at least one of these scopes: %(scopes)s."), _("Choose one.")),
    Code(
        "MP4002", ERROR, _("A token lasts one day at least and %(most)s days at most."), _("Choose a number of days.")
    ),
    Code("MP4003", ERROR, _("A token's package list names 1 to %(most)s packages."), _("Name fewer, or none for all.")),
    Code("MP4004", ERROR, _("A token cannot make or change tokens."), _("Sign in on the site for this.")),
    Code("MP4010", ERROR, _("This token is not one of ours."), _("Check that it was copied as a whole.")),
    Code("MP4011", ERROR, _("This token has expired or was revoked."), NEW_TOKEN),
    Code("MP4012", ERROR, _("The account of this token is suspended or being closed."), _("Ask the site's operator.")),
    Code("MP4101", ERROR, _("The name “%(name)s”, or one that reads like it, is taken."), _("Choose another name.")),
)
