"""What search reads: public documents without row policies, private ones apart (ARCHITECTURE, foundation 6)."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from marketplace.models import Organization
from registry.models.package import Package


class SearchFacts(models.Model):
    """Columns of both tables; `uses` are the families of which the newest version's strip shows anything.

    Upper apps push `popularity` (installs of thirty days), `growth` (those of seven days less those of the seven
    before), `rating` (what ranks: Bayesian), `rating_mean` (what is shown) of `rating_count` reviews, `price_from`
    (minor units; null = free) and `has_trial`.
    """

    package = models.OneToOneField(Package, models.CASCADE, primary_key=True, related_name="+")
    name_key = models.CharField(max_length=110, db_collation="C")
    kind = models.CharField(max_length=12)
    licence = models.CharField(max_length=80, blank=True)
    vector = SearchVectorField()
    strip = models.CharField(max_length=8, blank=True)
    uses = ArrayField(models.CharField(max_length=8), default=list)
    autonomy = models.CharField(max_length=12, blank=True)
    tokens_always = models.PositiveIntegerField(default=0)
    category = models.CharField(max_length=20, blank=True, db_collation="C")
    tags = ArrayField(models.CharField(max_length=50), default=list)
    clients = ArrayField(models.CharField(max_length=20), default=list)
    is_verified = models.BooleanField(default=False)
    growth = models.IntegerField(default=0)
    rating = models.FloatField(null=True, blank=True)
    rating_mean = models.FloatField(null=True, blank=True)
    rating_count = models.PositiveIntegerField(default=0)
    price_from = models.PositiveBigIntegerField(null=True, blank=True)
    has_trial = models.BooleanField(default=False)
    popularity = models.PositiveBigIntegerField(default=0)
    updated_at = models.DateTimeField()
    created_at = models.DateTimeField()

    class Meta:
        abstract = True


class SearchDocument(SearchFacts):
    """A public package's document."""

    class Meta:
        indexes = [
            GinIndex(fields=["vector"], name="registry_search_vector"),
            GinIndex(fields=["name_key"], opclasses=["gin_trgm_ops"], name="registry_search_trigram"),
            models.Index(fields=["-popularity", "package"], name="registry_search_popular"),
            models.Index(fields=["name_key"], name="registry_search_name"),
            models.Index(fields=["category", "-popularity"], name="registry_search_category"),
            models.Index(fields=["-growth", "-package"], name="registry_search_growth"),
            models.Index(fields=["-updated_at", "-package"], name="registry_search_updated"),
            models.Index(fields=["-created_at", "-package"], name="registry_search_newest"),
            GinIndex(fields=["tags"], name="registry_search_tags"),
        ]


class PrivateSearchDocument(SearchFacts):
    """A private package's document; found through its organization or its maintainers."""

    organization = models.ForeignKey(Organization, models.CASCADE, null=True, blank=True, related_name="+")
    is_private = models.BooleanField(default=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")


class SearchWord(models.Model):
    """A word that some public document has: what a misspelt one may have meant."""

    word = models.CharField(max_length=40, primary_key=True, db_collation="C")

    class Meta:
        indexes = [GinIndex(fields=["word"], opclasses=["gin_trgm_ops"], name="registry_word_trigram")]

    def __str__(self) -> str:
        return self.word
