from __future__ import annotations

import gzip

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def test_pages_are_compressed_for_who_takes_it_and_other_answers_are_not() -> None:
    plain, packed = Client().get("/help"), Client().get("/help", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert len(packed.content) < len(plain.content) / 2
    assert b"<h1" in gzip.decompress(packed.content)
    assert "Accept-Encoding" in packed.headers["Vary"]
    other = Client().get("/api/v1/packages", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in other.headers
