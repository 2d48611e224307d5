"""Codes of formats and manifests."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from marketplace.core.codes.code import Code, Severity

ERROR, WARNING, INFO = Severity.ERROR, Severity.WARNING, Severity.INFO

TABLE: tuple[Code, ...] = (
    Code("MP2001", WARNING, _("%(path)s has no head between --- lines."), _("Begin it with name and description.")),
    Code(
        "MP2002",
        WARNING,
        _("The head is not valid YAML and was read line by line."),
        _("Quote values that have a colon."),
    ),
    Code("MP2003", WARNING, _("The head is not closed by a --- line."), _("Add the line.")),
    Code("MP2004", WARNING, _("%(path)s is not valid TOML."), _("Check quotes and brackets.")),
    Code("MP2010", ERROR, _("%(path)s is not valid JSON: %(reason)s."), _("Check commas, quotes and brackets.")),
    Code("MP2011", ERROR, _("%(path)s holds no JSON object."), _("Begin it with { and end it with }.")),
    Code("MP2020", WARNING, _("%(path)s gives no name."), _("Add name: to its head.")),
    Code(
        "MP2021",
        WARNING,
        _("“%(name)s” is no valid skill name."),
        _("Use 1 to 64 small letters, digits and single hyphens."),
    ),
    Code("MP2022", WARNING, _("The skill %(name)s lies in the folder %(folder)s."), _("Give both the same name.")),
    Code("MP2023", WARNING, _("%(path)s has no description."), _("Say in a sentence what it does and when to use it.")),
    Code("MP2024", WARNING, _("The description is longer than %(limit)s characters."), _("Shorten it.")),
    Code("MP2025", WARNING, _("“compatibility” is longer than %(limit)s characters."), _("Shorten it.")),
    Code(
        "MP2026", INFO, _("“%(key)s” is a list; the specification has words with spaces."), _("Write them on one line.")
    ),
    Code("MP2027", INFO, _("No client knows the key “%(key)s”."), _("Remove it, or move it below metadata.")),
    Code(
        "MP2028", ERROR, _("%(path)s is larger than %(limit)s bytes."), _("Move the long parts into files beside it.")
    ),
    Code("MP2030", INFO, _("%(path)s names no tools, so the agent may use every tool."), _("List the tools it needs.")),
    Code("MP2031", WARNING, _("The permission mode “%(mode)s” skips questions."), _("Leave it out.")),
    Code("MP2040", ERROR, _("%(path)s holds no hooks."), _("Give a map from events to lists of hooks.")),
    Code("MP2041", WARNING, _("No client knows the event “%(event)s”."), _("Check its spelling.")),
    Code("MP2050", ERROR, _("The path %(path)s leads out of the package."), _("Use paths below its own folder.")),
    Code("MP2051", WARNING, _("There is nothing at %(path)s."), _("Check the path.")),
    Code("MP2052", WARNING, _("The plugin has no skills, agents, commands, hooks or servers."), _("Add one.")),
    Code("MP2053", ERROR, _("%(path)s gives no name."), _("Add a name.")),
    Code(
        "MP2054",
        WARNING,
        _("“%(name)s” cannot be used as it stands."),
        _("Use small letters, digits, dots and hyphens."),
    ),
    Code("MP2055", WARNING, _("“%(version)s” is no semantic version."), _("Use three numbers, such as 1.4.0.")),
    Code("MP2056", WARNING, _("“%(key)s” must be an object."), _("Write it as an object with a name.")),
    Code("MP2060", ERROR, _("%(path)s names no server."), _("Add one below mcpServers, packages or remotes.")),
    Code("MP2061", ERROR, _("“%(name)s” is no server name."), _("Write namespace/name, such as com.example/weather.")),
    Code("MP2062", ERROR, _("A package has the version “latest”."), _("Name a version.")),
    Code("MP2063", ERROR, _("“%(key)s” is missing."), _("Add it to the manifest.")),
    Code("MP2070", ERROR, _("The marketplace lists no plugins."), _("Add entries below “plugins”.")),
    Code("MP2071", ERROR, _("Entry %(position)s has no name."), _("Add one.")),
    Code(
        "MP2072",
        WARNING,
        _("The entry is not strict, and plugin.json names components too."),
        _("Keep them in one place."),
    ),
    Code(
        "MP2073", WARNING, _("plugin.json calls it “%(inside)s”."), _("Use the same name in both, or Codex refuses it.")
    ),
    Code("MP2074", INFO, _("The plugin is named like its marketplace (%(name)s)."), _("Rename one of them.")),
    Code("MP2075", ERROR, _("The name %(name)s stands there twice."), _("Rename one of them.")),
    Code("MP2076", ERROR, _("It holds more than %(limit)s packages."), _("Split it into several.")),
    Code(
        "MP2077",
        ERROR,
        _("The entries hold more than %(limit)s files altogether."),
        _("Give each entry a folder of its own, or name its components."),
    ),
    Code(
        "MP2078",
        INFO,
        _("The marketplace says more about it than plugin.json: %(keys)s. The package keeps it."),
        _("Write it into plugin.json too."),
    ),
    Code(
        "MP2079",
        ERROR,
        _("The heads of the Markdown files are larger than %(limit)s bytes altogether."),
        _("Move long texts from the heads into the bodies."),
    ),
    Code(
        "MP2080",
        ERROR,
        _("No agent package was recognised."),
        _("Add a SKILL.md, a plugin.json, an agent's .md with name and description, or a server.json."),
    ),
    Code(
        "MP2081",
        ERROR,
        _("This is a plain npm package."),
        _("Add a .claude-plugin/plugin.json or a SKILL.md beside package.json."),
    ),
    Code("MP2082", ERROR, _("AGENTS.md alone is no package."), _("Put the instructions into a skill (SKILL.md).")),
    Code(
        "MP2083",
        ERROR,
        _("%(path)s lies among agents but has no head, so no client loads it."),
        _("Begin it with name and description between --- lines."),
    ),
    Code(
        "MP2084",
        WARNING,
        _("%(path)s is a link that leads to nothing in the repository, and was left out."),
        _("Put the file itself there."),
    ),
    Code(
        "MP2085",
        WARNING,
        _("%(path)s is another repository (a submodule), and was left out."),
        _("Put its files there, or import that repository."),
    ),
    Code(
        "MP2086",
        WARNING,
        _("%(path)s is only a pointer to Git LFS; its bytes are not in the repository."),
        _("Store the file itself, or leave it out."),
    ),
    Code("MP2087", ERROR, _("The bytes of %(path)s did not arrive."), _("Push the repository again as a whole.")),
)
