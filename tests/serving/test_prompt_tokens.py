"""Texts that cannot fit into the context: they are refused before they are made into tokens."""

import pytest
from starlette.testclient import TestClient

from autodidact.serving import prompt_tokens
from autodidact.serving.protocol import Wrong
from tests.serving.test_app import Letters, Serving, until


@pytest.fixture
def serving(tmp_path):
    """An engine with a context of 100 tokens; the longest token has 12 characters."""
    serving = Serving(tmp_path, {"v1": "yes"}, local=False)
    serving.says("v1")
    return serving


@pytest.mark.parametrize("letters", [1201, 2_000_000])
def test_a_text_of_too_many_characters_is_refused_untouched(serving, letters):
    says = f"the context has 100 tokens, which are never more than 1200 characters; the text has {letters}"
    first, second = "x" * 700, "x" * (letters - 701)
    # The template puts one character between two messages.
    messages = [{"role": "user", "content": first}, {"role": "user", "content": second}]
    with TestClient(serving.app) as client:
        until(client, lambda health: health["status"] == "ok")
        chat = client.post("/v1/chat/completions", json={"messages": messages})
        completion = client.post("/v1/completions", json={"prompt": "x" * letters})
    assert (chat.status_code, chat.json()["error"]["message"]) == (400, says)
    assert (completion.status_code, completion.json()["error"]["message"]) == (400, says)
    assert serving.engines["v1"].tokenizer.most == 0


def test_of_a_long_text_only_the_beginning_is_made_into_tokens(monkeypatch):
    monkeypatch.setattr(prompt_tokens, "PIECE", 50)
    tokenizer = Letters()
    with pytest.raises(Wrong) as refused:
        prompt_tokens.encode(tokenizer, "x" * 1200, 100, 12, "prompt")
    says = "the context has 100 tokens; the first 250 of the text's 1200 characters have 250"
    assert (refused.value.status, refused.value.message) == (400, says)
    assert tokenizer.most == 50


@pytest.mark.parametrize("letters", [30, 100, 200])
def test_a_text_that_may_fit_is_made_into_tokens_as_a_whole(monkeypatch, letters):
    monkeypatch.setattr(prompt_tokens, "PIECE", 50)
    tokenizer = Letters()
    assert prompt_tokens.encode(tokenizer, "x" * letters, 100, 12, "prompt") == [120] * letters
    assert tokenizer.most == letters
