"""SeaweedFS out of a wheel, as an object store, and a way to it on which answers are late, wrong or lost."""

import http.client
import os
import random
import sys
import threading
import time
from collections import deque
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.airflow_.started import ROOT

FAULTS = ("503", "500", "cut off", "done and cut off", "late")
LATE_SECONDS = 2


class ObjectStore:
    """A SeaweedFS of its own, on loopback."""

    def __init__(self, folder: Path):
        sys.path.insert(0, str(ROOT / "scripts"))
        import airflow_processes
        import cluster_services

        airflow_processes.HOME = folder
        ports = {name: cluster_services.free_port(10_000) for name in cluster_services.WEED_PORTS}
        self.port = ports["s3"]
        self.places = {
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{self.port}",
            "AWS_ACCESS_KEY_ID": "tests",
            "AWS_SECRET_ACCESS_KEY": "a-word-of-the-tests",
            "AWS_DEFAULT_REGION": "us-east-1",
        }
        log = os.open(folder / "weed.log", os.O_WRONLY | os.O_CREAT, 0o600)
        command = cluster_services.store_command(ports)
        self.process = airflow_processes.start_program(command, os.environ | self.places, log)
        end = time.monotonic() + 60
        while not cluster_services.store_is_up(self.places):
            assert time.monotonic() < end and self.process.poll() is None, (folder / "weed.log").read_text()
            time.sleep(0.2)

    def end(self) -> None:
        self.process.terminate()
        self.process.wait(30)


class Unreliable:
    """A server before the object store. `faults` are what happens to the next requests, one each; after these
    all goes well. `asked` are the requests, `METHOD path`.
    """

    def __init__(self, port: int):
        self.port, self.faults = port, list[str]()
        # Seconds that each answer is late, and the share of the requests that are answered with an error.
        self.late, self.failing = 0.0, 0.0
        self.asked: deque[str] = deque(maxlen=1000)
        unreliable = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_any(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                unreliable.asked.append(f"{self.command} {self.path}")
                time.sleep(unreliable.late)
                fault = unreliable.faults.pop(0) if unreliable.faults else None
                if random.random() < unreliable.failing:
                    fault = "503"
                if fault == "late":
                    time.sleep(LATE_SECONDS)
                if fault in ("503", "500"):
                    return self.answer(int(fault), {}, b"")
                if fault == "cut off":
                    return self.cut()
                through = http.client.HTTPConnection("127.0.0.1", unreliable.port, timeout=60)
                through.request(self.command, self.path, body, dict(self.headers))
                reply = through.getresponse()
                data = reply.read()
                if fault == "done and cut off":
                    return self.cut()
                headers = {
                    name: value
                    for name, value in reply.getheaders()
                    if name.lower() not in ("content-length", "transfer-encoding", "connection")
                }
                length = reply.getheader("Content-Length") if self.command == "HEAD" else None
                self.answer(reply.status, headers, data, length)
                return None

            do_GET = do_PUT = do_POST = do_HEAD = do_DELETE = handle_any

            def answer(self, status: int, headers: dict, data: bytes, length: str | None = None) -> None:
                self.send_response_only(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", length or str(len(data)))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(data)

            def cut(self) -> None:
                self.close_connection = True
                self.connection.close()

            def log_message(self, *_) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.handle_error = lambda *_: None
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def end(self) -> None:
        self.server.shutdown()
        self.server.server_close()
