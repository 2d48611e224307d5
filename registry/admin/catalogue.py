"""Publishers, packages and what is found of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from marketplace.core.admin import ReasonForm, Records, records
from marketplace.services.viewers import viewer_from
from registry.models import (
    Artifact,
    Collection,
    CollectionEntry,
    DistTag,
    Import,
    ImportEntry,
    Package,
    PackageMaintainer,
    PrivateSearchDocument,
    Proof,
    Publisher,
    SearchDocument,
)
from registry.services.proofs import proof_restore, proof_revoke

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest

records(
    Publisher,
    "name display_name user organization created_at",
    search="name display_name user__email organization__slug public_id",
    for_moderators=True,
)


class ProofRecords(Records):
    """Proofs; moderators take one away, or let it be proven again."""

    action_form = ReasonForm
    actions = ("revoke", "restore")

    @admin.action(description=_("Take the proof away, for the reason beside"))
    def revoke(self, request: HttpRequest, rows: QuerySet[Proof]) -> None:
        """The mark goes at once, and it cannot be proven again."""
        reason, by = request.POST.get("reason", ""), viewer_from(request)
        self.each(request, rows, lambda one: proof_revoke(proof=one, reason=reason, by=by))

    @admin.action(description=_("Let it be proven again"))
    def restore(self, request: HttpRequest, rows: QuerySet[Proof]) -> None:
        """It is looked at again at once."""
        by = viewer_from(request)
        self.each(request, rows.exclude(revoked_at=None), lambda one: proof_restore(proof=one, by=by))


records(
    Proof,
    "publisher method subject checked_at expires_at revoked_at",
    search="publisher__name subject public_id",
    filters="method",
    for_moderators=True,
    base=ProofRecords,
)
records(
    Package,
    "full_name kind publisher is_private latest updated_at",
    search="full_name title public_id",
    filters="kind is_private",
    for_moderators=True,
)
records(
    Collection,
    "title slug owner visibility state updated_at",
    search="title slug owner__email public_id",
    filters="visibility state is_editorial",
    for_moderators=True,
)
records(
    CollectionEntry,
    "collection package position note added_at",
    search="collection__slug package__full_name",
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
