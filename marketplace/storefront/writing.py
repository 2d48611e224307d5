"""Forms of the pages on which people review and discuss a package."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

STARS = [(value, str(value)) for value in range(5, 0, -1)]
AXIS = [("", "–"), *((value, str(value)) for value in range(5, 0, -1))]  # noqa: RUF001  (a dash for nothing)


class ReviewForm(forms.Form):
    """Stars, title, text, and three optional axes."""

    stars = forms.TypedChoiceField(label=_("Stars"), choices=STARS, coerce=int, widget=forms.RadioSelect)
    title = forms.CharField(label=_("In a few words"), min_length=3, max_length=120)
    text = forms.CharField(
        label=_("What should others know?"), required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 6})
    )
    works = forms.TypedChoiceField(
        label=_("Works as described"), choices=AXIS, coerce=int, required=False, empty_value=None
    )
    safe = forms.TypedChoiceField(
        label=_("Safe to let run"), choices=AXIS, coerce=int, required=False, empty_value=None
    )
    worth = forms.TypedChoiceField(
        label=_("Worth its tokens"), choices=AXIS, coerce=int, required=False, empty_value=None
    )

    def axes(self) -> dict[str, int]:
        """The axes that were chosen."""
        facts = self.cleaned_data
        return {axis: facts[axis] for axis in ("works", "safe", "worth") if facts.get(axis) is not None}


class CommentForm(forms.Form):
    """A question, a comment or an answer."""

    text = forms.CharField(label=_("Text"), min_length=3, max_length=5000, widget=forms.Textarea(attrs={"rows": 4}))
    is_question = forms.BooleanField(label=_("This is a question"), required=False)
    parent = forms.UUIDField(required=False, widget=forms.HiddenInput)
