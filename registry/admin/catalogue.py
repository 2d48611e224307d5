"""Publishers, packages and what is found of them."""

from __future__ import annotations

from marketplace.core.admin import records
from registry.models import (
    Artifact,
    DistTag,
    Import,
    ImportEntry,
    Package,
    PackageMaintainer,
    PrivateSearchDocument,
    Publisher,
    SearchDocument,
)

records(
    Publisher,
    "name display_name user organization created_at",
    search="name display_name user__email organization__slug public_id",
    for_moderators=True,
)
records(
    Package,
    "full_name kind publisher is_private latest updated_at",
    search="full_name title public_id",
    filters="kind is_private",
    for_moderators=True,
)
records(PackageMaintainer, "package user added_at", search="package__full_name user__email", for_moderators=True)
records(DistTag, "package name version updated_at", search="package__full_name name", for_moderators=True)
records(Artifact, "sha256 state size media_type created_at touched_at", search="sha256", filters="state media_type")
records(
    Import, "url user publisher state error_code created_at", search="url user__email publisher__name", filters="state"
)
records(ImportEntry, "name job kind number state code", search="name job__url", filters="state kind")
records(SearchDocument, "package kind popularity updated_at", search="package__full_name", filters="kind")
records(
    PrivateSearchDocument, "package kind organization owner updated_at", search="package__full_name", filters="kind"
)
