"""The forms of the types of Connections: which fields they have, under which names, in the form of Airflow's
provider.yaml. hooks.py has their tests.
"""

from typing import Any

_TEXT = {"type": ["string", "null"]}


def _field(label: str, description: str = "") -> dict[str, Any]:
    return {"label": label, "schema": _TEXT} | ({"description": description} if description else {})


def _type(
    service: str,
    name: str,
    hook: str,
    hidden: list[str],
    labels: dict[str, str],
    placeholders: dict[str, str],
    **fields: dict[str, Any],
) -> dict[str, Any]:
    return {
        "connection-type": f"autodidact_{service}",
        "hook-class-name": f"autodidact_airflow.hooks.{hook}",
        "hook-name": name,
        "ui-field-behaviour": {"hidden-fields": hidden, "relabeling": labels, "placeholders": placeholders},
        "conn-fields": fields,
    }


def _server(service: str, address: str, **fields: dict[str, Any]) -> dict[str, Any]:
    """A server that answers HTTP: its whole address, and a key."""
    return _type(
        service,
        f"Autodidact {service}",
        f"{service.title()}Hook",
        ["schema", "port", "login", "extra"],
        {"host": "Address", "password": "Key"},
        {"host": address},
        **fields,
    )


CONNECTION_TYPES: list[dict[str, Any]] = [
    _type(
        "store",
        "Autodidact store",
        "StoreHook",
        ["schema", "port", "extra"],
        {"host": "Address", "login": "Access key", "password": "Secret key"},
        {"host": "s3://bucket/prefix, or a folder"},
        region_name=_field("Region", "Of S3"),
        endpoint_url=_field("Endpoint", "Of a store that speaks S3's protocol elsewhere"),
        key_path=_field("Key file", "Of Google Cloud Storage: its path on the workers"),
    ),
    _type(
        "chronicle",
        "Autodidact Chronicle",
        "ChronicleHook",
        ["extra"],
        {"schema": "Database"},
        {"host": "db.internal", "port": "5432", "schema": "autodidact"},
        sslmode=_field("SSL mode", "As libpq has it: require, verify-full, ..."),
    ),
    _server("judge", "https://judge.example/v1", model=_field("Model", "Its name on that server")),
    _server("teacher", "https://teacher.example/v1", model=_field("Model", "Its name on that server")),
    _server("server", "http://vllm.internal:8000/v1"),
    _type(
        "git",
        "Autodidact repository",
        "GitHook",
        ["schema", "port", "extra"],
        {"host": "Address", "password": "Key"},
        {"host": "https://git.example/org/shop.git", "login": "left empty for most tokens"},
    ),
    _type(
        "notify",
        "Autodidact notifications",
        "NotifyHook",
        ["schema", "port", "login", "extra"],
        {"host": "Address", "password": "Key"},
        {"host": "https://hooks.example/services/..."},
    ),
]
