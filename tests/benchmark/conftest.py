import threading

import pytest

from tests import loopback


class JudgeServer(loopback.Server):
    """A judge on loopback. `replies` are used one by one, the last for ever: a text (the judge's message), a
    function of the request that makes one, (status, body), (status, body, headers), or "hang up" or
    "trickle", which do that.
    """

    def __init__(self, *replies):
        self.replies, self.asked, self.keys = list(replies), [], []
        self.lock = threading.Lock()
        server = self

        class Handler(loopback.Handler):
            def do_POST(self):
                body = self.body()
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
                kind = "text/html" if isinstance(body, str) else "application/json"
                self.reply(body, status, slow=reply == "trickle", **{"Content-Type": kind, **headers})

        super().__init__(Handler)

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
