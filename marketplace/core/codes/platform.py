"""Codes of the platform itself."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from marketplace.core.codes.code import Code, Severity

TABLE: tuple[Code, ...] = (
    Code("MP9001", Severity.ERROR, _("There is nothing at this address."), _("Check the spelling, or search for it.")),
    Code("MP9002", Severity.ERROR, _("You need to sign in for this."), _("Sign in, or send a token.")),
    Code("MP9003", Severity.ERROR, _("You may not do this."), _("Ask an owner to give you the role for it.")),
    Code(
        "MP9004", Severity.ERROR, _("This input cannot be used: %(reason)s"), _("Mend the named field and try again.")
    ),
    Code("MP9005", Severity.ERROR, _("The body is larger than %(limit)s bytes."), _("Send a smaller one.")),
    Code("MP9006", Severity.ERROR, _("Too many requests; wait %(seconds)s seconds."), ""),
    Code("MP9007", Severity.ERROR, _("This address does not take %(method)s."), ""),
    Code("MP9008", Severity.ERROR, _("This Idempotency-Key was used with another request."), _("Use a new key.")),
    Code(
        "MP9009",
        Severity.ERROR,
        _("Something is wrong on our side. It is logged as %(request_id)s."),
        _("Try again later."),
    ),
    Code("MP9010", Severity.ERROR, _("The body cannot be read as %(form)s."), _("Check its encoding and syntax.")),
    Code(
        "MP9011",
        Severity.ERROR,
        _("The first request with this Idempotency-Key is still running."),
        _("Wait and repeat it."),
    ),
    Code("MP9012", Severity.ERROR, _("The page's cursor cannot be used."), _("Start again from the first page.")),
    Code("MP9013", Severity.ERROR, _("The database cannot be reached right now."), _("Try again in a minute.")),
    Code("MP9014", Severity.ERROR, _("This request cannot be read."), _("Check its address, headers and body.")),
    Code("MP9015", Severity.ERROR, _("There is no room left to keep files."), _("Nothing was kept; try again later.")),
    Code(
        "MP9016",
        Severity.ERROR,
        _("Too many uploads are on their way to this site."),
        _("Send yours again in %(seconds)s seconds."),
    ),
    Code(
        "MP9017",
        Severity.ERROR,
        _("The body came in too slowly: less than %(bytes)s bytes in %(seconds)s seconds, or too long altogether."),
        _("Send it again over a faster connection."),
    ),
)
