"""A migration that makes tables at once leaves nothing out, whatever else it changes."""

from __future__ import annotations

import pytest
from django.db import connection, migrations, models
from django.db.migrations.state import ProjectState

from marketplace.core.postgres.creation import Creation

pytestmark = pytest.mark.django_db


class First(Creation):
    """Makes one table."""

    operations = [
        migrations.CreateModel("Shelf", [("id", models.BigAutoField(primary_key=True))]),
        migrations.AddField("Shelf", "label", models.CharField(max_length=10)),
    ]


class Second(Creation):
    """Makes none, and changes that one in every way."""

    operations = [
        migrations.AddField("Shelf", "width", models.IntegerField(default=1)),
        migrations.AlterField("Shelf", "label", models.CharField(max_length=20)),
        migrations.RunSQL("SELECT 1"),
        migrations.AddConstraint(
            "Shelf", models.CheckConstraint(condition=models.Q(width__gte=1), name="shelf_has_width")
        ),
        migrations.RemoveField("Shelf", "label"),
    ]


def said(migration: type[Creation], state: ProjectState) -> str:
    """The SQL of the migration; the state goes on."""
    with connection.schema_editor(collect_sql=True) as editor:
        migration("m", "tests").apply(state, editor)
        return "\n".join(editor.collected_sql)


def test_tables_are_made_and_later_changes_are_all_done_in_order() -> None:
    state = ProjectState()
    assert 'CREATE TABLE "tests_shelf"' in (made := said(First, state))
    assert "ADD COLUMN" not in made
    changed = said(Second, state)
    wanted = ('ADD COLUMN "width"', "TYPE varchar(20)", "SELECT 1", "shelf_has_width", 'DROP COLUMN "label"')
    places = [changed.index(words) for words in wanted]
    assert places == sorted(places)
    assert set(state.models["tests", "shelf"].fields) == {"id", "width"}
