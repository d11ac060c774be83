import os
import signal
import subprocess
import sys
import time
from collections import Counter
from threading import Lock

import pytest

from autodidact.benchmark import measure_model, measuring_process
from autodidact.benchmark.engines import LocalEngine, Prompt, ServerEngine
from autodidact.benchmark.items import block
from autodidact.errors import AutodidactError, UsageError
from autodidact.knowledge.fact import Question
from autodidact.models.find_base_model import resolve_base
from autodidact.models.loading import load_model
from autodidact.models.openai_client import OpenAIClient
from autodidact.records import CATEGORIES, ItemResult, Score, call
from autodidact.settings import load_settings
from autodidact.store import Store
from tests import loopback, tiny

SMALL = {"training.quantization": "none", "training.threads": 1}


class Voice(list):
    """What a worker says, kept."""

    def __call__(self, line):
        self.append(line)

    def event(self, event):
        """Not of interest here."""


@pytest.fixture(scope="module")
def base_folder(tmp_path_factory):
    return tiny.build(tmp_path_factory.mktemp("base"))


@pytest.fixture(scope="module")
def engine(base_folder):
    return LocalEngine(*load_model(resolve_base(settings(base_folder)), None, "none", "cpu"))


def settings(base_folder, **more):
    return load_settings(overrides={"base_model": str(base_folder)} | SMALL | more, environ={})


def sheet(folder, score, n=6):
    prompts = [
        Prompt(f"reasoning/f{k}/0", [{"role": "user", "content": f"the queue {k}"}], [], 5) for k in range(n)
    ]
    facts = {
        prompt.id: {"category": "reasoning", "family": prompt.id.split("/")[1], "prompt": prompt.messages}
        for prompt in prompts
    }
    return measuring_process.Sheet(
        "block 0",
        folder,
        folder / "answers",
        prompts,
        score,
        facts,
        {prompt.id: "right" for prompt in prompts},
    )


def test_inspect_runs_a_sheet_and_its_log_can_be_argued_with(engine, tmp_path):
    from inspect_ai.log import read_eval_log

    half = sheet(
        tmp_path, lambda key, message: Score(value=float(key[-3] in "024"), explanation=f"scored {key}")
    )
    results = measuring_process.evaluate(half, engine, 4, "m", False, voice := Voice())
    assert [(item.id, item.score) for item in results] == [
        (f"reasoning/f{k}/0", float(k % 2 == 0)) for k in range(6)
    ]
    assert (
        results[1].explanation == "scored reasoning/f1/0"
        and results[1].answer
        and results[1].prompt == half.prompts[1].messages
    )
    assert voice == ["  block 0: batch 1 of 2", "  block 0: batch 2 of 2"]
    (log,) = tmp_path.glob("*.eval")
    read = read_eval_log(str(log))
    assert (read.status, len(read.samples), read.results.scores[0].metrics["mean"].value) == (
        "success",
        6,
        0.5,
    )


def test_a_score_that_is_missing_is_not_a_zero(engine, tmp_path):
    def score(key, message):
        return Score(value=None, missing="cannot be read") if key[-3] == "3" else Score(value=1.0)

    results = measuring_process.evaluate(sheet(tmp_path, score), engine, 4, "m", True, Voice())
    assert [(item.score, item.missing) for item in results] == [(1.0, None)] * 3 + [
        (None, "cannot be read")
    ] + [(1.0, None)] * 2


def test_a_prompt_the_model_cannot_take_is_missing_with_the_reason(engine, tmp_path):
    long = sheet(tmp_path, lambda key, message: Score(value=1.0))
    long.prompts[2] = Prompt(long.prompts[2].id, [{"role": "user", "content": "queue " * 3000}], [], 5)
    results = measuring_process.evaluate(long, engine, 4, "m", False, Voice())
    assert [item.score for item in results] == [1.0, 1.0, None, 1.0, 1.0, 1.0]
    assert results[2].missing.endswith("the model's context has 2048")


def test_a_judge_that_is_down_stops_the_run_and_the_answers_are_kept(engine, tmp_path):
    def down(key, message):
        raise AutodidactError("The judge does not answer", "Start it.")

    with pytest.raises(AutodidactError, match="The judge does not answer. Start it."):
        measuring_process.evaluate(sheet(tmp_path, down), engine, 6, "m", True, Voice())
    results = measuring_process.evaluate(
        sheet(tmp_path, lambda key, message: Score(value=1.0)), engine, 6, "m", True, voice := Voice()
    )
    assert (len(results), voice) == (6, [])
    assert len(list(tmp_path.glob("*.eval"))) == 1


def test_a_tool_call_reaches_the_scorer_as_a_message():
    parsed = ServerEngine._read(
        {
            "content": None,
            "tool_calls": [{"id": "c1", "function": {"name": "find", "arguments": '{"order": 7}'}}],
        }
    )
    assert parsed.message == call(("find", {"order": 7}))


def test_scores_by_category_and_overall():
    def item(category, score):
        return ItemResult(
            id=f"{category}/{score}/0",
            category=category,
            family="f",
            score=score,
            missing=None if score is not None else "x",
        )

    scores = measure_model.by_category(
        [item("tool_use", 1.0), item("tool_use", 0.0), item("tool_use", None), item("reasoning", 0.25)]
    )
    assert {name: (c.score, c.n, c.missing) for name, c in scores.items()} == {
        "tool_use": (0.5, 2, 1),
        "reasoning": (0.25, 1, 0),
    }
    assert measure_model.overall(scores) == 0.375
    assert (
        measure_model.overall(measure_model.by_category([item("tool_use", None), item("reasoning", 1.0)]))
        is None
    )


def test_the_fingerprint_knows_what_decides_a_score(base_folder):
    base = resolve_base(settings(base_folder))
    marks = [
        measure_model.fingerprint(settings(base_folder, **changed), base)
        for changed in (
            {},
            {"benchmark.level": 2},
            {"benchmark.batch": 8},
            {"judge.url": "http://x/v1", "judge.model": "big"},
        )
    ]
    assert len(set(marks)) == 4
    assert (
        measure_model.fingerprint(
            settings(base_folder, **{"verdict.overall_floor": 0.5, "training.rank": 4}), base
        )
        == marks[0]
    )


def test_an_unknown_suite_is_refused(base_folder, tmp_path):
    wrong = settings(base_folder, **{"benchmark.suite": "mmlu"})
    with pytest.raises(UsageError, match="benchmark.suite is 'mmlu'. The suite here is 'autodidact'."):
        measure_model.measure(Store(tmp_path), "shop", wrong, resolve_base(wrong))


class InferenceServer(loopback.Server):
    """An OpenAI-compatible server on loopback that repeats the last message, calls its first tool, or refuses
    what is too long.
    """

    def __init__(self, names):
        self.asked, self.together, self.most, self.lock = [], 0, 0, Lock()
        server = self

        class Handler(loopback.Handler):
            def do_GET(self):
                self.reply({"data": [{"id": name} for name in names]})

            def do_POST(self):
                with server.lock:
                    server.together += 1
                    server.most = max(server.most, server.together)
                body = self.body()
                time.sleep(0.02)
                with server.lock:
                    server.together -= 1
                    server.asked.append(body)
                text = body["messages"][-1]["content"]
                if len(text) > 1000:
                    return self.reply({"error": "too long"}, 400)
                calls = [
                    {
                        "id": "c",
                        "type": "function",
                        "function": {"name": t["function"]["name"], "arguments": "{}"},
                    }
                    for t in body.get("tools", [])
                ]
                message = {"role": "assistant", "content": text, "tool_calls": calls[:1]}
                return self.reply({"choices": [{"message": message}]})

        super().__init__(Handler)


@pytest.fixture
def server():
    started = InferenceServer(["base", "autodidact-0123"])
    yield started
    started.shutdown()
    started.server_close()


def test_a_served_model_answers_with_bounded_concurrency(server):
    engine = ServerEngine(OpenAIClient(server.url, what="The inference server"), ["0123"], concurrency=3)
    answers = engine.answer(
        [Prompt(f"p{k}", [{"role": "user", "content": f"say {k}"}], [], 9) for k in range(12)]
    )
    assert [answer.text for answer in answers] == [f"say {k}" for k in range(12)]
    assert 1 < server.most <= 3
    assert {"model": "autodidact-0123", "temperature": 0, "max_tokens": 9}.items() <= server.asked[0].items()
    assert server.asked[0]["chat_template_kwargs"] == {"enable_thinking": False}


def test_a_served_model_gets_the_tools_as_they_are_and_history_in_http_form(server):
    tools = [
        {
            "type": "function",
            "function": {
                "name": "find",
                "description": "Find.",
                "parameters": {"type": "object", "properties": {}},
            },
        }
    ]
    messages = [
        {"role": "user", "content": "a"},
        call(("find", {"x": 1})),
        {"role": "tool", "content": "7"},
        {"role": "user", "content": "b"},
    ]
    engine = ServerEngine(OpenAIClient(server.url, what="The inference server"), ["base"])
    (answer,) = engine.answer([Prompt("p", messages, tools, 9)])
    assert answer.message == call(("find", {}), content="b")
    sent = server.asked[0]
    assert sent["tools"] == tools
    assert sent["messages"][1]["tool_calls"][0]["function"] == {"name": "find", "arguments": '{"x": 1}'}
    assert sent["messages"][2]["tool_call_id"] == sent["messages"][1]["tool_calls"][0]["id"]


def test_what_the_server_refuses_is_missing(server):
    engine = ServerEngine(OpenAIClient(server.url, what="The inference server"), ["base"])
    good, bad = engine.answer([Prompt("p", [{"role": "user", "content": "x" * n}], [], 9) for n in (5, 2000)])
    assert (good.text, bad.message) == ("xxxxx", None)
    assert "status 400" in bad.error


def test_a_server_without_the_model_is_not_measured(server):
    with pytest.raises(
        AutodidactError,
        match="does not serve 123 or someone/base; it has base, autodidact-0123. Load it there",
    ):
        ServerEngine(OpenAIClient(server.url, what="The inference server"), ["123", "someone/base"])


QUESTIONS = [
    Question(
        id=f"q{n:02}",
        generator="ast_parser",
        kind="defined_in",
        subject=f"f{n}",
        reserved=f"Name the file that contains `f{n}`.",
        answer=f"`f{n}` is in `shop/m{n % 5}.py`.",
        accept=[f"shop/m{n % 5}.py"],
        source={"kind": "git", "ref": "x"},
    )
    for n in range(20)
]


@pytest.mark.slow
def test_a_measured_model_is_a_report_and_the_second_time_costs_nothing(base_folder, tmp_path):
    chosen, said = settings(base_folder), []
    base, store = resolve_base(chosen), Store(tmp_path)
    report = measure_model.measure(
        store, "shop", chosen, base, questions=QUESTIONS, blocks=[0], week="2026-W48", say=said.append
    )
    assert [item.id for item in report.items] == [item.id for item in block(0, level=1)]
    left = Counter(item.category for item in report.items if not item.counted)  # the embedded judge's seven
    assert list(report.categories) == list(CATEGORIES) and sum(left.values()) == 7
    assert all(c.n + c.missing + left[name] == 15 for name, c in report.categories.items())
    assert (report.judge, report.blocks, report.week, report.model["adapter"]) == (
        "embedded",
        [0],
        "2026-W48",
        None,
    )
    assert (report.probe.n, report.probe.majority, len(report.probe_items)) == (20, 0.2, 20)
    assert len(said) == 9 + 2
    folder = f"shop/benchmarks/{report.model['sha256']}/{report.fingerprint}/block-0"
    assert any(key.endswith(".eval") for key in store.list(folder)) and store.exists(f"{folder}/result.json")
    again = measure_model.measure(
        store, "shop", chosen, base, questions=QUESTIONS[::-1], blocks=[0], week="2026-W48", say=said.append
    )
    assert again == report and len(said) == 9 + 2


@pytest.mark.slow
def test_a_remote_store_gets_each_batch_as_it_is_done(base_folder):
    chosen, store = settings(base_folder), Store("memory://measured")
    base = resolve_base(chosen)
    seen = []
    report = measure_model.measure(
        store,
        "shop",
        chosen,
        base,
        blocks=(),
        questions=QUESTIONS,
        say=lambda line: seen.append(len([key for key in store.list("shop") if "/answers/" in key])),
    )
    assert seen == [0, 1]
    assert (report.overall, report.categories, report.probe.n) == (None, {}, 20)
    kept = [key.rpartition("/")[2] for key in store.list("shop/benchmarks")]
    assert len([name for name in kept if len(name) == 32 + 5]) == 2 and "result.json" in kept
    assert (
        measure_model.measure(store, "shop", chosen, base, blocks=(), questions=QUESTIONS, say=seen.append)
        == report
    )


MEASURE = """
import sys
from autodidact.benchmark.measure_model import measure
from autodidact.models.find_base_model import resolve_base
from autodidact.settings import load_settings
from autodidact.store import Store
chosen = load_settings(overrides={"base_model": sys.argv[1], "training.quantization": "none", "training.threads": 1}, environ={})
report = measure(Store(sys.argv[2]), "shop", chosen, resolve_base(chosen), say=lambda line: print(line, flush=True))
"""


@pytest.mark.slow
@pytest.mark.parametrize("victim", ["parent", "worker"])
def test_killed_in_mid_work_it_goes_on_with_the_same_scores(base_folder, tmp_path, victim):
    command = [sys.executable, "-c", MEASURE, str(base_folder), str(tmp_path / "torn")]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    running = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    )
    for line in running.stdout:
        if "batch 4 of 9" in line:
            break
    workers = children(running.pid)
    os.kill(running.pid if victim == "parent" else workers[0], signal.SIGKILL)
    assert len(workers) == 1
    running.wait(timeout=60)
    if victim == "worker":
        assert (
            "Killed: The process of autodidact.benchmark.measuring_process was killed by SIGKILL. Run the same"
            in running.stderr.read()
        )
    deadline = time.monotonic() + 30
    while alive(workers[0]) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not alive(workers[0])
    kept = {
        path.name: path.stat().st_mtime_ns
        for path in (tmp_path / "torn").rglob("answers/**/*.json")
        if not path.name.startswith(".")
    }
    assert 4 <= len(kept) < 9

    chosen, said = settings(base_folder), []
    torn = measure_model.measure(
        Store(tmp_path / "torn"), "shop", chosen, resolve_base(chosen), say=said.append
    )
    assert len(said) == 9 - len(kept)
    assert all(
        next((tmp_path / "torn").rglob(name)).stat().st_mtime_ns == when for name, when in kept.items()
    )
    assert len({item.id for item in torn.items}) == len(torn.items) == 135
    assert len(list((tmp_path / "torn").rglob("*.eval"))) == 1
    if victim == "parent":
        whole = measure_model.measure(Store(tmp_path / "whole"), "shop", chosen, resolve_base(chosen))
        assert torn == whole


def children(pid):
    return [int(name) for name in os.listdir("/proc") if name.isdigit() and parent_of(name) == pid]


def parent_of(pid):
    try:
        with open(f"/proc/{pid}/stat") as file:
            return int(file.read().rpartition(")")[2].split()[1])
    except (OSError, ValueError):
        return None


def alive(pid):
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
