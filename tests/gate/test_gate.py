"""The gate as a whole: what comes in, what is kept, what is written about the rest."""

import importlib
import json
import re
from types import SimpleNamespace

import numpy
import pytest

from autodidact.benchmark.leakage_index import SuiteIndex
from autodidact.errors import AutodidactError
from autodidact.gate import Context, pass_shards, pass_through
from autodidact.records import example
from tests.gate.gating import SETTINGS, Agreeable

SOURCE = {"kind": "template", "ref": "tests"}
ANSWER = "It reads the file line by line and returns the rows that hold a date."


def gate(rows, settings=SETTINGS, scored=()):
    kept, dropped = [], []
    context = Context(settings, lambda text: len(text.split()), Agreeable(), SuiteIndex(scored))
    report = pass_through(rows, context, kept.append, dropped.append)
    return report, [json.loads(line) for line in kept], dropped


def rows(*examples):
    return [(one.generator, number, one.line()) for number, one in enumerate(examples, 1)]


def test_a_good_example_passes_unchanged():
    good = example("ast_parser", "architecture", "What does `load` do?", ANSWER, SOURCE, probe="f1")
    report, kept, dropped = gate(rows(good))
    assert kept == [json.loads(good.line())] and dropped == []
    assert (
        report["format"],
        report["raw"],
        report["kept"],
        report["kept_share"],
        report["seed_kept_share"],
    ) == (1, 1, 1, 1.0, 0.277)


def test_the_report_counts_by_rule_and_generator():
    report, _, dropped = gate(
        [
            *rows(
                example("ast_parser", "architecture", "What does `load` do?", ANSWER, SOURCE),
                example("ast_parser", "architecture", "What does `save` do?", "Saves.", SOURCE),
                example(
                    "tool_spec",
                    "tool_use",
                    "What is in the log?",
                    "\x1b[1mThe log\x1b[0m holds one line for each request that failed today.",
                    SOURCE,
                ),
            ),
            ("tool_spec", 7, "{torn"),
        ]
    )
    assert report["by_generator"] == {"ast_parser": {"raw": 2, "kept": 1}, "tool_spec": {"raw": 2, "kept": 1}}
    assert report["by_rule"]["form"] == {"dropped": 1, "rewritten": 0, "reasons": {"not JSON": 1}}
    assert report["by_rule"]["noise"] == {"dropped": 0, "rewritten": 1, "reasons": {}}
    assert report["by_rule"]["length"] == {"dropped": 1, "rewritten": 0, "reasons": {"too short": 1}}
    assert report["by_category"] == {"architecture": 1, "tool_use": 1}
    assert [(step["rule"], step["total"]) for step in report["funnel"]][:5] == [
        ("form", 3),
        ("noise", 3),
        ("injection", 3),
        ("secrets", 3),
        ("length", 2),
    ]
    assert report["funnel"][4] == {
        "rule": "length",
        "dropped": {"ast_parser": 1},
        "left": {"ast_parser": 1, "tool_spec": 1},
        "total": 2,
    }
    assert dropped[0]["dropped"] == {"rule": "length", "reason": "too short", "value": 1}
    assert dropped[0]["messages"][-1]["content"] == "Saves."
    assert dropped[1] == {
        "generator": "tool_spec",
        "line": 7,
        "dropped": {"rule": "form", "reason": "not JSON", "value": None},
    }


def test_a_rewritten_example_has_a_new_id_and_remembers_the_old():
    noisy = example(
        "session_miner",
        "tool_use",
        "Why did it fail?",
        "\x1b[31mThe port\x1b[0m was taken by another process, write to jo@corp.io.",
        SOURCE,
    )
    _, (kept,), _ = gate(rows(noisy))
    assert kept["messages"][-1]["content"] == "The port was taken by another process, write to <EMAIL>."
    assert kept["was"] == noisy.id != kept["id"]


@pytest.mark.parametrize("where", ["answer", "noise"])
def test_no_file_ever_shows_a_secret(where):
    secret = "ghp_" + "aB3dE6gH9" * 4
    text = (
        f"Use {secret} for the clone of the private repository and keep it."
        if where == "answer"
        else "\n".join(["$ export T=" + secret] * 20)
    )
    report, kept, dropped = gate(
        rows(example("session_miner", "tool_use", "How do I clone it?", text, SOURCE))
    )
    assert report["kept"] == 0 and kept == []
    assert secret not in json.dumps(dropped) and "messages" not in dropped[0]


@pytest.mark.parametrize("rule", ["noise", "injection", "secrets", "repetition", "leakage"])
def test_an_example_that_a_rule_never_ends_with_costs_itself_alone(monkeypatch, rule):
    endless, good = (
        example("session_miner", "architecture", f"What does `{name}` do?", ANSWER, SOURCE)
        for name in ("endless", "load")
    )
    module = importlib.import_module(f"autodidact.gate.{rule}")
    check = module.check

    def never_ends(one, context):
        # A pattern that tries each letter in two ways.
        if one.id == endless.id:
            re.match(r"(?:a*a)*$", "a" * 60 + "!")
        return check(one, context)

    monkeypatch.setattr(module, "check", never_ends)
    monkeypatch.setattr("autodidact.gate.driver.SECONDS", 0.3)
    report, kept, dropped = gate(rows(endless, good))
    assert [one["id"] for one in kept] == [good.id]
    assert dropped[0]["dropped"] == {"rule": rule, "reason": "takes too long to check", "value": None}
    assert "messages" not in dropped[0]


def test_a_credential_that_the_first_rule_missed_fails_the_gate(monkeypatch):
    monkeypatch.setattr("autodidact.gate.secrets.find", lambda text: None)
    secret = "glpat-" + "x7Kq2Lm9Zt4Rw8Yb1Nc5"
    kept = []
    leaky = example(
        "session_miner",
        "tool_use",
        "Which token?",
        f"The deploy job uses {secret} to push the image to the registry.",
        SOURCE,
    )
    with pytest.raises(AutodidactError, match=r"line 1 \(glpat-\.\.\.\)") as error:
        pass_through(
            rows(leaky), Context(SETTINGS, lambda text: 20, Agreeable()), kept.append, lambda record: None
        )
    assert secret not in str(error.value) and kept == []


def test_the_same_rows_give_the_same_bytes():
    many = [
        example("ast_parser", "architecture", f"What does `f{n}` do?", f"{ANSWER} Step {n}.", SOURCE)
        for n in range(50)
    ]
    settings = SimpleNamespace(**vars(SETTINGS) | {"cap": 20})
    first, second = gate(rows(*many), settings), gate(rows(*many), settings)
    assert first == second and len(first[1]) == 20


def test_sixteen_shards_give_the_same_bytes_as_one():
    many = rows(
        *(
            example("ast_parser", "architecture", f"What does `f{n % 70}` do?", f"{ANSWER} Step {n}.", SOURCE)
            for n in range(99)
        )
    )
    many.insert(40, ("ast_parser", 41, "{torn"))
    settings = SimpleNamespace(**vars(SETTINGS) | {"cap": 20})
    whole = gate(many, settings)
    kept, dropped = [], []
    shards = [many[n * 100 // 16 : (n + 1) * 100 // 16] for n in range(16)]
    report = pass_shards(
        shards, Context(settings, lambda text: len(text.split()), Agreeable()), kept.append, dropped.append
    )
    assert (report, [json.loads(line) for line in kept], dropped) == whole


def test_what_a_dear_rule_drops_makes_room_for_the_next():
    class Stern(Agreeable):
        def cosines(self, left, right):
            return numpy.array([-0.5 if "off" in text else 1.0 for text in right])

    asked = []
    many = [
        example(
            "ast_parser",
            "architecture",
            f"What does `f{n}` do?",
            f"{'Way off' if n % 2 else ANSWER} number {n} of very many.",
            SOURCE,
        )
        for n in range(40)
    ]
    kept, dropped = [], []
    context = Context(
        SimpleNamespace(**vars(SETTINGS) | {"cap": 10}), lambda text: 20, Stern(), say=asked.append
    )
    report = pass_through(rows(*many), context, kept.append, dropped.append)
    assert report["kept"] == 10 and not any("off" in line for line in kept)
    assert report["by_rule"]["coherence"]["dropped"] < 20  # what the cap would drop anyway is never embedded


def test_nothing_in_nothing_out():
    report, kept, dropped = gate([])
    assert (report["raw"], report["kept"], report["kept_share"], kept, dropped) == (0, 0, 0.0, [], [])


def test_what_is_denied_is_not_in_the_file_of_dropped_records_either():
    settings = SimpleNamespace(**vars(SETTINGS) | {"deny": ["Acme Rockets"]})
    named = example("session_miner", "tool_use", "For whom?", f"For Acme Rockets. {ANSWER}", SOURCE)
    noisy = example(
        "session_miner", "tool_use", "And now?", "Acme Rockets\n" + "\n".join(["$ make"] * 20), SOURCE
    )
    _, kept, dropped = gate(rows(named, noisy), settings)
    assert kept == [] and [record["dropped"]["rule"] for record in dropped] == ["secrets", "noise"]
    assert "Acme" not in json.dumps(dropped)
