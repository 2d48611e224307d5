"""Addresses of the API of reviews, below /api/v1/."""

from __future__ import annotations

from django.urls import path, re_path

from reviews.api.reviews import ReviewDetail, ReviewList, ReviewReplyView, ReviewVote

N = r"^packages/@(?P<publisher>[a-z0-9-]{1,39})/(?P<name>[a-z0-9._-]{1,64})"

urlpatterns = [
    re_path(N + r"/reviews$", ReviewList.as_view(), name="api-reviews"),
    path("reviews/<uuid:id>", ReviewDetail.as_view(), name="api-review"),
    path("reviews/<uuid:id>/vote", ReviewVote.as_view(), name="api-review-vote"),
    path("reviews/<uuid:id>/reply", ReviewReplyView.as_view(), name="api-review-reply"),
]
