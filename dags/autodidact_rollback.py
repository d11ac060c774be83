"""A person brings an earlier version back, as an Airflow DAG: autodidact_airflow/dags/rollback.py."""

from autodidact_airflow.dags import autodidact_rollback  # noqa: F401
