"""A host of `make cluster`: the address that its task logs are asked for at, and the server of these logs.

Airflow calls `address` (AIRFLOW__CORE__HOSTNAME_CALLABLE), so every task instance has the address of the
worker that ran it. Airflow's own log server would listen on all addresses of the machine.
"""

import os


def address() -> str:
    """The address of this host on loopback, as `make cluster` gave it in CLUSTER_HOST."""
    return os.environ["CLUSTER_HOST"]


def serve_logs() -> None:
    """Serves this host's task logs to whoever has signed the question with Airflow's secret key."""
    import uvicorn
    from airflow.configuration import conf

    port = conf.getint("logging", "worker_log_server_port")
    app = "airflow.utils.serve_logs.log_server:get_app"
    uvicorn.run(app, host=address(), port=port, log_config=None, access_log=False)


if __name__ == "__main__":
    serve_logs()
