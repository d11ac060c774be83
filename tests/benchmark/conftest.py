import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest


class JudgeServer(ThreadingHTTPServer):
    """A judge on loopback. `replies` are used one by one, the last for ever: a text (the judge's message), a
    function of the request that makes one, (status, body), (status, body, headers), or "hang up" or
    "trickle", which do that.
    """

    def __init__(self, *replies):
        self.replies, self.asked, self.keys = list(replies), [], []
        self.lock = threading.Lock()
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                with server.lock:
                    server.asked.append(body)
                    server.keys.append(self.headers.get("Authorization"))
                    reply = server.replies.pop(0) if len(server.replies) > 1 else server.replies[0]
                if reply == "hang up":
                    self.close_connection = True
                    return
                reply = reply(body) if callable(reply) else reply
                status, body, headers = (
                    (*reply, {})[:3] if isinstance(reply, tuple) else (200, _message(reply), {})
                )
                data = body.encode() if isinstance(body, str) else json.dumps(body).encode()
                self.send_response(status)
                self.send_header("Content-Type", "text/html" if isinstance(body, str) else "application/json")
                self.send_header("Content-Length", str(len(data)))
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                if reply == "trickle":
                    for place in range(len(data)):
                        time.sleep(0.05)
                        self.wfile.write(data[place : place + 1])
                        self.wfile.flush()
                else:
                    self.wfile.write(data)

            def log_message(self, *arguments):
                pass

        super().__init__(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def handle_error(self, *arguments):
        pass  # a client that hangs up on a slow answer

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}/v1"

    def judge(self, cache=None, **more):
        from autodidact.benchmark import judge
        from autodidact.models.openai_client import PATIENT, OpenAIClient

        more = {"attempts": PATIENT, "pause": 0.001, "key_variable": "AUTODIDACT_JUDGE__KEY"} | more
        return judge.ModelJudge(
            OpenAIClient(self.url, what=f"The judge at {self.url}", **more), "judge-1", cache
        )


def _message(content):
    return {"choices": [{"message": {"role": "assistant", "content": content}}]}


@pytest.fixture
def serve():
    """`serve(*replies)`: a JudgeServer that runs until the test ends."""
    servers = []

    def start(*replies):
        servers.append(JudgeServer(*replies))
        return servers[-1]

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()
