"""Forms of publishing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from registry.selectors.packages import publishers_of

if TYPE_CHECKING:
    from marketplace.domain.viewer import Viewer


class MultipleFileInput(forms.ClearableFileInput):
    """A file field that takes several."""

    allow_multiple_selected = True


class MultipleFileField(forms.FileField):
    """Files, each as a field of one would take it; at least one."""

    widget = MultipleFileInput(attrs={"multiple": True})

    def clean(self, data: Any, initial: Any = None) -> Any:
        """The files as a list; a field that several clients fill with one file takes it too."""
        files = data if isinstance(data, list | tuple) else [data]
        clean_one = super().clean
        return [clean_one(file, initial) for file in files or [None]]


class UploadForm(forms.Form):
    """Files, as an archive or several; `paths` (filled by the script) keep the folders of a chosen folder."""

    files = MultipleFileField(label=_("Archive or files"))  # type: ignore[assignment]  # Django keeps fields apart
    paths = forms.CharField(required=False, widget=forms.HiddenInput)


class RepositoryForm(forms.Form):
    """The address of a public repository."""

    url = forms.URLField(label=_("Address of a git repository"), max_length=500, assume_scheme="https")


class ConfirmForm(forms.Form):
    """As whom, for whom, and which entries."""

    publisher = forms.ChoiceField(label=_("Publisher"), required=False)
    new_publisher = forms.CharField(label=_("New publisher's name"), required=False, max_length=39)
    visibility = forms.ChoiceField(
        label=_("Visibility"), choices=[("public", _("Public")), ("private", _("Private"))], initial="public"
    )

    def __init__(self, viewer: Viewer, *args: Any, **kwargs: Any) -> None:
        """Offer the viewer's own publishers."""
        super().__init__(*args, **kwargs)
        names = list(publishers_of(viewer).values_list("name", flat=True))
        field = self.fields["publisher"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  (declared above)
        field.choices = [(name, f"@{name}") for name in names]

    def clean(self) -> dict[str, Any]:
        """One of the two ways to name a publisher."""
        cleaned = super().clean() or {}
        if not cleaned.get("publisher") and not cleaned.get("new_publisher"):
            self.add_error("new_publisher", _("Choose a name to publish under."))
        return cleaned
