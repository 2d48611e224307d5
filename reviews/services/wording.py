"""The words of moderation, in one table: what reports and decisions are called on screen and in statements."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from reviews.domain.exposure import Exposure
    from reviews.models import Incident
    from reviews.services.extent import Extent

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
EFFECT_TITLES = {
    "approve": _("Approve"),
    "reject": _("Reject"),
    "yank": _("Yank"),
    "quarantine": _("Quarantine"),
    "remove": _("Remove"),
    "restore": _("Restore"),
    "warn": _("Warn"),
    "hide": _("Hide"),
    "suspend": _("Suspend"),
    "freeze": _("End tokens"),
    "none": _("Leave it"),
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

ROTATE = {
    "secrets": _("Replace these credentials, since it could read them"),
    "servers": _("Replace the tokens that these servers were given"),
    "shell": _(
        "Replace what the account's shell can read: SSH and cloud keys, tokens of Git hosts and package registries"
    ),
    "files": _("Look through the files that it could change, and replace secrets kept in them"),
    "network": _("Search the logs of your proxy or firewall for connections to these addresses"),
    "hooks": _("It ran by itself at these moments: count every session since it was installed as concerned"),
    "fetch": _("It fetched code when it ran, which nobody here has seen: look at the machine itself"),
    "bypass": _("It skipped approval prompts: read the record of those sessions"),
}
LIMITS = (
    _("Sessions that are running keep what they have loaded until they end."),
    _("Machines that do not ask again keep their copy; Claude Code turns it off when it updates the marketplace."),
    _("Copies in lock files, caches and mirrors of others are not ours to take away; npm audit warns of them."),
    _("Whoever fetched it without an account cannot be told."),
)
"""What a quarantine does not reach; said wherever an incident is shown or told."""

EVENTS = {
    "opened:report": _("Opened by a report"),
    "opened:hold": _("Opened: the checks held it"),
    "opened:rescan": _("Opened: a later check saw something"),
    "opened:burst": _("Opened: many reviews at once"),
    "opened:check": _("Opened by the nightly check"),
    "opened:staff": _("Opened by a moderator"),
    "reported": _("Reported"),
    "assigned": _("Taken"),
    "handed-over": _("Handed over"),
    "note": _("Note"),
    "proposed": _("Proposed"),
    "seconded": _("Seconded"),
    "disagreed": _("Disagreed"),
    "decided": _("Decided"),
    "undone": _("Taken back"),
    "appealed": _("Appealed"),
    "appeal:upheld": _("Appeal upheld"),
    "appeal:denied": _("Appeal denied"),
    "closed": _("Closed"),
    "quarantined:automatic": _("Put in quarantine by itself"),
    "incident:opened": _("Incident opened"),
    "incident:told": _("Whoever has it was told"),
    "incident:restored": _("Given out again"),
    "incident:closed": _("Incident closed"),
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


def event_words(kind: str) -> str:
    """What a line of a case's timeline says."""
    return str(EVENTS.get(kind, kind))


def exposure_words(exposure: Exposure) -> str:
    """What to replace or look at for one family, with what it named."""
    words = str(ROTATE[exposure.family])
    return f"{words}: {', '.join(exposure.named)}." if exposure.named else f"{words}."


def limits_words() -> list[str]:
    """What a quarantine does not reach."""
    return [str(limit) for limit in LIMITS]


def report_of(incident: Incident, extent: Extent | None, words: str) -> str:
    """The closing report: when, what was stopped, whom it reached, who was told, what to replace; then the words."""
    lines = [
        _("Opened: %(at)s") % {"at": date_format(incident.opened_at, "j F Y H:i")},
        _("Closed: %(at)s") % {"at": date_format(incident.closed_at, "j F Y H:i") if incident.closed_at else "-"},
    ]
    if extent is not None:
        lines += [
            _("Stopped: %(what)s") % {"what": ", ".join(extent.stopped) or "-"},
            _("Reached: %(people)s people, %(libraries)s libraries")
            % {"people": extent.people, "libraries": extent.libraries},
            _("Told: %(count)s accounts") % {"count": incident.told_count},
            _("By the same token: %(what)s") % {"what": ", ".join(extent.by_token) or "-"},
            *(exposure_words(exposure) for exposure in extent.exposures),
        ]
    return "\n".join([*(str(line) for line in lines), "", words])
