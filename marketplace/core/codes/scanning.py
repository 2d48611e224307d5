"""Codes of the safety checks."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from marketplace.core.codes.code import Code, Severity

ERROR = Severity.ERROR
WHY = _("If this is what the package is for, say so in its description; a moderator reads it.")

TABLE: tuple[Code, ...] = (
    Code("MP3100", ERROR, _("%(path)s is known as malicious."), _("Remove the file.")),
    Code(
        "MP3101",
        ERROR,
        _("%(path)s holds a credential (%(kind)s)."),
        _("Remove it from the files and replace it where it is used."),
    ),
    Code(
        "MP3102",
        ERROR,
        _("Code is downloaded and run at once."),
        _("Ship the code in the package, or fetch one fixed version and check its digest."),
    ),
    Code(
        "MP3103",
        ERROR,
        _("The reader is told to get and run a program from elsewhere."),
        _("Name a package manager's package, or ship what is needed."),
    ),
    Code("MP3104", ERROR, _("A shell or an account is opened for somebody else."), _("Remove it.")),
    Code(
        "MP3105",
        ERROR,
        _("Credentials or private data are read and sent away, or shown."),
        _("Read only what the task needs, and send it only to the service that it belongs to."),
    ),
    Code(
        "MP3106",
        ERROR,
        _("Data is sent to a host that names nobody."),
        _("Use a host of your own name, and say in the description what is sent."),
    ),
    Code(
        "MP3107",
        ERROR,
        _("The package makes itself run again by itself."),
        _("Use a hook, which people are asked about."),
    ),
    Code("MP3108", ERROR, _("What is run or said is hidden by an encoding."), _("Ship it as plain text.")),
    Code("MP3109", ERROR, _("The agent is told to forget its rules."), _("Say what to do, not what to ignore.")),
    Code(
        "MP3110",
        ERROR,
        _("The agent is told to act without the user's knowledge."),
        _("Let the agent say what it does."),
    ),
    Code(
        "MP3111",
        ERROR,
        _("The agent is told to pass data on after every task."),
        _("Let the user ask for it, and name the service in the description."),
    ),
    Code(
        "MP3112",
        ERROR,
        _("Files or data are destroyed."),
        _("Delete only what the package itself has made, and ask first."),
    ),
    Code("MP3113", ERROR, _("Protection or approval is turned off."), _("Leave the user's protection as it is.")),
    Code(
        "MP3114",
        ERROR,
        _("The agent's own memory or settings are changed."),
        _("Use the client's own ways: hooks, settings of the plugin."),
    ),
    Code("MP3115", ERROR, _("The machine is used to mine coins or to flood a host."), _("Remove it.")),
    Code(
        "MP3116",
        ERROR,
        _("%(path)s is not what its name says (%(kind)s)."),
        _("Give it its true name, or ship the source."),
    ),
    Code(
        "MP3117",
        ERROR,
        _("The name %(name)s reads like the well-known %(other)s."),
        _("Choose a name that cannot be mistaken."),
    ),
    Code("MP3118", ERROR, _("Text is hidden from readers and not from the agent."), _("Show it, or remove it.")),
    Code(
        "MP3119",
        ERROR,
        _("%(name)s does more by itself than its description says."),
        _("Describe what it reads and where it connects."),
    ),
    Code(
        "MP3120",
        ERROR,
        _("%(path)s is an archive that cannot be read to its end (%(reason)s)."),
        _("Ship the files themselves."),
    ),
    Code(
        "MP3121",
        ERROR,
        _("A word mixes letters of two alphabets that look alike: %(excerpt)s"),
        _("Write it in one alphabet."),
    ),
    Code("MP3122", ERROR, _("Keys, screen, clipboard, camera or place are watched."), WHY),
    Code(
        "MP3123",
        ERROR,
        _("Something that runs by itself fetches code, reads secrets or approves for the user: %(excerpt)s"),
        _("Let the client ask first."),
    ),
    Code(
        "MP3124",
        ERROR,
        _("What the agent passes on is run as code: %(excerpt)s"),
        _("Parse it, or choose among fixed commands; text from pages and mails ends up here."),
    ),
    Code(
        "MP3125",
        ERROR,
        _("The package covers its tracks, looks for watchers, or leaves its bounds."),
        WHY,
    ),
    Code(
        "MP3126",
        ERROR,
        _("%(path)s runs something when it is opened or read (%(kind)s)."),
        _("Ship it in a form that holds data only."),
    ),
    Code("MP3127", ERROR, _("The automatic reviewer is concerned: %(excerpt)s"), WHY),
    Code("MP3128", ERROR, _("The agent is told to falsify results."), _("Remove it.")),
    Code(
        "MP3129",
        ERROR,
        _("%(path)s is something else than its name says: by its content it is %(kind)s."),
        _("Give it the ending of what it is, or remove it."),
    ),
    Code(
        "MP3130",
        ERROR,
        _("The checks could not finish: %(reason)s"),
        _("Try again; if it stays, make the package smaller."),
    ),
    Code(
        "MP3131",
        ERROR,
        _("%(count)s files are not what their first bytes should be; at most %(most)s are looked at."),
        _("Give files the ending of what they are, and ship fewer that no program knows."),
    ),
)
