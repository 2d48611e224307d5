"""Documents rendered at write time: one for each package, form and base address."""

from __future__ import annotations

from django.db import models

from registry.models import Package


class Document(models.Model):
    """Stored bytes of a public package's document, with their strong ETag and the gzip form."""

    package = models.ForeignKey(Package, models.CASCADE, related_name="+")
    form = models.CharField(max_length=24)
    base = models.CharField(max_length=200)
    etag = models.CharField(max_length=64)
    body = models.BinaryField()
    packed = models.BinaryField()
    modified_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["package", "form", "base"], name="installs_document_once")]

    def __str__(self) -> str:
        return f"{self.form} of {self.package_id}"
