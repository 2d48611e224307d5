"""Tags that the components of the design need."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django import template
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from marketplace.core.icons import icon

if TYPE_CHECKING:
    from django.forms import BoundField
    from django.utils.safestring import SafeString

register = template.Library()
register.simple_tag(icon)

QUARTERS = (
    ("M{x} {y}h18v18h-18z",),
    ("M{r} {y}v18h-18a18 18 0 0 1 18-18z",),
    ("M{x} {y}v18h18a18 18 0 0 0-18-18z",),
    ("M{x} {m}a9 9 0 0 0 18 0z",),
    ("M{x} {y}h18l-18 18z",),
    ("M{x} {y}h18v5h-18zM{x} {b}h18v5h-18z",),
)
STEPS = ((60, "minute"), (3600, "hour"), (86400, "day"), (604800, "week"), (2629800, "month"), (31557600, "year"))


@register.simple_tag
def mark(full_name: str, kind: str, size: str = "", icon: str = "") -> SafeString:
    """The package's mark: its icon (by digest), or four shapes from the hash of its name; the outline says the kind."""
    outline = f"mark-{kind} mark-{size}" if size else f"mark-{kind}"
    if icon:
        publisher, _slash, name = full_name.removeprefix("@").partition("/")
        return format_html(
            '<span class="mark {}" aria-hidden="true">'
            '<img src="{}" alt="" width="56" height="56" loading="{}" decoding="async"></span>',
            outline,
            reverse("picture", args=[publisher, name, icon]),
            "eager" if size == "lg" else "lazy",
        )
    digest = hashlib.sha256(full_name.encode()).digest()
    shapes: list[str] = []
    for at in range(4):
        x, y = (at % 2) * 18, (at // 2) * 18
        places = {"x": x, "y": y, "r": x + 18, "m": y + 9, "b": y + 10}
        shapes.extend(shape.format(**places) for shape in QUARTERS[digest[at] % len(QUARTERS)])
    paths = format_html_join("", "{}", ((shape,) for shape in shapes))
    return format_html(
        '<span class="mark {}" aria-hidden="true"><svg viewBox="0 0 36 36"><path d="{}"/></svg></span>', outline, paths
    )


@register.filter
def ago(moment: datetime | None) -> SafeString | str:
    """How long ago, with the exact time on hover."""
    if moment is None:
        return ""
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        moment.isoformat(),
        f"{timezone.localtime(moment):%-d %b %Y %H:%M %Z}",
        _spoken(moment),
    )


def _spoken(moment: datetime) -> str:
    past = timezone.now() - moment
    if past < timedelta(minutes=1):
        return _("just now")
    seconds = int(past.total_seconds())
    size, unit = next(((size, unit) for size, unit in reversed(STEPS) if seconds >= size), STEPS[0])
    count = seconds // size
    forms = {
        "minute": ngettext("%(n)d minute ago", "%(n)d minutes ago", count),
        "hour": ngettext("%(n)d hour ago", "%(n)d hours ago", count),
        "day": ngettext("%(n)d day ago", "%(n)d days ago", count),
        "week": ngettext("%(n)d week ago", "%(n)d weeks ago", count),
        "month": ngettext("%(n)d month ago", "%(n)d months ago", count),
        "year": ngettext("%(n)d year ago", "%(n)d years ago", count),
    }
    return forms[unit] % {"n": count}


CONTROLS = {"checkbox": "", "radioselect": "", "hidden": "", "select": "select", "textarea": "area"}


@register.filter
def control(field: BoundField) -> SafeString:
    """A form field's control with the class of the design; errors and hints are tied to it by Django."""
    kind = type(field.field.widget).__name__.lower().removesuffix("input") or "input"
    named = CONTROLS.get(kind, "input")
    return field.as_widget(attrs={"class": named} if named else None)


@register.filter
def widget_kind(field: BoundField) -> str:
    """`check`, `radios` or `control`: which component shows the field."""
    kinds = {"CheckboxInput": "check", "RadioSelect": "radios"}
    return kinds.get(type(field.field.widget).__name__, "control")


@register.filter
def initials(name: str) -> str:
    """Two letters for an avatar."""
    words = [word for word in name.replace("@", " ").replace(".", " ").replace("-", " ").split() if word]
    letters = words[0][:2] if len(words) == 1 else "".join(word[0] for word in words[:2]) if words else "?"
    return letters.upper()


@register.filter
def wrapped(command: str) -> SafeString:
    """A command or address that may break behind its slashes."""
    pieces = command.split("/")
    return format_html_join("", "{}{}", ((piece, _slash(at, pieces)) for at, piece in enumerate(pieces)))


def _slash(at: int, pieces: list[str]) -> SafeString | str:
    if at == len(pieces) - 1:
        return ""
    return format_html("{}<wbr>", "/") if pieces[at + 1] else "/"


@register.filter
def short(digest: str) -> str:
    """A digest by its first and last characters."""
    return f"{digest[:8]}…{digest[-4:]}" if len(digest) > 16 else digest  # noqa: PLR2004  (shorter ones are whole)
