"""Tags of the signature: strips, lamps, sentences, differences."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import template
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from marketplace.core.codes.capabilities import ABSENT, AUTONOMY, FAMILIES, LEVELS, capability_sentence
from marketplace.core.icons import icon
from registry.domain.capabilities import Autonomy, CapabilitySet, Family, Panel, panel_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.utils.safestring import SafeString

    from registry.domain.capabilities import Row

register = template.Library()

LETTERS = {"n": "none", "l": "limited", "b": "broad", "u": "undeclared"}
RANK = "nlbu"


@register.simple_tag
def strip(letters: str, before: str = "", size: str = "") -> SafeString | str:
    """The eight cells; a dot marks what differs from `before`. `size` "tick" is the narrow form; nothing for unread."""
    if len(letters) != len(FAMILIES):
        return ""
    changed = [bool(before) and mine != theirs for mine, theirs in zip(letters, before or letters, strict=False)]
    cells = format_html_join(
        "",
        '<i class="{}">{}</i>',
        (
            (f"{letter} d" if is_changed else letter, "" if size == "tick" else icon(family))
            for letter, is_changed, family in zip(letters, changed, Family, strict=True)
        ),
    )
    label = strip_label(letters, changed)
    classes = "strip strip-tick" if size == "tick" else "strip"
    return format_html('<span class="{}" role="img" aria-label="{}" title="{}">{}</span>', classes, label, label, cells)


def strip_label(letters: str, changed: list[bool]) -> str:
    """The strip in words."""
    words = [str(word).lower() for word in FAMILIES.values()]
    used = [
        f"{word} ({str(LEVELS[LETTERS[letter]]).lower()})"
        for word, letter in zip(words, letters, strict=True)
        if letter != "n"
    ]
    unused = [word for word, letter in zip(words, letters, strict=True) if letter == "n"]
    parts = [_("Can use: %(what)s.") % {"what": ", ".join(used)} if used else _("Can use nothing of the eight.")]
    if used and unused:
        parts.append(_("Not: %(what)s.") % {"what": ", ".join(unused)})
    if any(changed):
        moved = ", ".join(word for word, is_changed in zip(words, changed, strict=True) if is_changed)
        parts.append(_("Changed: %(what)s.") % {"what": moved})
    return " ".join(parts)


@register.filter
def panel(capabilities: list[dict[str, Any]]) -> Panel:
    """The panel of a version's stored capabilities."""
    return panel_of(CapabilitySet.of_json(capabilities))


@register.filter
def family_label(family: str) -> str:
    """The name of a family."""
    return str(FAMILIES[family])


@register.filter
def absent_label(families: Iterable[str]) -> list[str]:
    """What was looked for in families that nothing was found of."""
    return [str(ABSENT[family]) for family in families]


@register.filter
def level_label(word: str) -> str:
    """The word of a level."""
    return str(LEVELS[word])


@register.filter
def autonomy_label(autonomy: Autonomy) -> str:
    """The heading of what needs that much asking."""
    return str(AUTONOMY[autonomy.word])


@register.simple_tag
def says(row: Row) -> SafeString:
    """A row's sentence, its values in mono."""
    before, _gap, after = capability_sentence(row.code).partition("{}")
    if not _gap:
        return conditional_escape(before)
    values = format_html_join(", ", "<code>{}</code>", ((value,) for value in row.values))
    more = ngettext(" and %(n)d more", " and %(n)d more", row.more) % {"n": row.more} if row.more else ""
    return format_html("{}{}{}{}", before, values, more, after)
