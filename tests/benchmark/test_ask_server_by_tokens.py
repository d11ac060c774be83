"""Items asked of the server that clients ask: the same tokens as here, and a figure for its own agreement."""

import pytest

from autodidact.benchmark.ask_server_by_tokens import TokenEngine
from autodidact.benchmark.engines import Prompt, ServerEngine
from autodidact.benchmark.fingerprint import fingerprint
from autodidact.benchmark.server_repeatability import Through, agreement, in_words, sentence
from autodidact.errors import AutodidactError
from autodidact.models.chat_template import render_prompt
from autodidact.models.find_base_model import resolve_base
from autodidact.models.openai_client import OpenAIClient, Refused
from autodidact.records import ItemResult
from autodidact.settings import load_settings
from tests import tiny
from tests.loopback import Handler, Server
from tests.promotion.test_evidence_rule import report, some

TOOL = {"type": "function", "function": {"name": "find", "parameters": {"type": "object"}}}
CALL = '<tool_call>\n{"name": "find", "arguments": {"x": 1}}\n</tool_call>'


class Completions(Server):
    """Answers every completion with the same tokens; a model called `gone` it does not have."""

    def __init__(self, made: list[int]):
        self.asked: list[dict] = []
        self.read: int | None = None  # instead of the tokens that were sent
        server = self

        class Asked(Handler):
            def do_GET(self):
                self.reply({"data": [{"id": "base"}]})

            def do_POST(self):
                body = self.body()
                server.asked.append(body)
                if body.get("tools"):
                    why = '"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set'
                    return self.reply({"error": {"message": why, "type": "BadRequestError"}}, 400)
                if body["model"] == "gone":
                    return self.reply({"error": {"message": "no", "type": "NotFoundError"}}, 404)
                if len(body["prompt"]) > 1000:
                    return self.reply({"error": {"message": "too long", "type": "BadRequestError"}}, 400)
                choice = {"text": "?", "token_ids": [*made, 0], "finish_reason": "stop"}
                usage = {
                    "prompt_tokens": server.read or len(body["prompt"]),
                    "completion_tokens": 1 + len(made),
                }
                self.reply({"choices": [choice], "usage": usage})

        super().__init__(Asked)
        self.client = OpenAIClient(self.url, what="It")


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    folder = tiny.build(tmp_path_factory.mktemp("base"), context=256)
    return resolve_base(load_settings(overrides={"base_model": str(folder)}, environ={}))


@pytest.fixture(scope="module")
def tokenizer(base):
    return base.tokenizer()


@pytest.fixture
def server(tokenizer):
    started = Completions(tokenizer(CALL, add_special_tokens=False)["input_ids"])
    yield started
    started.shutdown()
    started.server_close()


def prompt(text="the queue", tools=()):
    return Prompt("p", [{"role": "user", "content": text}], list(tools), 9)


def test_the_server_gets_the_tokens_of_our_template_and_its_answer_is_parsed_here(server, tokenizer):
    engine = TokenEngine(server.client, "base", tokenizer, batch=16)
    (answer,) = engine.answer([prompt(tools=[TOOL])])
    text = render_prompt(tokenizer, prompt().messages, [TOOL])
    assert server.asked[0]["prompt"] == tokenizer(text, add_special_tokens=False)["input_ids"]
    assert server.asked[0]["max_tokens"] == 9 and server.asked[0]["temperature"] == 0
    assert answer.text == CALL  # by its token ids, without the one that ended it
    assert answer.message["tool_calls"][0]["function"] == {"name": "find", "arguments": {"x": 1}}
    assert engine.side_by_side == 8


def test_a_prompt_that_is_refused_is_missing_and_a_version_that_is_gone_ends_the_work(server, tokenizer):
    bad, good = TokenEngine(server.client, "base", tokenizer, 16).answer(
        [prompt("the queue " * 1100), prompt()]
    )
    assert "too long" in bad.error and good.error is None
    with pytest.raises(Refused, match="404"):
        TokenEngine(server.client, "gone", tokenizer, 16).answer([prompt()])


def test_a_server_that_changes_the_prompt_is_not_measured_through(server, tokenizer):
    server.read = 5
    with pytest.raises(AutodidactError, match="It read 5 tokens where .* were sent"):
        TokenEngine(server.client, "base", tokenizer, 16).answer([prompt()])


def test_missing_options_for_tools_are_told_before_the_first_item(server):
    engine = ServerEngine(server.client, ["base"])
    with pytest.raises(AutodidactError, match="The server takes no tools.*--enable-auto-tool-choice"):
        engine.check([prompt(), prompt(tools=[TOOL])])
    assert len(server.asked) == 1 and server.asked[0]["max_tokens"] == 1
    engine.check([prompt()])


def result(name, answer, score):
    return ItemResult(id=name, category="tool_use", family="f", answer=answer, score=score)


def test_agreement_counts_equal_answers_and_compares_the_scores_of_both():
    first = [result("a", "x", 1.0), result("b", "y", 0.5), result("c", "z", None), result("d", "w", 1.0)]
    second = [result("a", "x", 1.0), result("b", "other", 0.0), result("c", "z", None)]
    found = agreement(first, second)
    assert found == {"n": 3, "equal": 2 / 3, "scores": [0.75, 0.5], "difference": -0.25}
    assert in_words(found) == "asked twice, 2 of 3 answers equal, score -0.250"
    assert in_words(agreement(first, [])) == in_words(None) == ""
    served = {"name": "autodidact-1", "kind": "vllm", "precision": "p", "server": "vllm 0.32.0"}
    plain = report(some(), blocks=[0], sha="a")
    assert sentence(plain) is None
    assert sentence(plain.model_copy(update={"served": served, "aa": found})) == (
        "measured through the server (vllm 0.32.0): asked twice, 2 of 3 answers equal, score -0.250"
    )


def test_reports_of_another_engine_or_precision_are_not_comparable(base):
    settings = load_settings(overrides={"base_model": "sprout"}, environ={})

    def of(precision):
        through = Through("http://x/v1", "autodidact-1", "vllm", precision, "vllm 0.32.0")
        return fingerprint(settings, base, through.shown())

    assert len({fingerprint(settings, base), of("computes-1"), of("computes-2")}) == 3
    assert "url" not in Through("http://x/v1", "n", "vllm", "p").shown()
