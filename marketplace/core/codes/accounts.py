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
    Code(
        "MP4005",
        ERROR,
        _("This token may not do this: it lacks the scope “%(scope)s”, or its package list stands in the way."),
        NEW_TOKEN,
    ),
    Code("MP4010", ERROR, _("This token is not one of ours."), _("Check that it was copied as a whole.")),
    Code("MP4011", ERROR, _("This token has expired or was revoked."), NEW_TOKEN),
    Code("MP4012", ERROR, _("The account of this token is suspended or being closed."), _("Ask the site's operator.")),
    Code("MP4101", ERROR, _("The name “%(name)s”, or one that reads like it, is taken."), _("Choose another name.")),
    Code(
        "MP4201",
        ERROR,
        _("Your role in %(name)s does not allow this."),
        _("Ask one of its owners to do it, or for the role."),
    ),
    Code("MP4202", ERROR, _("This is the last owner of %(name)s."), _("Make another member an owner first.")),
    Code(
        "MP4203",
        ERROR,
        _("No account has the confirmed address “%(email)s”."),
        _("Ask the person to sign up here and to confirm the address."),
    ),
    Code("MP4204", ERROR, _("“%(email)s” is a member already."), _("Change the role in the list of members.")),
    Code("MP4205", ERROR, _("A member's role is one of these: %(roles)s."), _("Choose one.")),
    Code(
        "MP4206",
        ERROR,
        _("You belong to no organization called “%(name)s”."),
        _("Check the spelling, or ask its owners."),
    ),
    Code("MP4207", ERROR, _("There is no such member in %(name)s."), _("Load the page again.")),
    Code("MP4208", ERROR, _("An organization has %(most)s members at most."), _("Remove members who have left.")),
    Code("MP4209", ERROR, _("The shown name has 1 to %(most)s characters."), _("Write a name.")),
    Code("MP4210", ERROR, _("One person makes %(most)s organizations at most."), _("Close one that is not used.")),
    Code("MP4211", ERROR, _("%(name)s is not being closed."), _("Load the page again.")),
    Code("MP4301", ERROR, _("“%(zone)s” is not a time zone."), _("Choose one of the list, such as Europe/Berlin.")),
    Code(
        "MP4302",
        ERROR,
        _("You are the last owner of %(names)s, which has other members."),
        _("Make another member an owner, or close the organization first."),
    ),
    Code("MP4304", ERROR, _("This instance has an administrator already."), _("Ask that person to make another one.")),
    Code("MP4305", ERROR, _("The address “%(email)s” belongs to an account already."), _("Use another address.")),
    Code("MP4306", ERROR, _("The account is %(state)s."), _("Load the page again.")),
    Code("MP4303", ERROR, _("This account is not being closed."), _("Load the page again.")),
)
