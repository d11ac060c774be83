"""`make cluster`: Airflow with Celery workers, a broker and an object store (cluster_parts.py)."""

from ended_together import run

run("cluster_parts.py")
