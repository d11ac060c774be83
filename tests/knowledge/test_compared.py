"""What is new in a second cycle: facts of sources without a history, and whether the cycle is worth a
training.
"""

import json
import shutil
from datetime import timedelta

import pytest

from autodidact.cli import history
from autodidact.cycle import close as closing
from autodidact.cycle import run as stages
from autodidact.cycle.decide import decide
from autodidact.cycle.open import open_cycle
from autodidact.cycle.record import Cycle
from autodidact.errors import Skipped
from autodidact.knowledge import new_since_earlier_cycles
from autodidact.records import Manifest, Output
from autodidact.runtime import Runtime
from autodidact.settings import load_settings
from autodidact.terminal.view import plain
from tests.sandbox import NOON

CODE = {
    f"shop/m{n}.py": (
        f'"""Part {n}."""\nfrom shop import m{n + 1}\n\n\ndef price{n}(item):\n    """The price {n}."""\n'
    )
    for n in range(5)
}
CODE |= {"shop/__init__.py": '"""A shop."""\n', "shop/m5.py": '"""The last."""\n'}
GOALS = "".join(
    f"- {{id: goal{n}, title: Goal {n}, state: active, owner: team{n}, deadline: 2026-12-0{n}, steps: [do"
    f" thing {n}]}}\n"
    for n in range(1, 5)
)
TOOLS = [
    {
        "name": f"{verb}_{thing}",
        "description": f"{verb.capitalize()} the {thing}.",
        "inputSchema": {"type": "object", "properties": {f"{thing}_size": {"type": "integer", "default": n}}},
    }
    for n, (verb, thing) in enumerate(
        (("open", "door"), ("send", "letter"), ("book", "table"), ("count", "boats")), 1
    )
]
PORTS = {"web": 8001, "cart": 8002, "till": 8003, "mail": 8004}
OWNERS = {f"service{n}": f"team{n}" for n in range(5)}
GENERATORS = ["ast_parser", "knowledge_graph", "goal_examples", "architecture_docs", "tool_spec"]


def write_sources(folder, goals=GOALS, tools=TOOLS, ports=PORTS, owners=OWNERS) -> None:
    compose = "services:\n" + "".join(f"  {name}: {{ports: ['{port}:80']}}\n" for name, port in ports.items())
    (folder / "goals.yaml").write_text(goals)
    (folder / "tools.json").write_text(json.dumps(tools))
    (folder / "compose.yaml").write_text(compose)
    rows = ["subject,relation,object\n", *(f"{name},owned_by,{owner}\n" for name, owner in owners.items())]
    (folder / "graph.csv").write_text("".join(rows))


def runtime_for(tmp_path, **more) -> Runtime:
    overrides = {
        "sources.repository": str(tmp_path / "shop"),
        "sources.goals": str(tmp_path / "goals.yaml"),
        "sources.mcp": str(tmp_path / "tools.json"),
        "sources.documents": [str(tmp_path / "compose.yaml")],
        "sources.knowledge_graph": str(tmp_path / "graph.csv"),
        "store": str(tmp_path / "store"),
        "chronicle.url": f"sqlite:///{tmp_path}/chronicle.db",
        "system": "shop",
        "generators.limit": 20,
        "generators.only": GENERATORS,
        "benchmark.dev_items": 0,
    }
    return Runtime(load_settings(overrides=overrides | more, cwd=tmp_path, environ={}), say=lambda line: None)


@pytest.fixture
def runtime(tmp_path, sandbox) -> Runtime:
    sandbox.commit("Begin", CODE)
    write_sources(tmp_path)
    return runtime_for(tmp_path)


def opened(runtime, hours, **more) -> Cycle:
    return open_cycle(runtime, until=NOON + timedelta(hours=hours), **more)


def generated(runtime, cycle, **how) -> dict[str, Manifest]:
    return {name: stages.generate(name, cycle, runtime, **how) for name in cycle.generators()}


def close(runtime, cycle) -> None:
    with runtime.chronicle() as chronicle:
        chronicle.close_cycle(cycle.system, cycle.cycle_id, "kept")


def trained(runtime, cycle) -> None:
    """Writes down that the cycle trained, was measured and judged, as far as the next one looks."""
    manifest = Manifest(stage="train", cycle_id=cycle.cycle_id, code="0", started=cycle.until, seconds=1)
    manifest.outputs["adapter"] = Output(sha256="0" * 64, bytes=1)
    runtime.store.write_json(f"{cycle.folder}/training/manifest.json", manifest)
    measured = manifest.model_copy(update={"stage": "benchmark", "status": "skipped", "outputs": {}})
    runtime.store.write_json(f"{cycle.folder}/benchmark/manifest.json", measured)
    runtime.store.write_json(f"{cycle.folder}/verdict.json", {"outcome": "undecided", "reasons": []})


def first_cycle(runtime) -> Cycle:
    """A cycle that read everything, trained and closed."""
    cycle = opened(runtime, 1)
    generated(runtime, cycle)
    trained(runtime, cycle)
    close(runtime, cycle)
    return cycle


def as_champion(runtime, cycle, first) -> Cycle:
    """The cycle as it would be had `first` been promoted."""
    frozen = new_since_earlier_cycles.frozen(runtime.store, cycle.system, first.cycle_id, first.cycle_id)
    return cycle.model_copy(update={"compared": frozen, "champion_commit": first.repositories[0]["commit"]})


def fresh(runtime, cycle) -> set[tuple[str, str]]:
    return {
        (question.kind, question.subject) for question in cycle.questions(runtime.store) if question.fresh
    }


def test_what_did_not_change_has_no_new_fact_with_or_without_the_cache(runtime, tmp_path):
    first = first_cycle(runtime)
    assert (
        len(fresh(runtime, first)) == len(first.questions(runtime.store)) > 20
    )  # the base serves: all is new to it
    second = as_champion(runtime, opened(runtime, 1.02), first)
    made = generated(runtime, second)
    assert fresh(runtime, second) == set() and {manifest.counts["new"] for manifest in made.values()} == {0}
    shutil.rmtree(tmp_path / "store" / "cache")
    assert {name: m.outputs for name, m in generated(runtime, second, force=True).items()} == {
        name: m.outputs for name, m in made.items()
    }


@pytest.mark.parametrize(
    "change, facts_changed, counted",
    [
        ({"goals": GOALS.replace("2026-12-03", "2026-12-24")}, {("deadline_of", "goal3")}, "goal_examples"),
        (
            {"tools": [*TOOLS[:-1], json.loads(json.dumps(TOOLS[-1]).replace("4", "9"))]},
            {("default_of", "count_boats.boats_size")},
            "tool_spec",
        ),
        ({"ports": PORTS | {"till": 9003}}, {("compose_port", "till (compose.yaml)")}, "architecture_docs"),
        ({"owners": OWNERS | {"service2": "team9"}}, {("owned_by", "service2")}, "knowledge_graph"),
    ],
)
def test_of_what_changed_exactly_that_is_new(runtime, tmp_path, change, facts_changed, counted):
    first = first_cycle(runtime)
    write_sources(tmp_path, **change)
    second = as_champion(runtime, opened(runtime, 13), first)
    made = generated(runtime, second)
    assert {(kind, subject.rpartition("/")[2]) for kind, subject in fresh(runtime, second)} == {
        (kind, subject.rpartition("/")[2]) for kind, subject in facts_changed
    }
    assert {name for name, manifest in made.items() if manifest.counts["new"]} == {counted}


def test_where_the_goal_stands_in_its_table_is_no_news(runtime, tmp_path):
    first = first_cycle(runtime)
    write_sources(tmp_path, goals="".join(reversed(GOALS.splitlines(keepends=True))))
    second = as_champion(runtime, opened(runtime, 13), first)
    assert generated(runtime, second)["goal_examples"].counts["new"] == 0 and fresh(runtime, second) == set()


def test_a_source_that_the_champions_cycle_did_not_have_is_new(runtime, tmp_path):
    bare = runtime_for(tmp_path, **{"sources.goals": None})
    first = opened(bare, 1)
    for name in GENERATORS:
        try:
            stages.generate(name, first, bare)
        except Skipped:
            assert name == "goal_examples"
    close(bare, first)
    second = as_champion(runtime, opened(runtime, 13), first)
    generated(runtime, second)
    assert {kind for kind, _ in fresh(runtime, second)} == {"deadline_of", "owner_of", "step_of"}


def test_what_an_older_release_did_not_record_is_not_new_and_counted(runtime):
    first = first_cycle(runtime)
    key = f"{first.folder}/generated/goal_examples.manifest.json"
    old = runtime.store.read_json(key)
    del old["outputs"]["goal_examples.facts.json"]
    runtime.store.write_json(key, old)
    second = as_champion(runtime, opened(runtime, 13), first)
    made = generated(runtime, second)
    assert fresh(runtime, second) == set() and made["goal_examples"].counts["new"] == 0
    reason = f"what the cycle {first.cycle_id} read is not recorded: nothing counts as new since"
    assert [(t.reason, t.count, t.ref) for t in made["goal_examples"].errors] == [(reason, 1, "goals")]
    assert not new_since_earlier_cycles.news(second, runtime.settings, 0)["ends_early"]


def test_a_champion_whose_commit_was_rewritten_away_makes_nothing_new(runtime, sandbox):
    first = first_cycle(runtime)
    second = as_champion(runtime, opened(runtime, 13), first).model_copy(update={"champion_commit": "0" * 40})
    made = generated(runtime, second)
    assert fresh(runtime, second) == set()
    reason = "the commit that the champion was trained at is gone: nothing counts as new since"
    assert all(
        reason in [t.reason for t in made[name].errors]
        for name in ("ast_parser", "knowledge_graph", "architecture_docs")
    )


def test_the_cycles_compared_with_are_frozen_by_digest_and_follow_a_rollback(runtime, tmp_path):
    first = first_cycle(runtime)
    write_sources(tmp_path, ports=PORTS | {"till": 9003})
    second = opened(runtime, 13)
    generated(runtime, second)
    close(runtime, second)
    third = opened(runtime, 25)
    digest = runtime.store.read_json(f"{second.folder}/generated/architecture_docs.manifest.json")["outputs"][
        "architecture_docs.facts.json"
    ]
    assert third.compared["champion"] is None and third.compared["previous"]["cycle_id"] == second.cycle_id
    assert third.compared["previous"]["facts"]["architecture_docs"] == digest["sha256"]
    frozen = new_since_earlier_cycles.frozen(runtime.store, "shop", first.cycle_id, second.cycle_id)
    back = third.model_copy(update={"compared": frozen, "champion_commit": first.repositories[0]["commit"]})
    made = generated(runtime, back)
    assert fresh(runtime, back) == {("compose_port", "till (compose.yaml)")}  # new to the older champion
    assert {manifest.counts["new"] for manifest in made.values()} == {0}  # and not since the cycle before


def ended(runtime, cycle) -> dict:
    """The cycle from its generators to its end, without a model: fails where it would train."""
    generated(runtime, cycle)
    for stage in (stages.gate, stages.train, stages.benchmark):
        with pytest.raises(Skipped):
            stage(cycle, runtime)
    assert decide(cycle, runtime) == "keep_champion"
    closing.keep_champion(cycle, runtime)
    return closing.close_cycle(cycle, runtime)


def goes_on(runtime, cycle) -> bool:
    """Whether the gate lets the cycle train."""
    new = sum(manifest.counts["new"] for manifest in generated(runtime, cycle).values())
    return not new_since_earlier_cycles.news(cycle, runtime.settings, new)["ends_early"]


def test_a_cycle_without_news_ends_early_and_says_why(runtime):
    first = first_cycle(runtime)
    second = opened(runtime, 13)
    summary = ended(runtime, second)
    why = (
        f"there is no candidate: 0 new or changed examples since cycle {first.cycle_id}; training.min_news"
        " is 1"
    )
    assert summary["verdict"]["outcome"] == "undecided" and summary["verdict"]["reasons"] == [why]
    verdict = runtime.store.read_json(f"{second.folder}/verdict.json")
    assert verdict["week"] is None and verdict["candidate"] is None  # no look of the week is spent
    assert runtime.store.read_json(f"{second.folder}/feedback.json")["lever"] is None
    with runtime.chronicle() as chronicle:
        row = chronicle.cycle("shop", second.cycle_id)
        assert (row["status"], row["outcome"], row["reason"]) == ("closed", "kept", why)
        assert chronicle.looks("shop", second.benchmark["week"]) == 0
        told = history.history(chronicle, runtime.settings, 2, named=True)
        assert f"undecided: {why}" in plain(history.view(told))


def test_small_news_add_up_over_cycles_that_ended_early(tmp_path, runtime, sandbox):
    many = runtime_for(
        tmp_path,
        **{"training.min_news": 30, "generators.only": ["ast_parser", "diff_miner", "goal_examples"]},
    )
    first = opened(many, 1)
    generated(many, first)
    trained(many, first)
    close(many, first)
    new = {}
    for number in range(1, 9):
        code = (
            f'"""More {number}."""\n\n\ndef extra{number}(count):\n    """Counts {number} more."""\n   '
            f" return count + {number}\n"
        )
        sandbox.commit(
            f"Count {number} more items in the shop", {f"shop/extra{number}.py": code}, hours=1 + 12 * number
        )
        cycle = opened(many, 2 + 12 * number)
        assert cycle.since == first.until and cycle.compared["previous"]["cycle_id"] == first.cycle_id
        new[number] = sum(manifest.counts["new"] for manifest in generated(many, cycle).values())
        if new[number] >= 30:
            break
        ended(many, cycle)
    assert 1 < number < 8 and list(new.values()) == sorted(new.values())
    assert not new_since_earlier_cycles.news(cycle, many.settings, new[number])["ends_early"]


def test_nothing_trained_yet_another_setting_or_none_wanted_trains_without_news(tmp_path, runtime):
    never = opened(runtime, 1)
    generated(runtime, never)
    close(runtime, never)
    assert goes_on(runtime, untrained := opened(runtime, 13))  # nothing has learned what there is
    trained(runtime, untrained)
    close(runtime, untrained)
    assert not goes_on(runtime, opened(runtime, 25))
    other = runtime_for(tmp_path, **{"training.epochs": 2})
    assert goes_on(other, opened(other, 26))
    always = runtime_for(tmp_path, **{"training.min_news": 0})
    assert goes_on(always, opened(always, 27))


def test_a_lever_that_no_training_has_tried_is_tried_without_news(runtime):
    first = first_cycle(runtime)
    lever = {
        "name": "training.learning_rate",
        "from": 0.002,
        "to": 0.001,
        "why": "rejected",
        "cause": "lost abilities",
        "step": 2,
    }
    runtime.store.write_json(f"{first.folder}/feedback.json", {"format": 1, "lever": lever})
    second = opened(runtime, 13)
    assert second.lever["applied"] and goes_on(runtime, second)
    trained(runtime, second)
    runtime.store.write_json(f"{second.folder}/feedback.json", {"format": 1, "lever": lever})
    close(runtime, second)
    third = opened(runtime, 25)
    assert third.lever["applied"] and not goes_on(runtime, third)  # it stays, and was tried


def test_a_window_of_the_past_trains_without_news(runtime):
    first_cycle(runtime)
    past = opened(runtime, 0.5, since=NOON, historical=True)
    assert past.kind == "historical" and goes_on(runtime, past)


def test_of_code_what_stands_in_changed_files_is_counted(runtime, sandbox):
    first = first_cycle(runtime)
    discount = "\n\ndef discount(price):\n    return price // 2\n"
    sandbox.commit("Add a discount", {"shop/m3.py": CODE["shop/m3.py"] + discount}, hours=2)
    second = as_champion(runtime, opened(runtime, 13), first)
    made = generated(runtime, second)
    folder = f"{second.folder}/generated"
    rows = [json.loads(line) for line in runtime.store.read_lines(f"{folder}/ast_parser.jsonl")]
    changed = [row for row in rows if row["source"].get("path") == "shop/m3.py"]
    assert made["ast_parser"].counts["new"] == len(changed) > 0
    assert fresh(runtime, second) == {("defined_in", "discount")}
