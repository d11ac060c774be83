"""The server on a real port, and clients that hold connections, send half of what they should, or send what
no server likes.
"""

import contextlib
import json
import resource
import socket
import threading
import time

import httpx
import pytest

from autodidact.serving import connection_limits
from autodidact.serving.run import http_server
from tests.serving.test_app import HELLO, Serving

KEY = "a-key-of-the-test"
HALF = b"POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Ty"


@pytest.fixture
def serving(tmp_path):
    return Serving(tmp_path, {"v1": "yes"}, key=KEY)


@pytest.fixture
def address(serving):
    """(host, port) of a server with a key, as `autodidact serve` runs it, with an engine that says what it is
    told to.
    """
    serving.says("v1")
    listening = socket.socket()
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 8192)  # so that a long answer is soon too long
    listening.bind(("127.0.0.1", 0))
    listening.listen()  # a client waits until the server accepts, and is not refused before
    server = http_server(serving.app, 2)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    host, port = listening.getsockname()
    url = f"http://{host}:{port}/health"
    while httpx.get(url).status_code != 200:
        time.sleep(0.02)
    yield host, port
    server.should_exit = True
    thread.join()


def post(address, body: bytes, **headers) -> httpx.Response:
    host, port = address
    headers = {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json"} | headers
    return httpx.post(f"http://{host}:{port}/v1/chat/completions", content=body, headers=headers, timeout=10)


def opened(address, data: bytes) -> socket.socket:
    client = socket.create_connection(address, timeout=10)
    client.sendall(data)
    return client


def closed(client: socket.socket) -> bool:
    """Whether the server has closed the connection."""
    client.settimeout(0.2)
    try:
        while client.recv(65536):
            pass
        return True
    except TimeoutError:
        return False
    except OSError:
        return True


def test_half_sent_headers_starve_nobody(address):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, max(soft, 4096)), hard))
    with contextlib.ExitStack() as stack:
        held = []
        for number in range(connection_limits.MOST + 3):
            held.append(stack.enter_context(opened(address, HALF)))
            if number % 100 == 99:
                assert (
                    post(address, json.dumps(HELLO).encode()).json()["choices"][0]["message"]["content"]
                    == "yes"
                )
        assert [post(address, json.dumps(HELLO).encode()).status_code for _ in range(5)] == [200] * 5
        assert closed(held[0]) and not closed(held[-1])  # the oldest went
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_headers_and_the_next_request_have_a_time_limit(address, monkeypatch):
    monkeypatch.setattr(connection_limits, "HEADER_SECONDS", 0.3)
    monkeypatch.setattr(connection_limits, "IDLE_SECONDS", 0.3)
    with (
        opened(address, b"GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\n") as drop_by_drop,
        opened(address, b"") as silent,
    ):
        for letter in b"Accept: */*":
            with contextlib.suppress(OSError):
                drop_by_drop.send(bytes([letter]))
            time.sleep(0.1)
        assert closed(drop_by_drop) and closed(silent)
    with opened(address, b"GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\nGET /he") as answered:
        time.sleep(0.8)
        assert answered.recv(65536).startswith(b"HTTP/1.1 200")
        assert closed(answered)


def test_bodies_that_never_end_starve_nobody(address, monkeypatch):
    monkeypatch.setattr("autodidact.serving.app.BODY_SECONDS", 1)
    begun = (
        HALF
        + f"pe: application/json\r\nAuthorization: Bearer {KEY}\r\nTransfer-Encoding:"
        " chunked\r\n\r\n5\r\nhello\r\n".encode()
    )
    with contextlib.ExitStack() as stack:
        held = [stack.enter_context(opened(address, begun)) for _ in range(connection_limits.SHARE + 3)]
        assert post(address, json.dumps(HELLO).encode()).status_code == 200
        time.sleep(1.5)
        held[-1].settimeout(5)
        assert held[-1].recv(65536).startswith(b"HTTP/1.1 408")


def test_an_answer_that_nobody_takes_ends(address, serving, monkeypatch):
    """It would hold its connection, and its version in memory, for as long as the client likes."""
    monkeypatch.setattr(connection_limits, "TAKE_SECONDS", 0.5)
    serving.engines["v1"].text = "word " * 1000
    body = json.dumps(HELLO | {"stream": True}).encode()
    head = (
        f"POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        f"Authorization: Bearer {KEY}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    with contextlib.ExitStack() as stack:
        held = []
        for _ in range(3):
            client = stack.enter_context(socket.socket())
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
            client.connect(address)
            client.sendall(head.encode() + body)
            held.append(client)
        end = time.monotonic() + 5
        while not serving.engines["v1"].asked[2:]:
            assert time.monotonic() < end
            time.sleep(0.02)
        held[0].settimeout(5)
        taken = bytearray()
        while part := held[0].recv(65536):  # one client takes it all
            taken += part
            if taken.endswith(b"0\r\n\r\n"):
                break
        assert b"data: [DONE]" in taken
        time.sleep(1)
        assert serving.versions.versions["v1"].requests == 0
        assert all(closed(client) for client in held[1:])


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (rb'{"messages": [{"role": "user", "content": "\ud800"}]}', "half a character"),
        (rb'{"messages": [{"role": "user", "content": "a"}], "model": "\udfff"}', "half a character"),
        (rb'{"messages": [{"role": "user", "content": "a"}], "stop": ["\ud83d"]}', "half a character"),
        (
            (
                rb'{"messages": [{"role": "user", "content": "a"}], "tools": [{"function": {"name": "a",'
                rb' "parameters": {"\ud800": 1}}}]}'
            ),
            "half a",
        ),
        (
            (
                rb'{"messages": [{"role": "assistant", "tool_calls": [{"function": {"name": "a", "arguments":'
                rb' "{\"b\": \"\\ud800\"}"}}]}]}'
            ),
            "a tool call needs",
        ),
        (
            b'{"messages": [{"role": "user", "content": "a"}], "temperature": 1' + b"0" * 400 + b"}",
            "temperature must be a number from 0 to 2",
        ),
        (
            b'{"messages": [{"role": "user", "content": "a"}], "seed": -1' + b"0" * 400 + b"}",
            "seed must be a number",
        ),
        (
            b'{"messages": [{"role": "user", "content": "a"}], "max_tokens": 1' + b"0" * 5000 + b"}",
            "not JSON",
        ),
        (b'{"messages": [{"role": "user", "content": "a"}], "top_p": NaN}', "not JSON"),
        (b'{"messages": [{"role": "user", "content": "a"}], "temperature": -Infinity}', "not JSON"),
        (
            b'{"messages": [{"role": "user", "content": "a"}], "temperature": 1e999}',
            "temperature must be a number from 0 to 2",
        ),
        (
            b'{"messages": [{"role": "user", "content": "a"}], "n": 1' + b"0" * 400 + b"}",
            "n is not supported",
        ),
        (b'{"messages": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "not JSON"),
        (b"\xff\xfe\x00", "not JSON"),
        (b'{"messages": [{"role": "user", "content": {"a": 1}}]}', "content must be a text"),
        (b'{"messages": {"role": "user"}}', "messages must be a list"),
        (b'{"messages": [{"role": "user", "content": "a"}], "stream": "yes"}', "stream has the wrong type"),
        (b"[]", "must be a JSON object"),
    ],
)
def test_what_no_server_likes_answers_400(address, body, said):
    answer = post(address, body)
    assert (answer.status_code, answer.json()["error"]["type"]) == (
        400,
        "invalid_request_error",
    ) and said in answer.json()["error"]["message"]


def test_completions_answer_400_too(address):
    host, port = address
    for prompt in (b'"\\ud800"', b"[1" + b"0" * 400 + b"]", b"[-1]", b"[NaN]", b"[true]"):
        answer = httpx.post(
            f"http://{host}:{port}/v1/completions",
            content=b'{"prompt": ' + prompt + b"}",
            headers={"Authorization": f"Bearer {KEY}", "Content-Type": "application/json"},
        )
        assert answer.status_code == 400, prompt


def test_headers_that_are_very_long_answer_400_and_strange_ones_401(address):
    with opened(address, b"GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\nX: " + b"a" * 100_000) as client:
        assert client.recv(65536).startswith(b"HTTP/1.1 400")
        assert closed(client)
    with opened(
        address, b"GET /v1/models HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer \xff\xfe\r\n\r\n"
    ) as client:
        assert client.recv(65536).startswith(b"HTTP/1.1 401")


@pytest.mark.parametrize(
    ("line", "status"),
    [("GET /v1/models", b"401"), ("POST /v1/completions", b"401"), ("GET /health", b"200")],
)
def test_without_a_key_a_connection_gets_one_answer(address, line, status):
    with socket.create_connection(address) as client:
        client.settimeout(5)
        with contextlib.suppress(OSError):  # closed while it still sends
            client.sendall(f"{line} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 0\r\n\r\n".encode() * 500)
        said = b""
        with contextlib.suppress(ConnectionResetError):
            while part := client.recv(65_536):
                said += part
    assert said.count(b"HTTP/1.1 ") == 1 and said.startswith(b"HTTP/1.1 " + status)
