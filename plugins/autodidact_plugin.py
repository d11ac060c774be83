"""Registers the plugin where no entry point does: the package is on the path, and not installed."""

from importlib.metadata import entry_points

if not entry_points(group="airflow.plugins", name="autodidact"):
    from autodidact_airflow.plugin import AutodidactPlugin  # noqa: F401
