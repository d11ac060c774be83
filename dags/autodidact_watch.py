"""The bake time of a new champion, as an Airflow DAG: autodidact_airflow/dags/watch.py."""

from autodidact_airflow.dags import autodidact_watch  # noqa: F401
