"""Codes of channels, grants and libraries."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from marketplace.core.codes.code import Code, Severity

ERROR = Severity.ERROR

TABLE: tuple[Code, ...] = (
    Code(
        "MP5001",
        ERROR,
        _("%(name)s %(number)s is in quarantine while moderators look at it."),
        _("Its page says why; install another version."),
    ),
    Code("MP5002", ERROR, _("This token may not read %(name)s."), _("Use a token whose package list names it.")),
    Code(
        "MP5003",
        ERROR,
        _("There is no personal address with this key."),
        _("Open your library for the address in use."),
    ),
    Code("MP5004", ERROR, _("%(name)s is not in this library."), _("Add it from its page.")),
    Code("MP5005", ERROR, _("A library holds %(limit)s packages at most."), _("Remove some that you do not use.")),
    Code(
        "MP5006",
        ERROR,
        _("%(name)s %(number)s is new and asks for attention; shared addresses serve it from %(when)s UTC on."),
        _("Read what changed on its page; add it to your library and accept it there to have it earlier."),
    ),
    Code(
        "MP5007",
        ERROR,
        _("%(name)s %(number)s can do more than you have agreed to, or is too new."),
        _("Read what changed on its page and accept it there; until then you stay on the version that you have."),
    ),
    Code(
        "MP5008",
        ERROR,
        _("Versions of %(name)s that ask for more, or are too new, wait until somebody has agreed."),
        _("Read what changed on its page, and accept it there."),
    ),
    Code(
        "MP5010",
        ERROR,
        _("Nothing may be pushed to this address."),
        _("Publish on the site, with npm publish, or by the API."),
    ),
    Code("MP5011", ERROR, _("Only the smart HTTP protocol of git is served here."), _("Use git 2.18 or newer.")),
    Code("MP5012", ERROR, _("Too many clones run at this moment."), _("Try again in a few seconds.")),
    Code("MP5013", ERROR, _("The request body cannot be used."), _("Use an unchanged git client.")),
    Code(
        "MP5020",
        ERROR,
        _("This version of %(name)s is in quarantine while moderators look at it."),
        _("Install another one."),
    ),
    Code(
        "MP5021",
        ERROR,
        _("Packages have a scope here, so “%(name)s” cannot be published."),
        _("Write “name”: “@your-name/%(name)s” in package.json."),
    ),
    Code("MP5022", ERROR, _("Maintainers and stars are not changed through npm."), _("Use the package's page.")),
    Code("MP5030", ERROR, _("You may not decide for this library."), _("Ask an owner or admin of the organization.")),
    Code("MP5031", ERROR, _("%(number)s is no published version of this package."), _("Load the page again.")),
    Code("MP5032", ERROR, _("There is no version to stay on."), _("Accept the new one, or remove the package.")),
    Code(
        "MP5024",
        ERROR,
        _("“%(name)s” is no name of a package."),
        _("Names look like @publisher/package, without “_” or “.” in front."),
    ),
    Code("MP5027", ERROR, _("Name or password is wrong."), _("Try again, or sign in on the site.")),
    Code("MP5025", ERROR, _("This is not changed through npm."), _("Change it on the site: %(page)s")),
    Code("MP5026", ERROR, _("This needs to be confirmed by you."), _("Open %(page)s and say yes.")),
    Code("MP5028", ERROR, _("This code is wrong, used or too old."), _("Repeat the command for a new one.")),
    Code(
        "MP5040",
        ERROR,
        _("Nothing waits under this address: it was used, refused, or took longer than ten minutes."),
        _("Start the command again."),
    ),
    Code("MP5041", ERROR, _("This is for another account to confirm."), _("Sign in as the one who ran the command.")),
    Code("MP5042", ERROR, _("This was decided before, or has waited too long."), _("Start the command again.")),
    Code(
        "MP5050",
        ERROR,
        _("The numbers of %(name)s are for those who maintain it."),
        _("Ask one of them, or sign in as one."),
    ),
    Code("MP5051", ERROR, _("“%(day)s” is no day."), _("Write days as 2026-01-31, the first before the last.")),
    Code("MP5023", ERROR, _("A search needs the parameter “text”."), _("Add ?text= and the words to search for.")),
)
