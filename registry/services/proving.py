"""Looks whether the token of a proof stands where only the holder of the name can put it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings

from marketplace.core.http import CallFailed, call
from registry.clients.names import NamesFailed, records
from registry.domain.proofs import Method, ProofFailed, file_path, has_line, line_of, record_name

if TYPE_CHECKING:
    from collections.abc import Callable

    from registry.models import Proof

NOT_FOUND = 404


def place_of(proof: Proof) -> str:
    """Where the token must stand: the name of a record, or the address of a file."""
    if proof.method == Method.DNS:
        return record_name(settings.SITE_SLUG, proof.subject)
    if proof.method == Method.GITHUB:
        return f"{settings.GITHUB_FILES_URL}/{file_path(settings.SITE_SLUG, proof.subject)}"
    return proof.subject


def text_of(proof: Proof) -> str:
    """What must stand there."""
    return line_of(settings.SITE_SLUG, proof.token)


def evidence_find(proof: Proof) -> str:
    """What shows that the name is the publisher's, as one line; raises ProofFailed MP3072 to MP3075 or MP3079."""
    return FINDERS[Method(proof.method)](proof)


def _dns(proof: Proof) -> str:
    place, wanted = place_of(proof), text_of(proof)
    try:
        found = records().texts(place)
    except NamesFailed as failed:
        raise ProofFailed("MP3073", {"place": place, "reason": str(failed)}) from failed
    if not has_line(found, wanted):
        raise ProofFailed("MP3072", {"place": place}, is_gone=True)
    return f"{place} TXT {wanted}"


def _github(proof: Proof) -> str:
    place, wanted = place_of(proof), text_of(proof)
    try:
        body = call("GET", place, headers={"Accept": "text/plain"}).body
    except CallFailed as failed:
        if failed.status == NOT_FOUND:
            raise ProofFailed("MP3074", {"place": place}, is_gone=True) from failed
        raise ProofFailed("MP3075", {"place": place, "reason": str(failed)}) from failed
    if not has_line(body.decode("utf-8", "replace").splitlines(), wanted):
        raise ProofFailed("MP3074", {"place": place}, is_gone=True)
    return f"{place}: {wanted}"


def _demo(proof: Proof) -> str:
    if not settings.DEMO:
        raise ProofFailed("MP3079", is_gone=True)
    return f"{proof.subject}: demo data"


FINDERS: dict[Method, Callable[[Proof], str]] = {Method.DNS: _dns, Method.GITHUB: _github, Method.DEMO: _demo}
