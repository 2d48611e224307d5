from __future__ import annotations

import pytest
from django.test import Client


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/nothing", "/favicon.ico", "/@nobody", "/@nobody/nothing", "/publish/not-a-uuid"])
def test_an_unknown_address_answers_404_with_a_page_that_leads_on(path: str) -> None:
    answer = Client().get(path)
    assert answer.status_code == 404
    assert 'href="/search"' in answer.content.decode()
