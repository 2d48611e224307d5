"""Forms of the pages on which people review and discuss a package."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

STARS = [(value, str(value)) for value in range(1, 6)]
AXIS = [("", "–"), *((value, str(value)) for value in range(5, 0, -1))]  # noqa: RUF001  (a dash for nothing)


def _axis(label: _StrOrPromise) -> forms.TypedChoiceField:
    """An optional one to five."""
    widget = forms.Select(attrs={"class": "select"})
    return forms.TypedChoiceField(
        label=label, choices=AXIS, coerce=int, required=False, empty_value=None, widget=widget
    )


class ReviewForm(forms.Form):
    """Stars, title, text, and three optional axes."""

    stars = forms.TypedChoiceField(label=_("Stars"), choices=STARS, coerce=int, widget=forms.RadioSelect)
    title = forms.CharField(label=_("In a few words"), min_length=3, max_length=120)
    text = forms.CharField(
        label=_("What should others know?"), required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 6})
    )
    works = _axis(_("Works as described"))
    safe = _axis(_("Safe to let run"))
    worth = _axis(_("Worth its tokens"))

    def axes(self) -> dict[str, int]:
        """The axes that were chosen."""
        facts = self.cleaned_data
        return {axis: facts[axis] for axis in ("works", "safe", "worth") if facts.get(axis) is not None}


class CommentForm(forms.Form):
    """A question, a comment or an answer."""

    text = forms.CharField(label=_("Text"), min_length=3, max_length=5000, widget=forms.Textarea(attrs={"rows": 4}))
    is_question = forms.BooleanField(label=_("This is a question"), required=False)
    parent = forms.UUIDField(required=False, widget=forms.HiddenInput)
