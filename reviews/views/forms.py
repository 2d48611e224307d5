"""Forms of replies, reports and appeals."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from reviews.domain.reasons import REPORT_REASONS, Subject
from reviews.services.wording import REPORTS


class ReplyForm(forms.Form):
    """The publisher's answer."""

    text = forms.CharField(
        label=_("Your reply"), min_length=3, max_length=3000, widget=forms.Textarea(attrs={"rows": 4})
    )
    fixed_in = forms.CharField(
        label=_("Fixed in version"), required=False, max_length=128, help_text=_("Asks the reviewer to look again.")
    )


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
