"""The client of OpenAI-compatible servers, against servers that go away, come back, refuse and stall."""

import json
import threading
import time

import pytest

from autodidact.cli import doctor
from autodidact.errors import AutodidactError, Interrupted, Unavailable, UsageError, as_data, from_data
from autodidact.models.openai_client import Failed, OpenAIClient, Refused
from autodidact.runtime import Runtime
from autodidact.settings import load_settings
from tests import loopback

ANSWER = {"model": "m-1", "choices": [{"message": {"role": "assistant", "content": "yes"}}]}


class Server(loopback.Server):
    """Answers with `replies` one by one, the last for ever: (status, body, headers), or "stall", byte by
    byte.
    """

    def __init__(self, *replies, port=0):
        self.replies, self.paths, self.keys = list(replies), [], []
        server = self

        class Handler(loopback.Handler):
            def do_GET(self):
                self.rfile.read(int(self.headers.get("Content-Length", 0)))
                server.paths.append(self.path)
                server.keys.append(self.headers.get("Authorization"))
                reply = server.replies.pop(0) if len(server.replies) > 1 else server.replies[0]
                status, body, headers = (200, "x" * 50, {}) if reply == "stall" else reply
                self.reply(body, status, slow=reply == "stall", **headers)

            do_POST = do_GET

        super().__init__(Handler, port)


def client(url, **more):
    return OpenAIClient(url, what="The judge", **{"attempts": 3, "pause": 0.01} | more)


def ask(made: OpenAIClient) -> str:
    return made.complete("m-1", [{"role": "user", "content": "Well?"}], max_tokens=5)["content"]


def test_a_server_that_goes_away_for_less_than_the_clients_patience_is_not_missed():
    with Server((200, ANSWER, {})) as first:
        made = client(first.url, attempts=6, pause=0.1)  # 3.1 s in all
        assert ask(made) == "yes"
    replies = []
    waiting = threading.Thread(target=lambda: replies.append(ask(made)))
    waiting.start()
    time.sleep(0.3)
    assert replies == []
    with Server((200, ANSWER, {}), port=first.server_port) as second:
        waiting.join(10)
        assert (replies, second.paths) == (["yes"], ["/v1/chat/completions"])


def test_a_server_that_stays_away_is_unavailable_and_comes_back():
    with Server((200, ANSWER, {})) as first:
        made = client(first.url)
    with pytest.raises(
        Unavailable,
        match="^The judge does not answer after 3 attempts: .*refused. Start it, then run the same command",
    ):
        ask(made)
    with Server((200, ANSWER, {}), port=first.server_port):
        assert ask(made) == "yes"


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504, 529])
def test_a_status_that_passes_is_tried_again_and_is_unavailable_when_it_stays(status):
    passing = (status, {"error": {"message": "later", "type": "busy"}}, {})
    with Server(passing, passing, (200, ANSWER, {})) as server:
        assert ask(client(server.url)) == "yes"
    with Server(passing) as server:
        with pytest.raises(
            Failed, match=f"does not answer after 3 attempts: status {status} later"
        ) as caught:
            ask(client(server.url))
        assert isinstance(caught.value, Unavailable) and (caught.value.status, caught.value.kind) == (
            status,
            "busy",
        )
        assert len(server.paths) == 3


@pytest.mark.parametrize("status", [301, 400, 401, 403, 404, 409, 413, 422])
def test_a_refusal_is_not_tried_again(status):
    with Server((status, {"detail": "no"}, {})) as server:
        with pytest.raises(Refused, match=f"The judge refused: status {status} no") as caught:
            ask(client(server.url))
        assert (caught.value.status, caught.value.words, len(server.paths)) == (status, "no", 1)
        assert not isinstance(caught.value, Unavailable)


def test_one_attempt_is_one_request():
    with Server((503, "", {})) as server:
        with pytest.raises(
            Unavailable, match="The judge does not answer: status 503. Start it, or see its log."
        ):
            client(server.url, attempts=1).cards()
        assert server.paths == ["/v1/models"]


def test_the_server_says_how_long_to_wait():
    with Server((429, "", {"Retry-After": "1"}), (200, ANSWER, {})) as server:
        clock = time.monotonic()
        assert ask(client(server.url)) == "yes" and 0.9 < time.monotonic() - clock < 5


def test_an_answer_that_never_ends_is_cut_off_by_time_and_by_size():
    with Server("stall") as server:
        clock = time.monotonic()
        with pytest.raises(Unavailable, match="no whole answer in 0.2 s"):
            ask(client(server.url, timeout=0.2, attempts=2))
        assert time.monotonic() - clock < 3
    with (
        Server((200, b"1" * (9 * 2**20), {})) as server,
        pytest.raises(AutodidactError, match="is longer than 8 MB"),
    ):
        ask(client(server.url))


def test_the_key_comes_from_the_environment_and_is_in_no_message(monkeypatch):
    monkeypatch.setenv("AUTODIDACT_JUDGE__KEY", " sk-hunter2\n")
    with Server((200, ANSWER, {}), (401, "no key sk-hunter2", {})) as server:
        made = client(server.url, key_variable="AUTODIDACT_JUDGE__KEY")
        assert ask(made) == "yes" and server.keys == ["Bearer sk-hunter2"]
        with pytest.raises(
            Refused,
            match=r"status 401 no key \*\*\*. Set its key in the environment \(AUTODIDACT_JUDGE__KEY\)",
        ):
            ask(made)
    monkeypatch.setenv("AUTODIDACT_JUDGE__KEY", "hunter2\u00e9")
    with pytest.raises(
        UsageError, match="^AUTODIDACT_JUDGE__KEY has characters that no key has. Set it anew.$"
    ):
        client(server.url, key_variable="AUTODIDACT_JUDGE__KEY")


@pytest.mark.parametrize(
    "url",
    ["localhost:1", "ftp://x/v1", "no address", "http://", "http://me:hun/ter2@x:y/v1", "", "http://[::1"],
)
def test_an_address_that_is_none_is_one_line_without_it(url):
    with pytest.raises(
        AutodidactError, match="^The address of The judge is wrong. Write it as http://host:port/v1.$"
    ):
        client(url)


def test_an_address_with_a_query_keeps_it_and_two_slashes_begin_at_the_host():
    with Server((200, {"data": [{"id": "m-1", "root": "m"}]}, {})) as server:
        made = client(f"{server.url}/?version=2")
        assert made.cards() == {"m-1": {"id": "m-1", "root": "m"}}
        made.ask("GET", "//metrics")
        assert server.paths == ["/v1/models?version=2", "/metrics?version=2"]


@pytest.mark.parametrize(
    "body",
    [
        "",
        "<html>",
        "[]",
        "[" * 100_000,
        {},
        {"choices": []},
        {"choices": [{"message": "hi"}]},
        {"choices": {"a": 1}},
    ],
)
def test_a_server_of_another_kind_is_one_line(body):
    with (
        Server((200, body, {})) as server,
        pytest.raises(AutodidactError, match="The judge is no OpenAI-compatible server: ") as caught,
    ):
        ask(client(server.url))
    assert not isinstance(caught.value, (Unavailable, Refused))


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (Failed("m", "r", 503, "", ""), Unavailable),
        (Refused("m", "r", 404, "", ""), AutodidactError),
        (Interrupted("m", "r"), Interrupted),
    ],
)
def test_an_error_keeps_its_kind_on_its_way_out_of_a_child_process(error, kind):
    sent = from_data(json.loads(json.dumps(as_data(error))))
    assert (type(sent), sent.message, sent.remedy) == (kind, "m", "r")


def test_doctor_asks_each_server_that_the_settings_name(tmp_path):
    with Server((404, "no", {})) as silent, Server((200, {"data": [{"id": "m-1"}]}, {})) as listing:
        away = "http://127.0.0.1:9/v1"
        services = {
            "judge.url": away,
            "teacher.url": listing.url,
            "teacher.model": "m-2",
            "benchmark.engine_url": silent.url,
        }
        chosen = {"store": str(tmp_path / "store"), "base_model": str(tmp_path)}
        settings = load_settings(overrides=chosen | services, cwd=tmp_path, environ={})
        rows = {row["name"]: (row["ok"], row["message"]) for row in doctor.check(lambda: Runtime(settings))}
    assert rows["benchmark"] == (True, f"{silent.url} answers, and does not list its models")
    assert rows["teacher"] == (False, f"{listing.url} does not serve m-2; it has m-1. Set teacher.model.")
    assert rows["judge"][0] is False and f"The server at {away} does not answer: " in rows["judge"][1]
