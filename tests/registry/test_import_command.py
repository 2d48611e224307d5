"""`import_marketplace`: every entry published or said why not; the second time nothing changes."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING

import pytest
from django.core.management import call_command

from registry.models import Version
from tests.marketplace.people import person
from tests.registry.world import publisher_of

if TYPE_CHECKING:
    from pathlib import Path

SKILL = "---\nname: {name}\ndescription: Reads a plan before it runs.\n---\n\nRead the plan first.\n"


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A marketplace of two plugins, of which one is elsewhere."""
    plugins = [
        {"name": "reader", "source": "./plugins/reader", "description": "Reads plans."},
        {"name": "far", "source": {"source": "github", "repo": "someone/far"}},
    ]
    shelf = {"name": "shelf", "owner": {"name": "Ann"}, "plugins": plugins}
    (tmp_path / ".claude-plugin").mkdir()
    (tmp_path / ".claude-plugin" / "marketplace.json").write_text(json.dumps(shelf))
    folder = tmp_path / "plugins" / "reader" / "skills" / "look"
    folder.mkdir(parents=True)
    (folder / "SKILL.md").write_text(SKILL.format(name="look"))
    return tmp_path


def imported(repository: Path) -> list[tuple[str, str, str]]:
    said = io.StringIO()
    call_command("import_marketplace", str(repository), "--publisher", "acme", "--json", stdout=said)
    entries = [json.loads(line) for line in said.getvalue().splitlines()]
    return [(entry["name"], entry["result"], entry.get("code") or "") for entry in entries]


@pytest.mark.django_db
@pytest.mark.usefixtures("as_system")
def test_second_import_of_a_repository_changes_nothing(repository: Path) -> None:
    publisher_of(person("ann"))
    assert sorted(imported(repository)) == [("far", "skipped", "MP3044"), ("reader", "published", "")]
    before = list(Version.objects.values_list("number", "digest"))
    assert sorted(imported(repository)) == [("far", "skipped", "MP3044"), ("reader", "unchanged", "")]
    assert list(Version.objects.values_list("number", "digest")) == before
