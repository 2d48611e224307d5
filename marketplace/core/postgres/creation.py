"""Migrations that only make new tables, applied at once.

Django builds every model that is related to a new one again after each operation, so that sixty related tables cost
half a minute. What a migration makes from nothing is the same when the state is built once, at its end.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

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


class Creation(migrations.Migration):
    """A migration that makes its new tables at once; then come its changes of other tables, one by one.

    What is neither (SQL, extensions) runs before the tables are made when it stands before them, else after.
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
        for operation in others:
            before = project_state.clone()
            operation.state_forwards(self.app_label, project_state)
            operation.database_forwards(self.app_label, schema_editor, before, project_state)
        return project_state

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
            else:
                (others if making else free).append(operation)
        return [*free, *making], others
