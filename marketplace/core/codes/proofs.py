"""Codes of proofs: what shows who a publisher is."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from marketplace.core.codes.code import Code, Severity

ERROR = Severity.ERROR

TABLE: tuple[Code, ...] = (
    Code(
        "MP3070",
        ERROR,
        _("You may not prove who @%(name)s is."),
        _("Ask its owner, or an owner or administrator of its organization."),
    ),
    Code(
        "MP3071",
        ERROR,
        _("“%(subject)s” is not a name that can be proven."),
        _("Give a domain such as acme.example, or the name of an organization on GitHub."),
    ),
    Code(
        "MP3072",
        ERROR,
        _("%(place)s has no TXT record with the right text."),
        _("Add it at whoever keeps the domain's records; a new record can take an hour to be seen."),
    ),
    Code(
        "MP3073",
        ERROR,
        _("The name servers gave no usable answer for %(place)s (%(reason)s)."),
        _("Nothing is lost: it is tried again, and you can check now."),
    ),
    Code(
        "MP3074",
        ERROR,
        _("%(place)s does not have the right line."),
        _("Add the file to the default branch of the public repository; it can take five minutes to be seen."),
    ),
    Code(
        "MP3075",
        ERROR,
        _("GitHub gave no usable answer for %(place)s (%(reason)s)."),
        _("Nothing is lost: it is tried again, and you can check now."),
    ),
    Code(
        "MP3076",
        ERROR,
        _("%(subject)s was checked a moment ago."),
        _("Wait %(seconds)s seconds, then check again."),
    ),
    Code(
        "MP3077",
        ERROR,
        _("@%(name)s names %(limit)s domains and organizations already."),
        _("Remove one first."),
    ),
    Code(
        "MP3078",
        ERROR,
        _("A moderator took the proof of %(subject)s away: %(reason)s"),
        _("The notice that you got says how to object."),
    ),
    Code("MP3079", ERROR, _("Demo data is proven only where the demo is on."), _("Prove a domain instead.")),
)
