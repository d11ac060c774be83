"""The server over HTTP, with an engine that says what it is told to: routes, names, limits, streaming, who
may ask.
"""

import asyncio
import json
from types import SimpleNamespace

import pytest
from starlette.testclient import TestClient

from autodidact.errors import AutodidactError
from autodidact.records import Champion
from autodidact.serving import app as application
from autodidact.serving.decoder import Token
from autodidact.serving.loaded_versions import LoadedVersions
from autodidact.serving.protocol import Wrong
from autodidact.store import Store

HELLO = {"messages": [{"role": "user", "content": "hello"}]}
TOOL = {"type": "function", "function": {"name": "tide_at", "parameters": {"type": "object"}}}


class Letters:
    """A tokenizer whose tokens are characters. `most`: the most that it was ever given at once."""

    most = 0

    def __call__(self, text, add_special_tokens=False):
        self.most = max(self.most, len(text))
        return {"input_ids": [ord(letter) for letter in text]}

    def __len__(self):
        return 0x110000

    def get_vocab(self):
        return {"a": 97, "<|im_start|>": 0}

    def decode(self, ids, skip_special_tokens=False):
        return "".join(map(chr, ids))

    def apply_chat_template(self, conversation, tools, **_):
        if conversation[-1]["content"] == "unknown to the template":
            raise ValueError("no such role")
        return "|".join(message["content"] for message in conversation) + (
            "+" + tools[0]["function"]["name"] if tools else ""
        )


class Saying:
    """An engine that answers each prompt with its version's text."""

    def __init__(self, text: str):
        self.text, self.tokenizer, self.context, self.closed, self.asked = text, Letters(), 100, False, []

    async def stream(self, tokens, sampling):
        self.asked.append("".join(map(chr, tokens)))
        if len(tokens) > self.context:
            raise Wrong("the context has 100 tokens")
        for letter in self.text[: sampling.max_tokens]:
            await asyncio.sleep(0)
            yield Token(ord(letter), -0.5, [(ord(letter), -0.5), (ord("?"), -1.5)][: sampling.top or 0])
        yield "length" if sampling.max_tokens and len(self.text) > sampling.max_tokens else "stop"

    async def score(self, tokens):
        return [None, *(-0.25 for _ in tokens[1:])]

    def close(self):
        self.closed = True


def champion(version: str) -> Champion:
    adapter = {"path": f"shop/cycles/{version}/training/adapter", "sha256": version * 8}
    return Champion(
        version=version,
        base={"id": "sprout", "revision": None, "sha256": "b"},
        adapter=adapter,
        quantization="nf4",
        cycle_id=version,
        promoted_at="2026-11-23T12:00:00Z",
    )


class Serving:
    """A server whose store says that v1 is champion."""

    def __init__(self, tmp_path, texts: dict[str, str], **options):
        self.store, self.engines, self.said = (
            Store(tmp_path),
            {name: Saying(text) for name, text in texts.items()},
            [],
        )
        self.versions = LoadedVersions(self.store, "shop", self._load, self.said.append, every=0.01)
        self.app = application.make_app(self.versions, **options)

    def _load(self, record: Champion) -> Saying:
        if record.version not in self.engines:
            raise AutodidactError("its adapter is gone")
        return self.engines[record.version]

    def says(self, version: str | None = None, *beside: str) -> None:
        self.store.write_json(
            "shop/serving.json", {"format": 1, "versions": [champion(each).model_dump() for each in beside]}
        )
        if version:
            self.store.write_json("shop/champion.json", champion(version))


def until(client: TestClient, condition) -> None:
    for _ in range(3000):
        if condition(client.get("/health").json()):
            return
        client.portal.call(asyncio.sleep, 0.01)
    raise AssertionError("it never came to that")


@pytest.fixture
def serving(tmp_path):
    serving = Serving(
        tmp_path,
        {
            "v1": "Hello, I am one.",
            "v2": 'Look: <tool_call>\n{"name": "tide_at", "arguments": {"a": 1}}\n</tool_call>',
        },
    )
    serving.says("v1")
    return serving


@pytest.fixture
def client(serving):
    with TestClient(serving.app, base_url="http://127.0.0.1") as client:
        until(client, lambda health: health["version"] == "v1")
        yield client


def chat(client, **body):
    return client.post("/v1/chat/completions", json=HELLO | body)


def test_an_answer_names_the_version_whatever_the_champion_was_asked_as(client):
    for name in (None, "autodidact", "v1"):
        answer = chat(client, **({"model": name} if name else {})).json()
        assert (answer["object"], answer["model"]) == ("chat.completion", "v1")
        assert answer["choices"] == [
            {
                "index": 0,
                "message": {"role": "assistant", "content": "Hello, I am one."},
                "finish_reason": "stop",
                "logprobs": None,
            }
        ]
        assert answer["usage"] == {"prompt_tokens": 5, "completion_tokens": 16, "total_tokens": 21}
    refused = chat(client, model="gpt-4")
    assert (
        refused.status_code == 404
        and refused.json()["error"]["message"] == "The model `gpt-4` does not exist."
    )


def test_the_list_tells_the_sha256_of_what_was_loaded(client):
    cards = client.get("/v1/models").json()["data"]
    assert [(card["id"], card["root"], card["parent"], card["sha256"]) for card in cards] == [
        ("autodidact", "v1", "sprout", "v1" * 8),
        ("v1", "v1", "sprout", "v1" * 8),
    ]


def test_a_stop_text_ends_the_answer_and_is_not_part_of_it(client):
    choice = chat(client, stop=["I am", "!"]).json()["choices"][0]
    assert (choice["message"]["content"], choice["finish_reason"]) == ("Hello,", "stop")
    assert chat(client, max_tokens=5).json()["choices"][0]["finish_reason"] == "length"


def test_log_probabilities_are_told_with_each_token(client):
    told = chat(client, logprobs=True, top_logprobs=2, max_tokens=1).json()["choices"][0]["logprobs"][
        "content"
    ]
    assert told == [
        {
            "token": "H",
            "logprob": -0.5,
            "bytes": [72],
            "top_logprobs": [
                {"token": "H", "logprob": -0.5, "bytes": [72]},
                {"token": "?", "logprob": -1.5, "bytes": [63]},
            ],
        }
    ]


def test_a_completion_can_echo_its_prompt_with_log_probabilities(client):
    answer = client.post(
        "/v1/completions", json={"prompt": [97, 98], "echo": True, "logprobs": 1, "max_tokens": 1}
    ).json()
    assert (answer["model"], answer["choices"][0]["text"]) == ("v1", "abH")
    assert answer["choices"][0]["logprobs"] == {
        "tokens": ["a", "b", "H"],
        "token_logprobs": [None, -0.25, -0.5],
    }
    nothing = client.post("/v1/completions", json={"prompt": "ab", "max_tokens": 0}).json()["choices"][0]
    assert (nothing["text"], nothing["finish_reason"]) == ("", "length")


def streamed(client, **body) -> list[dict | str]:
    with client.stream("POST", "/v1/chat/completions", json=HELLO | {"stream": True} | body) as response:
        assert response.status_code == 200, response.read()
        assert response.headers["content-type"].startswith("text/event-stream")
        lines = [line.removeprefix("data: ") for line in response.iter_lines() if line]
    return [line if line == "[DONE]" else json.loads(line) for line in lines]


def test_a_streamed_answer_adds_up_to_the_whole_one(client):
    events = streamed(client, stream_options={"include_usage": True})
    assert events[-1] == "[DONE]" and events[-2]["usage"]["completion_tokens"] == 16
    deltas = [event["choices"][0]["delta"] for event in events[:-2]]
    assert "".join(delta.get("content", "") for delta in deltas) == "Hello, I am one."
    assert deltas[0]["role"] == "assistant" and len(deltas) > 5
    assert events[-3]["choices"][0]["finish_reason"] == "stop" and {
        event["model"] for event in events[:-1]
    } == {"v1"}
    refused = client.post(
        "/v1/chat/completions", json={"stream": True, "messages": [{"role": "user", "content": "x" * 200}]}
    )
    assert refused.status_code == 400 and "the context has 100 tokens" in refused.text


def test_a_tool_call_is_answered_as_one_whole_and_streamed(serving, client):
    serving.says("v2")
    until(client, lambda health: health["version"] == "v2")
    choice = chat(client, tools=[TOOL]).json()["choices"][0]
    assert (choice["finish_reason"], choice["message"]["content"]) == ("tool_calls", "Look:")
    assert choice["message"]["tool_calls"][0]["function"] == {"name": "tide_at", "arguments": '{"a": 1}'}
    assert serving.engines["v2"].asked[-1] == "hello+tide_at"
    events = streamed(client, tools=[TOOL])
    deltas = [event["choices"][0]["delta"] for event in events[:-1]]
    assert "".join(delta.get("content") or "" for delta in deltas) == "Look:"
    (call,) = [delta["tool_calls"][0] for delta in deltas if "tool_calls" in delta]
    assert (call["index"], call["function"]["name"]) == (0, "tide_at")
    assert (
        chat(client, tools=[TOOL], tool_choice="none").status_code == 200
        and serving.engines["v2"].asked[-1] == "hello"
    )


def test_the_pointer_is_followed_and_what_is_held_beside_it_answers_by_its_own_name(serving, client):
    serving.says(None, "v2")
    until(client, lambda _: "v2" in serving.versions.versions)
    assert chat(client).json()["model"] == "v1" and chat(client, model="v2").json()["model"] == "v2"
    serving.says("v2", "v1")
    until(client, lambda health: health["version"] == "v2")
    assert chat(client).json()["model"] == "v2" and chat(client, model="v1").json()["model"] == "v1"
    serving.says("v2")
    until(client, lambda _: "v1" not in serving.versions.versions)
    until(client, lambda _: serving.engines["v1"].closed)


def test_a_version_goes_only_when_its_last_request_has_ended(serving, client):
    with serving.versions.use("v1"):
        serving.says("v2")
        until(client, lambda health: health["version"] == "v2")
        until(client, lambda _: "v1" not in serving.versions.versions)
        assert not serving.engines["v1"].closed
    until(client, lambda _: serving.engines["v1"].closed)


def test_a_champion_that_cannot_be_loaded_and_a_damaged_pointer_leave_the_old_one_answering(serving, client):
    serving.says("v9")
    until(client, lambda health: health["trouble"] == "v9 cannot be loaded: its adapter is gone")
    assert chat(client).json()["model"] == "v1"
    serving.store.write_text("shop/champion.json", "{")
    until(client, lambda health: "is not JSON" in (health["trouble"] or ""))
    assert chat(client).json()["model"] == "v1"
    serving.says("v2")
    until(client, lambda health: health == {"status": "ok", "version": "v2", "trouble": None})


@pytest.mark.parametrize(
    "url", ["memory://mate:hunter22@shop/{}", "http://mate:hunter22@127.0.0.1:1/{}?sig=hunter22"]
)
def test_the_keyless_health_holds_no_password_of_the_store(tmp_path, url):
    with TestClient(
        Serving(url.format(tmp_path.name), {}, key="k").app, base_url="http://127.0.0.1"
    ) as client:
        until(client, lambda health: "://***@" in (health["trouble"] or ""))
        assert "hunter22" not in client.get("/health").text


def test_without_a_champion_it_says_so_and_asks_to_come_again(tmp_path):
    with TestClient(Serving(tmp_path, {}).app, base_url="http://127.0.0.1") as client:
        until(
            client,
            lambda health: (
                health["status"] == "starting" and "has no champion in" in (health["trouble"] or "")
            ),
        )
        refused = chat(client)
        assert (refused.status_code, refused.headers["retry-after"]) == (503, "1")


def test_a_request_that_is_none_is_refused_in_openais_shape(client, monkeypatch):
    monkeypatch.setattr(application, "MOST_BYTES", 1000)
    for content, kind, status in (
        ("{", "application/json", 400),
        ("[" * 900, "application/json", 400),
        ("x" * 2000, "application/json", 413),
        ("{}", "text/plain", 415),
    ):
        refused = client.post("/v1/chat/completions", content=content, headers={"Content-Type": kind})
        assert (refused.status_code, set(refused.json()["error"])) == (
            status,
            {"message", "type", "param", "code"},
        ), content[:9]
    refused = client.post(
        "/v1/chat/completions", json={"messages": [{"role": "user", "content": "unknown to the template"}]}
    )
    assert "the chat template refuses these messages: no such role" in refused.text


def test_a_page_of_another_site_cannot_ask_by_a_name_of_its_own(client):
    for host, status in (
        ("evil.example", 403),
        ("127.0.0.1.evil.example:80", 403),
        ("localhost:8000", 200),
        ("[::1]:8000", 200),
    ):
        assert client.get("/v1/models", headers={"Host": host}).status_code == status


def test_with_a_key_only_who_has_it_may_ask(tmp_path):
    serving = Serving(tmp_path, {"v1": "x"}, key="s3cret", local=False)
    serving.says("v1")
    with TestClient(serving.app) as client:
        until(client, lambda health: health["version"] == "v1")  # health is open: orchestrators ask for it
        assert chat(client).status_code == 401
        assert client.get("/v1/models", headers={"Authorization": "Bearer wrong"}).status_code == 401
        assert client.get("/v1/models", headers={"Authorization": "Bearer s3cret"}).status_code == 200


def test_an_address_beyond_loopback_needs_a_key(tmp_path, monkeypatch):
    from autodidact.errors import UsageError
    from autodidact.serving.run import serve

    monkeypatch.delenv("AUTODIDACT_DEPLOY__KEY", raising=False)
    with pytest.raises(
        UsageError,
        match="0.0.0.0 is not loopback, and whoever reaches it may ask. Set AUTODIDACT_DEPLOY__KEY",
    ):
        serve(SimpleNamespace(), "shop", host="0.0.0.0", port=0, rows=1, seconds=1, on_ready=print)


@pytest.mark.parametrize(
    ("key", "said"),
    [(" \n", "0.0.0.0 is not loopback"), ("schlüssel", "AUTODIDACT_DEPLOY__KEY has characters")],
)
def test_a_key_is_read_as_its_clients_read_theirs(monkeypatch, key, said):
    from autodidact.errors import UsageError
    from autodidact.serving.run import serve

    monkeypatch.setenv("AUTODIDACT_DEPLOY__KEY", key)
    with pytest.raises(UsageError, match=said):
        serve(SimpleNamespace(), "shop", host="0.0.0.0", port=0, rows=1, seconds=1, on_ready=print)
