"""The words of moderation, in one table: what reports and decisions are called on screen and in statements."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

EFFECTS = {
    "approve": _("published"),
    "reject": _("not published"),
    "yank": _("withdrawn: nobody new gets it"),
    "quarantine": _("in quarantine: nobody gets it while we look"),
    "remove": _("removed"),
    "restore": _("restored"),
    "warn": _("a warning; nothing is taken away"),
    "hide": _("hidden"),
    "suspend": _("suspended: nothing new can be published"),
    "freeze": _("its tokens were ended"),
    "none": _("left as it is"),
}
REASONS = {
    "false-positive": _("The checks were wrong; what they saw is harmless."),
    "no-violation": _("No rule is broken."),
    "mended": _("What was wrong has been mended."),
    "appeal-upheld": _("The appeal was right."),
    "malware": _("It does harm to whoever installs it."),
    "exfiltration": _("It reads secrets or files and sends them away."),
    "hidden-instructions": _("It hides instructions from the people who read it."),
    "undeclared-capability": _("It does more than it says."),
    "secrets": _("It carries somebody's secrets."),
    "vulnerable": _("It can be used against the people who have it."),
    "impersonation": _("It passes itself off as somebody else's work."),
    "rights": _("It uses somebody's work or name without the right to."),
    "spam": _("It is spam."),
    "abuse": _("It insults or threatens people."),
    "conflict-of-interest": _("It was written by somebody with a stake in it."),
    "manipulation": _("It is part of an attempt to bend the numbers."),
    "off-topic": _("It is about something else."),
    "compromised-account": _("Somebody else had the account."),
}
REPORTS = {
    "malware": _("It does harm"),
    "secrets": _("It carries secrets"),
    "impersonation": _("It pretends to be somebody else"),
    "capabilities": _("It does more than it says"),
    "rights": _("It violates my rights"),
    "broken": _("It does not work"),
    "spam": _("It is spam"),
    "abuse": _("It insults or threatens"),
    "conflict": _("The author has a stake in it"),
    "wrong-subject": _("It is about something else"),
    "other": _("Something else"),
}


def effect_words(effect: str) -> str:
    """What the effect is called."""
    return str(EFFECTS[effect])


def reason_words(reason: str) -> str:
    """What the reason says."""
    return str(REASONS[reason])


def report_words(reason: str) -> str:
    """What the report's reason says."""
    return str(REPORTS[reason])
