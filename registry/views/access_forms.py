"""Forms of who sees and maintains a package, and of its tags."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from registry.models import Package


class VisibilityForm(forms.Form):
    """Public or private; `revision` is that of the package when the page was made."""

    visibility = forms.ChoiceField(
        label=_("Visibility"),
        choices=[
            ("public", _("Public: everyone can find and install it")),
            ("private", _("Private: its maintainers and its organization's members only")),
        ],
        widget=forms.RadioSelect,
    )
    revision = forms.IntegerField(min_value=0, max_value=2**62, widget=forms.HiddenInput)

    @staticmethod
    def initial_of(package: Package) -> dict[str, Any]:
        """What the form shows at first."""
        return {"visibility": "private" if package.is_private else "public", "revision": package.revision}


class MaintainerForm(forms.Form):
    """A person who may publish the package from now on."""

    email = forms.EmailField(label=_("Mail address of an account here"), max_length=254)


class TagForm(forms.Form):
    """A tag and the version that it names."""

    tag = forms.CharField(label=_("Tag"), max_length=64, widget=forms.TextInput(attrs={"placeholder": "beta"}))
    number = forms.CharField(label=_("Version"), max_length=128, widget=forms.TextInput(attrs={"list": "numbers"}))
