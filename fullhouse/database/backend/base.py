"""Django's PostgreSQL backend; starts the embedded server when a connection needs it."""

from __future__ import annotations

from typing import Any

from django.db.backends.postgresql.base import DatabaseWrapper as PostgreSQLWrapper

from fullhouse.database.errors import ServerError
from fullhouse.database.server import ensure_started


class DatabaseWrapper(PostgreSQLWrapper):
    """One backend for the embedded server and for DATABASE_URL, where it starts nothing."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Connect; when the embedded server is down, start it and try once more.

        A failure that has another reason passes through `ensure_started`, which finds the server
        up, and is raised by the second attempt.
        """
        try:
            return super().get_new_connection(conn_params)
        except self.Database.OperationalError:
            if not self.settings_dict.get("EMBEDDED"):
                raise
        try:
            ensure_started()
        except ServerError as error:
            raise self.Database.OperationalError(str(error)) from error
        return super().get_new_connection(conn_params)
