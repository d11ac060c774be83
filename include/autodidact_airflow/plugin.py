"""What Autodidact adds to Airflow: the page, its view at each run, and what writes a run's note."""

from airflow.plugins_manager import AirflowPlugin

from autodidact_airflow import run_note
from autodidact_airflow.dashboard.app import app


class AutodidactPlugin(AirflowPlugin):
    name = "autodidact"
    listeners = [run_note]
    fastapi_apps = [{"app": app, "url_prefix": "/autodidact", "name": "Autodidact"}]
    external_views = [
        {
            "name": "Autodidact",
            "href": "autodidact/",
            "destination": "nav",
            "url_route": "autodidact",
            "category": "browse",
        },
        # Beside each run: the cycle that it worked on.
        {
            "name": "Autodidact cycle",
            "href": "autodidact/run/{DAG_ID}/{RUN_ID}",
            "destination": "dag_run",
            "url_route": "autodidact-cycle",
        },
    ]
