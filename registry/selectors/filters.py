"""The filters of search: one set for pages, API and feeds."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import django_filters
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from registry.domain.capabilities import Family
from registry.domain.clients import Client
from registry.models import Package, SearchDocument

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.db.models import QuerySet

UPDATED = [("7", _("Last 7 days")), ("30", _("Last 30 days")), ("90", _("Last 90 days")), ("365", _("Last year"))]
TOKENS = [("500", _("At most 500 tokens")), ("2000", _("At most 2,000 tokens"))]
CLIENTS = [
    (Client.CLAUDE_CODE.value, "Claude Code"),
    (Client.CODEX.value, "Codex"),
    (Client.SKILLS.value, "skills"),
    (Client.NPM.value, "npm"),
]
PRICES = [("free", _("Free")), ("paid", _("Paid")), ("trial", _("Free trial"))]
AUTONOMY = [("pre-approved", _("Nothing happens unasked")), ("asks-first", _("Asks before everything"))]
"""At most this autonomy."""
REACH = [("none", _("Text only")), ("limited", _("Nothing broad or undeclared"))]
"""At most this reach, in every family."""
FAMILIES = [(family.value, family.value) for family in Family]
UNASKED = "unasked"
AT_MOST = {"pre-approved": ("", "asks-first", "pre-approved"), "asks-first": ("", "asks-first")}
REACHING = {"none": "n", "limited": "nl"}


class SearchFilters(django_filters.FilterSet):
    """Several values of one filter widen it (`without` narrows with each); different filters narrow."""

    kind = django_filters.MultipleChoiceFilter(choices=Package.Kind.choices, distinct=False)
    category = django_filters.ChoiceFilter(choices=Package.Category.choices)
    tag = django_filters.CharFilter(method="with_tag", max_length=50)
    licence = django_filters.CharFilter(field_name="licence", max_length=80)
    client = django_filters.ChoiceFilter(choices=CLIENTS, method="with_client")
    updated = django_filters.ChoiceFilter(choices=UPDATED, method="updated_within")
    verified = django_filters.BooleanFilter(field_name="is_verified")
    quiet = django_filters.BooleanFilter(method="without_unasked")
    autonomy = django_filters.ChoiceFilter(choices=AUTONOMY, method="with_autonomy")
    reach = django_filters.ChoiceFilter(choices=REACH, method="with_reach")
    without = django_filters.MultipleChoiceFilter(choices=FAMILIES, method="without_families", distinct=False)
    tokens = django_filters.ChoiceFilter(choices=TOKENS, method="tokens_within")

    price = django_filters.ChoiceFilter(choices=PRICES, method="at_price")

    class Meta:
        model = SearchDocument
        fields: list[str] = []

    def with_tag(self, documents: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        """Documents that carry the tag."""
        return documents.filter(tags__contains=[value.lower()])

    def with_client(self, documents: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        """Documents that the client can use."""
        return documents.filter(clients__contains=[value])

    def updated_within(self, documents: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        """Documents that changed in the last so many days."""
        return documents.filter(updated_at__gte=timezone.now() - timedelta(days=int(value)))

    def without_unasked(self, documents: QuerySet[Any], _name: str, value: bool) -> QuerySet[Any]:  # noqa: FBT001  (django-filter's signature)
        """With true: documents of which nothing runs by itself."""
        return documents.exclude(autonomy=UNASKED) if value else documents

    def with_autonomy(self, documents: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        """Documents that do nothing with more autonomy."""
        return documents.filter(autonomy__in=AT_MOST[value])

    def with_reach(self, documents: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        """Documents that reach no further in any family; those that were never read are not among them."""
        return documents.filter(strip__regex=f"^[{REACHING[value]}]+$")

    def without_families(self, documents: QuerySet[Any], _name: str, value: list[str]) -> QuerySet[Any]:
        """Documents that use none of these capabilities."""
        return documents.exclude(uses__overlap=value) if value else documents

    def at_price(self, documents: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        """Free documents, paid ones, or those that can be tried; everything where nothing is sold."""
        if settings.PAYMENTS == "off":
            return documents
        if value == "trial":
            return documents.filter(has_trial=True)
        return documents.filter(price_from__isnull=value == "free")

    def tokens_within(self, documents: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        """Documents that cost at most so many tokens in every conversation."""
        return documents.filter(tokens_always__lte=int(value))


NAMES = tuple(SearchFilters.base_filters)


def filtered(asked: Mapping[str, Any]) -> tuple[QuerySet[SearchDocument], dict[str, Any], dict[str, str]]:
    """The documents that pass, the filters that were understood, and what was wrong with the others."""
    filters = SearchFilters(asked, queryset=SearchDocument.objects.all())
    form = filters.form
    form.is_valid()
    wrong = {name: str(errors[0]) for name, errors in form.errors.items()}
    understood = {name: value for name, value in form.cleaned_data.items() if value not in (None, "", [])}
    documents = SearchDocument.objects.all()
    for name, value in understood.items():
        documents = filters.filters[name].filter(documents, value)
    return documents, understood, wrong
