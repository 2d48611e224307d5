"""The connection: sets the scope when it opens, forgets it when it goes back to the pool."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.backends.postgresql import base

from marketplace.core import tenancy

if TYPE_CHECKING:
    from psycopg import Connection

SET_SCOPE = (
    "SELECT set_config('market.user', %s, false),"
    " set_config('market.organizations', %s, false), set_config('market.system', %s, false)"
)


def forget_scope(connection: Connection[Any]) -> None:
    """Pool callback: the next holder of the connection starts with public rows only."""
    connection.execute(SET_SCOPE, tenancy.PUBLIC.settings)
    if not connection.autocommit:
        connection.commit()


class DatabaseWrapper(base.DatabaseWrapper):
    """One thread's connection with the scope applied before its first query."""

    applied: tenancy.Scope | None = None

    def get_connection_params(self) -> dict[str, Any]:
        """Add the pool callback that resets a returned connection."""
        params: dict[str, Any] = super().get_connection_params()
        if self.settings_dict["OPTIONS"].get("pool"):
            self.settings_dict["OPTIONS"]["pool"].setdefault("reset", forget_scope)
        return params

    def init_connection_state(self) -> None:
        """Begin as the scope that is bound now."""
        super().init_connection_state()
        self.applied = tenancy.PUBLIC
        self.apply_scope()

    def apply_scope(self) -> None:
        """Bring an open connection to the bound scope; a closed one gets it when it opens."""
        scope = tenancy.current.get()
        if self.connection is None or self.applied == scope:
            return
        self.connection.cursor().execute(SET_SCOPE, scope.settings)
        self.applied = scope
