"""What a draft's preview shows: the text made safe, no pictures yet, files; and to whom."""

from __future__ import annotations

import pytest

from marketplace.core import tenancy
from registry.models import ImportEntry
from tests.marketplace.people import browser
from tests.registry.packages import SKILL
from tests.registry.test_publish_pages import drop, zipped
from tests.registry.world import person

pytestmark = pytest.mark.django_db
README = "# Plans\n\n![A plan](plan.png) [Notes](notes.md)\n\n<script>alert(1)</script>\n"


def test_preview_is_the_safe_beginning_of_a_page_and_its_makers_alone() -> None:
    own = browser(person("ann"))
    draft = drop(own, zipped({"SKILL.md": SKILL, "README.md": README, "notes.md": "Notes.\n", "x&y.txt": "?"}))
    with tenancy.bound(tenancy.SYSTEM):
        entry = ImportEntry.objects.get()
    path = f"{draft}/preview/{entry.public_id}"
    assert path in own.get(draft).content.decode()
    answer = own.get(path)
    shown = answer.content.decode()
    assert answer.status_code == 200
    assert 'A plan <a href="#file-notes.md"' in shown
    assert "<script>alert" not in shown
    assert "x&amp;y.txt" in shown
    assert "What this can do on your machine" in shown
    assert browser(person("bob")).get(path).status_code == 404
    assert browser().get(path).status_code == 302
    with tenancy.bound(tenancy.SYSTEM):
        ImportEntry.objects.update(content=None)
    assert own.get(path).status_code == 404
