"""Airflow's real API server application in a process of its own, asked line by line: starting it takes longer
than all that the tests ask of it.
"""

import json
import os
import subprocess
import sys


class PageServer:
    """`get` and `post` ask as somebody with a role in Airflow (None: without a login); the answer is {"status",
    "text", "headers"}. `environ` changes variables of the server for this one request.
    """

    def __init__(self, environment: dict, command: list[str] | None = None):
        self._process = subprocess.Popen(
            command or [sys.executable, __file__],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    @property
    def pid(self) -> int:
        return self._process.pid

    def get(self, path: str, role: str | None = "viewer", **more) -> dict:
        return self.ask(method="GET", path=path, role=role, **more)

    def post(self, path: str, role: str | None, name: str = "ada", **data) -> dict:
        return self.ask(method="POST", path=path, role=role, name=name, data=data)

    def do(self, what: str, **more):
        """What the function `what` below returns."""
        return self.ask(what=what, **{"with": more})

    def ask(self, **request) -> dict:
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        for line in self._process.stdout:
            if line.startswith('{"answer": '):
                return json.loads(line)["answer"]
        raise AssertionError("the server ended")

    def close(self) -> None:
        self._process.stdin.close()
        self._process.wait(60)


def main() -> None:
    from airflow.api_fastapi.app import create_app
    from airflow.api_fastapi.auth.managers.simple.user import SimpleAuthManagerUser
    from fastapi.testclient import TestClient

    app = create_app()
    with TestClient(app, follow_redirects=False) as client:
        for line in sys.stdin:
            asked = json.loads(line)
            if asked.get("what"):
                answer = {"routes": routes, "runs": runs, "a_run": a_run, "bare_run": bare_run}[
                    asked["what"]
                ](**asked["with"])
            else:
                before = dict(os.environ)
                os.environ.update(asked.get("environ") or {})
                headers = {"Accept": asked.get("accept", "text/html")}
                if asked["role"]:
                    user = SimpleAuthManagerUser(username=asked.get("name", "ada"), role=asked["role"])
                    headers["Authorization"] = "Bearer " + app.state.auth_manager.generate_jwt(user)
                place = "/autodidact/" + asked["path"]
                got = client.request(asked["method"], place, headers=headers, data=asked.get("data"))
                os.environ.clear()
                os.environ.update(before)
                answer = {"status": got.status_code, "text": got.text, "headers": dict(got.headers)}
            print(json.dumps({"answer": answer}), flush=True)


def routes() -> list:
    """[method, path] of every route of the page."""
    from autodidact_airflow.dashboard.app import app

    every = [(route.path, getattr(route, "methods", {"GET"})) for route in app.router.routes]
    return [[method, path] for path, methods in every for method in sorted(methods - {"HEAD"})]


def a_run(system: str, cycle_id: str) -> str:
    """A run of the DAG autodidact_cycle that has opened a cycle and is training. Its id."""
    from airflow.api.common.trigger_dag import trigger_dag
    from airflow.models import TaskInstance
    from airflow.models.xcom import XComModel
    from airflow.utils.session import create_session
    from airflow.utils.types import DagRunTriggeredByType

    run = trigger_dag("autodidact_cycle", triggered_by=DagRunTriggeredByType.CLI)
    ids = {"system": system, "cycle_id": cycle_id, "closed": False}
    place = {"dag_id": "autodidact_cycle", "run_id": run.run_id}
    with create_session() as session:
        XComModel.set(key="return_value", value=ids, task_id="open_cycle", session=session, **place)
        XComModel.set(key="_link_LostLink", value="x", task_id="decide", session=session, **place)
        for task, state in {"train": "running", "gate": "failed"}.items():
            session.query(TaskInstance).filter_by(task_id=task, **place).update({"state": state})
    return run.run_id


def bare_run(state: str | None) -> str | None:
    """A run of the DAG autodidact_cycle in this state that has opened no cycle, in place of the one before;
    None: no such run any more.
    """
    from airflow.api.common.trigger_dag import trigger_dag
    from airflow.models import DagRun
    from airflow.utils.session import create_session
    from airflow.utils.types import DagRunTriggeredByType

    with create_session() as session:
        session.query(DagRun).filter(DagRun.run_id.startswith("bare")).delete()
    if state is None:
        return None
    run = trigger_dag("autodidact_cycle", triggered_by=DagRunTriggeredByType.CLI, run_id=f"bare-{state}")
    with create_session() as session:
        session.query(DagRun).filter_by(run_id=run.run_id).update({"state": state})
    return run.run_id


def runs() -> list:
    """[conf, user] of every run of the DAG autodidact_rollback."""
    from airflow.models import DagRun
    from airflow.utils.session import create_session

    with create_session() as session:
        found = session.query(DagRun).filter_by(dag_id="autodidact_rollback")
        return [[run.conf, run.triggering_user_name] for run in found]


def on_a_port(port: int) -> None:
    """The same application for a browser. Prints the token of a login first."""
    import uvicorn
    from airflow.api_fastapi.app import create_app
    from airflow.api_fastapi.auth.managers.simple.user import SimpleAuthManagerUser

    app = create_app()
    user = SimpleAuthManagerUser(username="ada", role="admin")
    print(json.dumps({"token": app.state.auth_manager.generate_jwt(user)}), flush=True)
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="error")


if __name__ == "__main__":
    on_a_port(int(sys.argv[1])) if len(sys.argv) > 1 else main()
