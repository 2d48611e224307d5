"""Migrations that only make new tables, applied at once.

Django builds every model that is related to a new one again after each operation, so that sixty related tables cost
half a minute. What a migration makes from nothing is the same when the state is built once, at its end.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from django.contrib.postgres.operations import CreateExtension
from django.db import migrations

if TYPE_CHECKING:
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor
    from django.db.migrations.operations.base import Operation
    from django.db.migrations.state import ProjectState

CHANGING = (
    migrations.AddField,
    migrations.AddIndex,
    migrations.AddConstraint,
)
APART = (migrations.RunSQL, migrations.SeparateDatabaseAndState, CreateExtension)


class Creation(migrations.Migration):
    """A migration that makes its new tables at once; then come its changes of other tables.

    What only adds to them is done from the state after all of it, the rest one by one. SQL and extensions
    run before the tables are made when they stand before them, else after.
    """

    def apply(
        self, project_state: ProjectState, schema_editor: BaseDatabaseSchemaEditor, *_collect_sql: bool
    ) -> ProjectState:
        """Make the tables from the state at the end of what makes them."""
        making, others = self._parted()
        vars(project_state).pop("apps", None)
        for operation in making:
            operation.state_forwards(self.app_label, project_state)
        for operation in making:
            if isinstance(operation, migrations.CreateModel):
                self._make(operation, project_state, schema_editor)
            elif not isinstance(operation, CHANGING):
                operation.database_forwards(self.app_label, schema_editor, project_state, project_state)
        for only_adds, operations in groupby(others, key=lambda operation: isinstance(operation, CHANGING)):
            if only_adds:
                self._add(list(operations), project_state, schema_editor)
                continue
            for operation in operations:
                before = project_state.clone()
                operation.state_forwards(self.app_label, project_state)
                operation.database_forwards(self.app_label, schema_editor, before, project_state)
        return project_state

    def _add(self, operations: list[Operation], state: ProjectState, schema_editor: BaseDatabaseSchemaEditor) -> None:
        vars(state).pop("apps", None)
        for operation in operations:
            operation.state_forwards(self.app_label, state)
        for operation in operations:
            operation.database_forwards(self.app_label, schema_editor, state, state)

    def _make(
        self, operation: migrations.CreateModel, state: ProjectState, schema_editor: BaseDatabaseSchemaEditor
    ) -> None:
        model = state.apps.get_model(self.app_label, operation.name)
        if operation.allow_migrate_model(schema_editor.connection.alias, model):
            schema_editor.create_model(model)

    def _parted(self) -> tuple[list[Operation], list[Operation]]:
        """What makes tables, led by what stands before them; and what comes afterwards, in order."""
        made = {operation.name_lower for operation in self.operations if isinstance(operation, migrations.CreateModel)}
        free: list[Operation] = []
        making: list[Operation] = []
        others: list[Operation] = []
        for operation in self.operations:
            if isinstance(operation, migrations.CreateModel):
                making.append(operation)
            elif isinstance(operation, CHANGING):
                (making if operation.model_name.lower() in made else others).append(operation)
            elif isinstance(operation, APART) and not making and not others:
                free.append(operation)
            else:
                others.append(operation)
        return [*free, *making], others
