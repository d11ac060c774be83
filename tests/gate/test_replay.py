"""What earlier cycles kept is taken over as far as its source still says the same."""

import json
from types import SimpleNamespace

import pytest

from autodidact.gate import replay
from autodidact.gate.replay import ReplayCounts, replayed
from autodidact.records import call, example
from autodidact.store import Store

EARLIER, NOW = "2026-03-01T1400Z", "2026-03-02T1400Z"
CART = "def add(n):\n    return n + 1\n\n\ndef total(prices):\n    return sum(prices)\n"


@pytest.fixture
def system(tmp_path, sandbox):
    """A repository of two commits, one transcript, and the means to replay rows from an earlier cycle."""
    old = sandbox.commit("Add the cart", {"cart.py": CART, "tax.py": "RATE = 0.2\n", "old.py": "x = 1\n"})
    (sandbox.path / "old.py").unlink()
    new = sandbox.commit(
        "Raise the tax", {"cart.py": CART.replace("sum(prices)", "sum(prices) * 2")}, hours=1
    )
    log = tmp_path / "chat.jsonl"
    said = [
        {
            "messages": [
                {"role": "user", "content": "Move the\nboat to pier 4."},
                {"role": "assistant", "content": "Done."},
            ]
        }
    ]
    log.write_text("".join(json.dumps(one) + "\n" for one in said))
    store = Store(tmp_path / "store")

    def take(*rows, name=EARLIER, damaged=False):
        """(rows taken over, what was left behind)"""
        output = store.write_jsonl(f"shop/cycles/{name}/gate/kept.jsonl", rows)
        sha = "0" * 64 if damaged else output.sha256
        cycle = SimpleNamespace(
            cycle_id=NOW,
            system="shop",
            until="2026-03-02T14:00:00Z",
            repositories=[{"path": str(sandbox.path), "commit": new}],
            replay=[{"cycle_id": name, "sha256": sha}],
            benchmark={"suite": "autodidact", "version": "1", "level": 1},
        )
        counts = ReplayCounts()
        settings = SimpleNamespace(sources=SimpleNamespace(sessions=[str(log)]))
        taken = [json.loads(line) for _, _, line in replayed(cycle, store, settings, counts)]
        return taken, counts.as_dict()["left"]

    return SimpleNamespace(old=old, new=new, log=log, store=store, take=take, sandbox=sandbox)


def review(commit, n=1):
    source = {"kind": "git", "ref": f"{commit}:cart.py", "commit": commit, "path": "cart.py", "lines": [1, 2]}
    return example(
        "diff_miner", "code_review", f"Review diff {n}.", "Line 2 of `cart.py` is off by one.", source
    )


def told_in(system, text="Move the boat to pier 4.", line=1, answer="harbour", file=None):
    source = {
        "kind": "transcript",
        "ref": f"chat.jsonl:{line}",
        "file": file or system.log.as_posix(),
        "line": line,
    }
    return example(
        "session_miner", "intent_classification", f"Handlers: harbour, crew.\nRequest: {text}", answer, source
    )


def test_a_commit_that_is_still_in_the_history_holds_and_its_row_says_where_it_is_from(system):
    row = review(system.old)
    (taken,), left = system.take(row)
    assert left == {} and taken == row.model_dump(mode="json") | {"replay_of": EARLIER}


def test_a_commit_that_was_rewritten_away_does_not(system):
    gone = review("f" * 40)
    assert system.take(gone, review(system.old))[1] == {"its commit is no longer in the history": 1}


def test_a_row_that_was_replayed_before_keeps_the_cycle_it_was_kept_in_first(system):
    row = review(system.old).model_copy(update={"replay_of": "2026-02-01T1400Z"})
    assert system.take(row)[0][0]["replay_of"] == "2026-02-01T1400Z"


@pytest.mark.parametrize(
    ("path", "lines", "complaint"),
    [
        ("tax.py", [1, 1], None),  # the same blob
        ("cart.py", [1, 2], None),  # another blob, the same lines
        ("cart.py", [5, 6], "its lines say something else now"),
        ("cart.py", None, "its file says something else now"),
        ("old.py", [1, 1], "its file is gone"),
    ],
)
def test_code_holds_as_long_as_its_lines_say_the_same(system, monkeypatch, path, lines, complaint):
    monkeypatch.setattr(replay, "REPLAYED", ("ast_parser",))
    source = {"kind": "git", "ref": f"{path}:1", "commit": system.old, "path": path} | (
        {"lines": lines} if lines else {}
    )
    taken, left = system.take(
        example("ast_parser", "architecture", "What does it do?", "It adds one to n.", source)
    )
    assert (len(taken), left) == ((1, {}) if complaint is None else (0, {complaint: 1}))


def test_a_conversation_holds_as_long_as_its_line_says_the_same(system):
    there, changed = told_in(system), told_in(system, "Move the crew to pier 5.")
    elsewhere, gone = (
        told_in(system, line=9, answer="tugs"),
        told_in(system, file="gone.jsonl", answer="crew"),
    )
    taken, left = system.take(there, changed, elsewhere, gone)
    assert [row["id"] for row in taken] == [there.id]
    assert left == {"its transcript is gone": 1, "its transcript says something else now": 2}


def test_a_call_holds_as_long_as_its_tool_does(system):
    def tool(name, *required):
        parameters = {"type": "object", "properties": dict.fromkeys(required, {}), "required": list(required)}
        return {"type": "function", "function": {"name": name, "description": "", "parameters": parameters}}

    def asks(name, **arguments):
        source = {"kind": "transcript", "ref": "chat.jsonl:1", "file": system.log.as_posix(), "line": 1}
        return example(
            "session_miner", "tool_use", "Move the boat to pier 4.", call((name, arguments)), source
        )

    for cycle_id, tools in (
        (EARLIER, [tool("move", "pier"), tool("sell", "n")]),
        (NOW, [tool("move", "boat", "pier")]),
    ):
        made = example(
            "tool_spec",
            "tool_use",
            "Which tool?",
            "move",
            {"kind": "mcp", "ref": "harbour/move"},
            tools=tools,
        )
        system.store.write_jsonl(f"shop/cycles/{cycle_id}/generated/tool_spec.jsonl", [made])
    fits, old = asks("mcp__harbour__move", boat="Tern", pier=4), asks("move", pier=4)
    sold, unknown = asks("sell", n=1), asks("Bash", command="ls")
    taken, left = system.take(fits, old, sold, unknown)
    assert [row["id"] for row in taken] == [fits.id, unknown.id]
    assert left == {"a tool that it calls is gone": 1, "a tool that it calls asks for other arguments now": 1}


def test_what_the_other_generators_say_is_said_anew(system):
    state = example(
        "ast_parser",
        "architecture",
        "What?",
        "That.",
        {"kind": "git", "ref": "tax.py:1", "commit": system.old, "path": "tax.py"},
    )
    assert system.take(state) == ([], {})


def test_no_more_than_a_third_of_the_cap_of_one_generator(system, monkeypatch):
    monkeypatch.setattr(replay, "LIMIT", 3)
    assert len(system.take(*(review(system.old, n) for n in range(5)))[0]) == 3


def test_a_file_that_was_changed_since_is_left_behind_whole(system):
    assert system.take(review(system.old), damaged=True) == (
        [],
        {"what an earlier cycle kept is gone or was changed": 1},
    )


def test_without_the_repository_nothing_of_it_can_be_looked_at(system):
    system.sandbox.path.rename(system.sandbox.path.with_name("moved"))
    taken, left = system.take(review(system.old), told_in(system))
    assert (len(taken), left) == (1, {"its source cannot be looked at": 1})


def test_a_dev_item_holds_as_long_as_the_suite_is_the_same(system):
    def drill(suite="autodidact 1", level=1):
        source = {"kind": "template", "ref": "reasoning/percent/dev-7", "suite": suite, "level": level}
        return example(
            "benchmark_targeted", "reasoning", f"What is 10% of {level}0 at {suite}?", str(level), source
        )

    here, harder, later = drill(), drill(level=2), drill("autodidact 2")
    taken, left = system.take(here, harder, later)
    assert [row["id"] for row in taken] == [here.id]
    assert left == {"it is of another version or level of the suite": 2}
