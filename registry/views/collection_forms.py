"""The forms of collections."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext_lazy as _

from marketplace.core.errors import NotFound
from registry.domain.collections import NOTE_MOST, TITLE_MOST
from registry.domain.names import FullName, NameRefused
from registry.models import Collection, Package
from registry.selectors.packages import package_get
from registry.services.collections import DESCRIPTION_MOST, Facts

if TYPE_CHECKING:
    from collections.abc import Iterable

    from marketplace.domain.viewer import Viewer
    from marketplace.models import Organization


class CollectionForm(forms.Form):
    """Title, description, who finds it."""

    title = forms.CharField(label=_("Title"), max_length=TITLE_MOST)
    description = forms.CharField(
        label=_("Description"),
        required=False,
        max_length=DESCRIPTION_MOST,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("What the set is for, in a few sentences."),
    )
    organization = forms.ChoiceField(label=_("Whose it is"), required=False)
    visibility = forms.ChoiceField(
        label=_("Who finds it"), choices=Collection.Visibility.choices, initial="public", widget=forms.RadioSelect
    )

    def __init__(self, *args: object, organizations: Iterable[Organization] = (), **kwargs: object) -> None:
        """Offer these as its owner beside the viewer themselves; without any, nobody is asked."""
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # Django's own arguments
        self.organizations = {organization.slug: organization for organization in organizations}
        named = [(slug, organization.display_name) for slug, organization in self.organizations.items()]
        if named:
            self.fields["organization"].choices = [("", _("Yours")), *named]  # type: ignore[attr-defined]  # a ChoiceField
        else:
            del self.fields["organization"]

    def team(self) -> Organization | None:
        """The organization that was chosen; only after is_valid()."""
        return self.organizations.get(self.cleaned_data.get("organization", ""))

    def facts(self) -> Facts:
        """What was written; only after is_valid()."""
        data = self.cleaned_data
        return Facts(data["title"], data["description"], data["visibility"])


class EntryForm(forms.Form):
    """A package by its name, and why it is here."""

    package = forms.CharField(label=_("Package"), max_length=110, help_text=_("As in @publisher/name."))
    note = forms.CharField(label=_("Why it is here"), required=False, max_length=NOTE_MOST)

    def __init__(self, viewer: Viewer, *args: object, **kwargs: object) -> None:
        """Look for the package as the viewer."""
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # Django's own arguments
        self.viewer = viewer
        self.fields["package"].widget.attrs["placeholder"] = "@publisher/name"

    def clean_package(self) -> Package:
        """The package, which the viewer can see."""
        try:
            name = FullName.parse(self.cleaned_data["package"].strip())
            return package_get(self.viewer, name.publisher, name.package)
        except NameRefused as refusal:
            raise forms.ValidationError(_("Write it as @publisher/name.")) from refusal
        except NotFound as refusal:
            raise forms.ValidationError(refusal.in_full) from refusal
