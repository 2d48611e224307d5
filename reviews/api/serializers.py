"""The shapes of the API of reviews."""

from __future__ import annotations

from typing import Any, ClassVar

from rest_framework import serializers

from reviews.models import Review, ReviewReply


class ReplySerializer(serializers.ModelSerializer[ReviewReply]):
    """The publisher's answer."""

    class Meta:
        model = ReviewReply
        fields: ClassVar[list[str]] = ["text", "fixed_in", "created_at", "edited_at"]


class ReviewSerializer(serializers.ModelSerializer[Review]):
    """A review with its reply."""

    id = serializers.UUIDField(source="public_id")
    author = serializers.CharField(source="author_name")
    version = serializers.CharField(source="version_number")
    reply = ReplySerializer(read_only=True, default=None)

    class Meta:
        model = Review
        fields: ClassVar[list[str]] = [
            "id", "author", "version", "stars", "works", "safe", "worth", "title", "text", "is_verified", "is_purchase",
            "state", "helpful", "unhelpful", "created_at", "edited_at", "reply",
        ]  # fmt: skip


class RatingSerializer(serializers.Serializer[Any]):
    """The numbers above the reviews."""

    count = serializers.IntegerField()
    mean = serializers.FloatField(allow_null=True)
    histogram = serializers.DictField(child=serializers.IntegerField())


class ReviewPageSerializer(serializers.Serializer[Any]):
    """One page of reviews."""

    rating = RatingSerializer()
    results = ReviewSerializer(many=True)
    next = serializers.CharField(allow_null=True)


class ReviewWriteSerializer(serializers.Serializer[Any]):
    """What a reviewer says."""

    stars = serializers.IntegerField(min_value=1, max_value=5)
    title = serializers.CharField(min_length=3, max_length=120)
    text = serializers.CharField(max_length=5000, required=False, allow_blank=True, default="")
    works = serializers.IntegerField(required=False, allow_null=True, default=None, min_value=1, max_value=5)
    safe = serializers.IntegerField(required=False, allow_null=True, default=None, min_value=1, max_value=5)
    worth = serializers.IntegerField(required=False, allow_null=True, default=None, min_value=1, max_value=5)


class VoteSerializer(serializers.Serializer[Any]):
    """Whether it helped."""

    helpful = serializers.BooleanField()


class ReplyWriteSerializer(serializers.Serializer[Any]):
    """The publisher's answer, and the version that mends what was written of."""

    text = serializers.CharField(min_length=3, max_length=3000)
    fixed_in = serializers.CharField(max_length=128, required=False, allow_blank=True, default="")
