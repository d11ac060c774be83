"""A Kubernetes API server on loopback, as far as a pod operator asks one: it starts the container's command
as a process of this machine.

The process gets the variables of the pod's specification and of its Secrets, an empty folder, and nothing
else of this machine's environment.
"""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from datetime import datetime, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

POD = re.compile(r"^/api/v1/namespaces/([^/]+)/pods(?:/([^/]+))?(/log)?$")


def now() -> str:
    return datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


class Cluster:
    """`secrets`: {name: {variable: value}}. `pods` holds what was asked for, by name, deleted ones too."""

    def __init__(self, folder: Path, secrets: dict[str, dict[str, str]]):
        self.folder, self.secrets = folder, secrets
        self.pods: dict[str, dict] = {}
        self.running: dict[str, subprocess.Popen] = {}
        self.deleted: list[str] = []
        cluster = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self, value, status: int = 200, kind: str = "application/json") -> None:
                body = value if isinstance(value, bytes) else json.dumps(value).encode()
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def handle_any(self) -> None:
                url = urlsplit(self.path)
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                match, asked = POD.match(url.path), parse_qs(url.query)
                if "watch" in asked:  # a stream of events: there are none
                    time.sleep(0.5)
                    return self.answer(b"")
                if match is None:
                    return self.answer({"kind": "EventList", "apiVersion": "v1", "metadata": {}, "items": []})
                namespace, name, log = match.groups()
                if self.command == "POST":
                    return self.answer(cluster.create(namespace, json.loads(body)), 201)
                if name is None:
                    return self.answer(
                        {
                            "kind": "PodList",
                            "apiVersion": "v1",
                            "metadata": {},
                            "items": cluster.matching(asked),
                        }
                    )
                if name not in cluster.pods or name in cluster.deleted:
                    return self.answer(
                        {
                            "kind": "Status",
                            "apiVersion": "v1",
                            "status": "Failure",
                            "reason": "NotFound",
                            "code": 404,
                        },
                        404,
                    )
                if log:
                    return self.answer(cluster.log(name), kind="text/plain")
                if self.command == "PATCH":
                    cluster.pods[name]["metadata"]["labels"].update(
                        json.loads(body)["metadata"].get("labels", {})
                    )
                if self.command == "DELETE":
                    cluster.delete(name)
                return self.answer(cluster.state(name))

            do_GET = do_POST = do_PATCH = do_DELETE = handle_any

            def log_message(self, *_) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def config(self) -> Path:
        """A kubeconfig for this cluster."""
        path = self.folder / "kubeconfig.json"
        host = f"http://127.0.0.1:{self.server.server_port}"
        config = {
            "apiVersion": "v1",
            "kind": "Config",
            "current-context": "c",
            "users": [{"name": "u", "user": {}}],
            "clusters": [{"name": "c", "cluster": {"server": host}}],
            "contexts": [{"name": "c", "context": {"cluster": "c", "user": "u"}}],
        }
        path.write_text(json.dumps(config))
        return path

    def create(self, namespace: str, pod: dict) -> dict:
        name, container = pod["metadata"]["name"], pod["spec"]["containers"][0]
        pod["metadata"] |= {"namespace": namespace, "uid": name, "creationTimestamp": now()}
        pod["metadata"].setdefault("labels", {})
        home = self.folder / name
        home.mkdir()
        environment = {
            "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin",
            "HOME": str(home),
            "OMP_NUM_THREADS": "1",
        }
        for source in container.get("envFrom") or []:
            environment |= self.secrets[source["secretRef"]["name"]]
        environment |= {each["name"]: each["value"] for each in container.get("env") or []}
        program = shutil.which(container["command"][0], path=environment["PATH"])
        log = (home / "log").open("wb")
        self.pods[name] = pod
        self.running[name] = subprocess.Popen(
            [program, *container["command"][1:]],
            env=environment,
            cwd=home,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        return self.state(name)

    def state(self, name: str) -> dict:
        pod, code = self.pods[name], self.running[name].poll()
        container = pod["spec"]["containers"][0]
        state = {"running": {"startedAt": now()}}
        if code is not None:
            code = code if code >= 0 else 128 - code
            state = {
                "terminated": {
                    "exitCode": code,
                    "reason": "Completed" if code == 0 else "Error",
                    "finishedAt": now(),
                }
            }
        phase = "Running" if code is None else "Succeeded" if code == 0 else "Failed"
        told = {
            "name": container["name"],
            "ready": code is None,
            "restartCount": 0,
            "image": container["image"],
            "imageID": "",
            "state": state,
        }
        conditions = [{"type": "PodScheduled", "status": "True"}]
        return (
            {"apiVersion": "v1", "kind": "Pod"}
            | pod
            | {"status": {"phase": phase, "conditions": conditions, "containerStatuses": [told]}}
        )

    def matching(self, asked: dict) -> list[dict]:
        wanted = [
            term.split("=")
            for term in asked.get("labelSelector", [""])[0].split(",")
            if "=" in term and "!" not in term
        ]
        there = [name for name in self.pods if name not in self.deleted]
        return [
            self.state(n)
            for n in there
            if all(self.pods[n]["metadata"]["labels"].get(key) == value for key, value in wanted)
        ]

    def log(self, name: str) -> bytes:
        while self.running[name].poll() is None:  # `follow`
            time.sleep(0.1)
        lines = (self.folder / name / "log").read_text(encoding="utf-8", errors="replace").splitlines()
        return "".join(f"{now()} {line}\n" for line in lines).encode()

    def delete(self, name: str) -> None:
        """As a kubelet does: SIGTERM, then the grace, then SIGKILL."""
        self.deleted.append(name)
        process = self.running[name]
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(self.pods[name]["spec"]["terminationGracePeriodSeconds"])
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)

    def close(self) -> None:
        for process in self.running.values():
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
        self.server.shutdown()
