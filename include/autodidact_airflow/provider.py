"""What the package tells Airflow of itself (entry point `apache_airflow_provider`): `airflow providers get
autodidact` shows it.
"""

from typing import Any

from autodidact_airflow.connection_types import CONNECTION_TYPES

_HERE = "autodidact_airflow"


def get_provider_info() -> dict[str, Any]:
    """As Airflow's provider_info.schema.json wants it."""
    return {
        "package-name": "autodidact",
        "name": "Autodidact",
        "description": "Keeps a language model up to date with a living system.",
        "connection-types": CONNECTION_TYPES,
        "notifications": [
            f"{_HERE}.notify.{name}Notifier"
            for name in ("Promoted", "Kept", "RolledBack", "Stale", "Stalled")
        ],
        "extra-links": [f"{_HERE}.links.{name}" for name in ("VerdictLink", "LostLink", "GateLink")],
    }
