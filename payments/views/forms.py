"""Forms of who sells."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from marketplace.core.errors import Invalid
from payments.domain.money import DIGITS, Money, NotMoney, money_parse
from payments.domain.prices import TRIAL_MOST_DAYS, Interval, PriceTerms

INTERVALS = [
    (Interval.MONTH.value, _("each month")),
    (Interval.YEAR.value, _("each year")),
    (Interval.ONCE.value, _("once")),
]


class PriceForm(forms.Form):
    """One price."""

    amount = forms.CharField(label=_("Amount"), max_length=12, help_text=_("Like 12.50, without tax."))
    currency = forms.ChoiceField(label=_("Currency"), choices=[(code, code.upper()) for code in DIGITS])
    interval = forms.ChoiceField(label=_("Paid"), choices=INTERVALS)
    is_per_seat = forms.BooleanField(label=_("For each seat of an organization"), required=False)
    trial_days = forms.IntegerField(
        label=_("Days of trial"), min_value=0, max_value=TRIAL_MOST_DAYS, required=False, help_text=_("0 for none.")
    )
    trial_needs_card = forms.BooleanField(label=_("The trial asks for a card"), required=False, initial=True)

    def clean(self) -> dict[str, Any]:
        """Turn the text into money."""
        found: dict[str, Any] = super().clean() or {}
        try:
            found["money"] = money_parse(found.get("amount", ""), found.get("currency", ""))
        except NotMoney:
            refusal = Invalid(
                "MP6014", {"text": found.get("amount", ""), "currency": found.get("currency", "").upper()}
            )
            self.add_error("amount", str(refusal))
        return found

    def terms(self) -> PriceTerms:
        """The price as the rules see it; only after is_valid()."""
        said = self.cleaned_data
        money: Money = said["money"]
        days = said["trial_days"] or 0
        return PriceTerms(Interval(said["interval"]), money, said["is_per_seat"], days, said["trial_needs_card"])


class PromotionForm(forms.Form):
    """One code."""

    code = forms.CharField(label=_("Code"), max_length=32)
    percent = forms.IntegerField(label=_("Percent off"), min_value=1, max_value=100)
    months = forms.IntegerField(
        label=_("For how many months"), min_value=1, max_value=36, required=False, help_text=_("Empty: one payment.")
    )
    most_uses = forms.IntegerField(label=_("Uses at most"), min_value=1, required=False)


class RefundForm(forms.Form):
    """Money given back by the seller."""

    amount = forms.CharField(label=_("Amount"), max_length=12)
    reason = forms.CharField(label=_("Reason"), max_length=300)
