"""Reviews over the API."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.exceptions import NotAuthenticated, ValidationError
from rest_framework.response import Response
from rest_framework.views import APIView

from marketplace.core import cursors
from marketplace.services.viewers import viewer_from
from registry.selectors.packages import package_get
from reviews.api.serializers import (
    ReplyWriteSerializer,
    ReviewPageSerializer,
    ReviewSerializer,
    ReviewWriteSerializer,
    VoteSerializer,
)
from reviews.selectors.posts import SORTS, ReviewFilter, review_get, reviews_of, summary_of
from reviews.services.reviewing import AXES, Said, review_delete, review_reply, review_vote, review_write

if TYPE_CHECKING:
    from uuid import UUID

    from rest_framework.request import Request

    from marketplace.domain.viewer import Viewer

PAGE = 20


def signed_in(request: Request) -> Viewer:
    """The viewer; raises NotAuthenticated for nobody."""
    viewer = viewer_from(request)
    if viewer.is_anonymous:
        raise NotAuthenticated
    return viewer


class ReviewList(APIView):
    """The reviews of one package."""

    @extend_schema(
        operation_id="list_reviews",
        parameters=[
            OpenApiParameter("stars", int),
            OpenApiParameter("version", str, description="A minor version such as 2.4"),
            OpenApiParameter("verified", bool),
            OpenApiParameter("sort", str, enum=list(SORTS)),
            OpenApiParameter("cursor", str),
        ],
        responses=ReviewPageSerializer,
    )
    def get(self, request: Request, publisher: str, name: str) -> Response:
        """The numbers, and twenty reviews a page; the most helpful first."""
        viewer = viewer_from(request)
        package = package_get(viewer, publisher, name)
        chosen = ReviewFilter(request.query_params, queryset=reviews_of(viewer, package))
        if not chosen.is_valid():
            raise ValidationError(chosen.errors)
        sort = request.query_params.get("sort") or "helpful"
        if sort not in SORTS:
            raise ValidationError({"sort": [f"one of {', '.join(SORTS)}"]})
        asked = request.query_params.get("cursor")
        at = int(cursors.decode(asked)["at"]) if asked else 0
        rows = list(chosen.qs.order_by(*SORTS[sort])[at : at + PAGE + 1])
        summary = summary_of(package)
        numbers = {str(stars): count for stars, count, _ in summary.rows}
        page = {
            "rating": {"count": summary.count, "mean": summary.mean, "histogram": numbers},
            "results": rows[:PAGE],
            "next": cursors.encode({"at": at + PAGE}) if len(rows) > PAGE else None,
        }
        return Response(ReviewPageSerializer(page).data)

    @extend_schema(
        operation_id="write_review",
        request=ReviewWriteSerializer,
        responses={200: ReviewSerializer, 201: ReviewSerializer},
    )
    def post(self, request: Request, publisher: str, name: str) -> Response:
        """Write one's review, or change it."""
        viewer = signed_in(request)
        form = ReviewWriteSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        facts = form.validated_data
        axes = {axis: facts[axis] for axis in AXES if facts[axis] is not None}
        said = Said(facts["stars"], facts["title"], facts["text"], axes)
        review = review_write(package=package_get(viewer, publisher, name), said=said, by=viewer)
        answer = status.HTTP_200_OK if review.edited_at else status.HTTP_201_CREATED
        location = reverse("api-review", kwargs={"id": review.public_id})
        return Response(ReviewSerializer(review).data, status=answer, headers={"Location": location})


class ReviewDetail(APIView):
    """One review."""

    @extend_schema(operation_id="get_review", responses=ReviewSerializer)
    def get(self, request: Request, id: UUID) -> Response:  # noqa: A002  (the word of the address)
        """The review with its reply."""
        return Response(ReviewSerializer(review_get(viewer_from(request), id)).data)

    @extend_schema(operation_id="delete_review", responses={204: None})
    def delete(self, request: Request, id: UUID) -> Response:  # noqa: A002  (the word of the address)
        """Take one's own review away."""
        viewer = signed_in(request)
        review_delete(review=review_get(viewer, id), by=viewer)
        return Response(status=status.HTTP_204_NO_CONTENT)


class ReviewVote(APIView):
    """Whether a review helped."""

    @extend_schema(operation_id="vote_review", request=VoteSerializer, responses=ReviewSerializer)
    def post(self, request: Request, id: UUID) -> Response:  # noqa: A002  (the word of the address)
        """Say so, or say otherwise."""
        viewer = signed_in(request)
        form = VoteSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        review = review_vote(review=review_get(viewer, id), is_helpful=form.validated_data["helpful"], by=viewer)
        return Response(ReviewSerializer(review).data)


class ReviewReplyView(APIView):
    """The publisher's answer."""

    @extend_schema(operation_id="reply_review", request=ReplyWriteSerializer, responses=ReviewSerializer)
    def put(self, request: Request, id: UUID) -> Response:  # noqa: A002  (the word of the address)
        """Reply, or change the reply."""
        viewer = signed_in(request)
        form = ReplyWriteSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        review_reply(review=review_get(viewer, id), by=viewer, **form.validated_data)
        return Response(ReviewSerializer(review_get(viewer, id)).data)
