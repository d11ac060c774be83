"""The Connections of Airflow that are Autodidact's, by their ids."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from airflow.sdk import Connection

# The variable that names the Connection of the git repository, once a task has taken its mirror.
GIT_CONNECTION = "AUTODIDACT_GIT_CONNECTION"


def find_connection(name: str, conn_id: str = "") -> "Connection | None":
    """The Connection `conn_id`, by default `autodidact_<name>`; None when there is none."""
    from airflow.sdk import Connection
    from airflow.sdk.exceptions import AirflowNotFoundException

    try:
        return Connection.get(conn_id or f"autodidact_{name}")
    except AirflowNotFoundException:
        return None
