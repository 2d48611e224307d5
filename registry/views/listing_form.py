"""The form of a listing."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from registry.models import Package
from registry.selectors.filters import CLIENTS
from registry.services.listing import TAGS_MOST, Listing

TAG = re.compile(r"[a-z0-9][a-z0-9 ._+#-]{0,48}")


class ListingForm(forms.Form):
    """Category, tags, where to ask, whom to tell of a weakness, and the clients it was tried with."""

    category = forms.ChoiceField(
        label=_("Category"),
        required=False,
        choices=[("", _("As its words say")), *Package.Category.choices],
    )
    tags = forms.CharField(label=_("Tags"), required=False, max_length=500, help_text=_("At most ten, with commas."))
    support_url = forms.URLField(
        label=_("Support"), required=False, max_length=300, assume_scheme="https", help_text=_("Where people can ask.")
    )
    security_contact = forms.CharField(
        label=_("Security contact"),
        required=False,
        max_length=254,
        help_text=_("An e-mail address or a page for reports of weaknesses."),
    )
    tested_clients = forms.MultipleChoiceField(
        label=_("Tried with"), required=False, choices=CLIENTS, widget=forms.CheckboxSelectMultiple
    )

    @staticmethod
    def initial_of(package: Package) -> dict[str, Any]:
        """What the form shows at first."""
        return {
            "category": package.category,
            "tags": ", ".join(package.tags),
            "support_url": package.support_url,
            "security_contact": package.security_contact,
            "tested_clients": package.tested_clients,
        }

    def clean_tags(self) -> list[str]:
        """The tags apart, each a short lower-case word."""
        tags = list(dict.fromkeys(tag.strip().lower() for tag in self.cleaned_data["tags"].split(",") if tag.strip()))
        if len(tags) > TAGS_MOST:
            raise forms.ValidationError(_("At most ten tags."))
        for tag in tags:
            if not TAG.fullmatch(tag):
                raise forms.ValidationError(
                    _("“%(tag)s” cannot be a tag: letters, digits and . _ + # - only."), params={"tag": tag}
                )
        return tags

    def listing(self) -> Listing:
        """The listing that was written; only after is_valid()."""
        data = self.cleaned_data
        return Listing(
            category=data["category"],
            tags=tuple(data["tags"]),
            support_url=data["support_url"],
            security_contact=data["security_contact"].strip(),
            tested_clients=tuple(data["tested_clients"]),
        )
