"""The cycle, every twelve hours, as an Airflow DAG. What it is made of: autodidact_airflow/dags/."""

from autodidact_airflow.dags import autodidact_cycle  # noqa: F401
