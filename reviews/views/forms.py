"""Forms of reviews, comments, reports and appeals."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from reviews.domain.reasons import REPORT_REASONS, Subject
from reviews.services.wording import REPORTS

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


class ReplyForm(forms.Form):
    """The publisher's answer."""

    text = forms.CharField(
        label=_("Your reply"), min_length=3, max_length=3000, widget=forms.Textarea(attrs={"rows": 4})
    )
    fixed_in = forms.CharField(
        label=_("Fixed in version"), required=False, max_length=128, help_text=_("Asks the reviewer to look again.")
    )


class CommentForm(forms.Form):
    """A question, a comment or an answer."""

    text = forms.CharField(label=_("Text"), min_length=3, max_length=5000, widget=forms.Textarea(attrs={"rows": 4}))
    is_question = forms.BooleanField(label=_("This is a question"), required=False)
    parent = forms.UUIDField(required=False, widget=forms.HiddenInput)


class ReportForm(forms.Form):
    """Why, and what was seen."""

    reason = forms.ChoiceField(label=_("What is wrong?"), widget=forms.RadioSelect)
    text = forms.CharField(
        label=_("What did you see?"),
        required=False,
        max_length=4000,
        help_text=_("File and line help most. The publisher never learns who reported."),
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    def __init__(self, subject: Subject, *args: Any, **kwargs: Any) -> None:
        """Offer the reasons that fit the subject."""
        super().__init__(*args, **kwargs)
        fitting = [(code, REPORTS[code]) for code, reason in REPORT_REASONS.items() if subject in reason.subjects]
        field = self.fields["reason"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  (declared above)
        field.choices = fitting


class AppealForm(forms.Form):
    """Why the decision is wrong."""

    text = forms.CharField(
        label=_("What is wrong with the decision?"),
        min_length=10,
        max_length=6000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
