"""Publishers and their proofs over the API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.response import Response
from rest_framework.views import APIView

from marketplace.core.codes import sentence
from marketplace.services.viewers import viewer_from
from registry.api.packages import ensure_signed_in
from registry.domain.proofs import DOMAIN_MOST, Method
from registry.models import Proof, Publisher
from registry.selectors.packages import publisher_get
from registry.selectors.proofs import proof_get, proofs_of, proofs_shown
from registry.services.access import ensure_can_prove
from registry.services.proofs import proof_ask, proof_remove, proof_start
from registry.services.proving import place_of, text_of

if TYPE_CHECKING:
    from uuid import UUID

    from rest_framework.request import Request

GIVEN = [(method.value, method.value) for method in Method]


class MarkSerializer(serializers.ModelSerializer[Proof]):
    """What was proven, how, and until when it holds."""

    class Meta:
        model = Proof
        fields: ClassVar[list[str]] = ["method", "subject", "evidence", "checked_at", "expires_at"]


class PublisherSerializer(serializers.ModelSerializer[Publisher]):
    """A publisher; `verified` is empty for one that has proven nothing, which says nothing against it."""

    id = serializers.UUIDField(source="public_id")
    verified = serializers.SerializerMethodField()

    class Meta:
        model = Publisher
        fields: ClassVar[list[str]] = [
            "id", "name", "display_name", "summary", "homepage", "created_at", "is_verified", "verified",
        ]  # fmt: skip

    @extend_schema_field(MarkSerializer(many=True))
    def get_verified(self, publisher: Publisher) -> Any:
        """The proofs that hold."""
        return MarkSerializer(proofs_shown(publisher), many=True).data


class ProofSerializer(serializers.ModelSerializer[Proof]):
    """A proof as its publisher sees it: `text` must stand at `place`."""

    id = serializers.UUIDField(source="public_id")
    place = serializers.SerializerMethodField()
    text = serializers.SerializerMethodField()
    holds = serializers.SerializerMethodField()
    is_waiting = serializers.BooleanField()
    failure_says = serializers.SerializerMethodField()

    class Meta:
        model = Proof
        fields: ClassVar[list[str]] = [
            "id", "method", "subject", "place", "text", "holds", "is_waiting", "created_at", "asked_at", "looked_at",
            "checked_at", "expires_at", "evidence", "failure", "failure_says", "revoked_at", "revoked_reason",
        ]  # fmt: skip

    def get_place(self, proof: Proof) -> str:
        """The name of the record, or the address of the file."""
        return place_of(proof)

    def get_text(self, proof: Proof) -> str:
        """The value of the record, or a line of the file."""
        return text_of(proof)

    def get_holds(self, proof: Proof) -> bool:
        """Whether it shows something now."""
        return proof.holds()

    def get_failure_says(self, proof: Proof) -> str:
        """Why it was not found when it was last looked at."""
        return sentence(proof.failure, proof.failure_params) if proof.failure else ""


class ProofStartSerializer(serializers.Serializer[Any]):
    """What is to be proven."""

    method = serializers.ChoiceField(choices=GIVEN)
    subject = serializers.CharField(max_length=DOMAIN_MOST)


class PublisherDetail(APIView):
    """One publisher."""

    @extend_schema(operation_id="get_publisher", responses=PublisherSerializer)
    def get(self, request: Request, name: str) -> Response:  # noqa: ARG002  (the same for everybody)
        """The publisher with what it has proven."""
        return Response(PublisherSerializer(publisher_get(name)).data)


class ProofList(APIView):
    """The proofs of one publisher, for those who manage it."""

    @extend_schema(operation_id="list_proofs", responses=ProofSerializer(many=True))
    def get(self, request: Request, name: str) -> Response:
        """All of them, those first that were begun first; at most ten."""
        publisher = _own(request, name)
        return Response({"results": ProofSerializer(proofs_of(publisher), many=True).data})

    @extend_schema(operation_id="start_proof", request=ProofStartSerializer, responses={201: ProofSerializer})
    def post(self, request: Request, name: str) -> Response:
        """Name a domain or an organization on GitHub; the answer says which text must stand where."""
        publisher = _own(request, name)
        form = ProofStartSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        facts = form.validated_data
        proof = proof_start(
            publisher=publisher, method=Method(facts["method"]), subject=facts["subject"], by=viewer_from(request)
        )
        return Response(ProofSerializer(proof).data, status=status.HTTP_201_CREATED)


class ProofDetail(APIView):
    """One proof, for those who manage its publisher."""

    @extend_schema(operation_id="get_proof", responses=ProofSerializer)
    def get(self, request: Request, name: str, id: UUID) -> Response:  # noqa: A002  (the word of the address)
        """How it stands."""
        return Response(ProofSerializer(proof_get(_own(request, name), id)).data)

    @extend_schema(operation_id="check_proof", request=None, responses={202: ProofSerializer})
    def post(self, request: Request, name: str, id: UUID) -> Response:  # noqa: A002  (likewise)
        """Look now, in the background."""
        proof = proof_ask(proof=proof_get(_own(request, name), id), by=viewer_from(request))
        return Response(ProofSerializer(proof).data, status=status.HTTP_202_ACCEPTED)

    @extend_schema(operation_id="remove_proof", responses={204: None})
    def delete(self, request: Request, name: str, id: UUID) -> Response:  # noqa: A002  (likewise)
        """Forget it."""
        proof_remove(proof=proof_get(_own(request, name), id), by=viewer_from(request))
        return Response(status=status.HTTP_204_NO_CONTENT)


def _own(request: Request, name: str) -> Publisher:
    ensure_signed_in(request)
    publisher = publisher_get(name)
    ensure_can_prove(by=viewer_from(request), publisher=publisher)
    return publisher
