"""The numbers of a package by day over the API."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotAuthenticated
from rest_framework.response import Response
from rest_framework.views import APIView

from installs.selectors.numbers import DAYS_MOST, numbers_by_day
from marketplace.core.errors import Invalid
from marketplace.services.viewers import viewer_from
from registry.selectors.packages import package_get

if TYPE_CHECKING:
    from rest_framework.request import Request

SPAN = 30


class DayNumbersSerializer(serializers.Serializer[Any]):
    """What happened to the package on one day; docs/numbers.md says what each number counts."""

    day = serializers.DateField()
    impressions = serializers.IntegerField()
    views = serializers.IntegerField()
    clicks = serializers.IntegerField()
    starts = serializers.IntegerField()
    installs = serializers.IntegerField()
    updates = serializers.IntegerField()
    anonymous = serializers.IntegerField()
    downloads = serializers.IntegerField()


class PackageNumbers(APIView):
    """One package's numbers, for those who maintain it."""

    @extend_schema(
        operation_id="get_numbers",
        parameters=[OpenApiParameter("first", OpenApiTypes.DATE), OpenApiParameter("last", OpenApiTypes.DATE)],
        responses=DayNumbersSerializer(many=True),
    )
    def get(self, request: Request, publisher: str, name: str) -> Response:
        """Each day from `first` to `last` (thirty days to today), at most 366 of them; a token needs `read`."""
        viewer = viewer_from(request)
        if viewer.is_anonymous:
            raise NotAuthenticated
        package = package_get(viewer, publisher, name)
        today = timezone.now().date()
        last = min(_day(request.query_params.get("last", ""), today), today)
        first = _day(request.query_params.get("first", ""), last - timedelta(days=SPAN - 1))
        if first > last or first < date(2000, 1, 1):
            raise Invalid("MP5051", {"day": first.isoformat()})
        first = max(first, last - timedelta(days=DAYS_MOST - 1))
        days = numbers_by_day(viewer, package, first=first, last=last)
        return Response({"results": DayNumbersSerializer(days, many=True).data})


def _day(text: str, otherwise: date) -> date:
    try:
        return date.fromisoformat(text) if text else otherwise
    except ValueError as error:
        raise Invalid("MP5051", {"day": text[:40]}) from error
