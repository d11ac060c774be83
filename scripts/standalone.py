"""`make standalone`: Airflow on one machine (standalone_parts.py)."""

from ended_together import run

run("standalone_parts.py")
