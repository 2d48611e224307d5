"""Imports over the API."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.response import Response
from rest_framework.views import APIView

from marketplace.core.errors import Conflict
from marketplace.core.idempotency import idempotent
from marketplace.services.viewers import viewer_from
from registry.api.packages import ensure_signed_in
from registry.api.serializers import ImportConfirmSerializer, ImportSerializer, ImportStartSerializer
from registry.selectors.imports import import_get
from registry.selectors.packages import publisher_get
from registry.services.asking import askings_of
from registry.services.imports import import_confirm, import_from_url

if TYPE_CHECKING:
    from uuid import UUID

    from rest_framework.request import Request


class ImportList(APIView):
    """Starts imports."""

    @extend_schema(operation_id="start_import", request=ImportStartSerializer, responses={202: ImportSerializer})
    @idempotent
    def post(self, request: Request) -> Response:
        """Read a public git repository; follow it at the Location until it is `ready`."""
        ensure_signed_in(request)
        form = ImportStartSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        publisher = publisher_get(form.validated_data["publisher"])
        job = import_from_url(url=form.validated_data["url"], by=viewer_from(request), publisher=publisher)
        location = reverse("api-import", kwargs={"id": job.public_id})
        return Response(ImportSerializer(job).data, status=status.HTTP_202_ACCEPTED, headers={"Location": location})


class ImportDetail(APIView):
    """One import of the viewer's own."""

    @extend_schema(operation_id="get_import", responses=ImportSerializer)
    def get(self, request: Request, id: UUID) -> Response:  # noqa: A002  (the word of the address)
        """Its state and entries; each that is an update says whom it would ask."""
        job = import_get(viewer_from(request), id)
        askings = askings_of(job.entries.all(), [job.publisher]) if job.publisher else {}
        return Response(ImportSerializer(job, context={"askings": askings}).data)

    @extend_schema(operation_id="confirm_import", request=ImportConfirmSerializer, responses={202: ImportSerializer})
    def post(self, request: Request, id: UUID) -> Response:  # noqa: A002  (the word of the address)
        """Publish the named entries."""
        ensure_signed_in(request)
        job = import_get(viewer_from(request), id)
        form = ImportConfirmSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        if job.publisher is None:
            raise Conflict("MP3043", {"state": job.state})
        job = import_confirm(
            job=job,
            publisher=job.publisher,
            selected=form.validated_data["entries"],
            is_private=form.validated_data["visibility"] == "private",
            by=viewer_from(request),
        )
        return Response(ImportSerializer(job).data, status=status.HTTP_202_ACCEPTED)
