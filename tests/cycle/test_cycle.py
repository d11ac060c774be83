"""The whole cycle on a real repository, in this process and by the command: real generators, gate, QLoRA,
benchmark, promotion.
"""

import json
import os
import signal
import subprocess
import sys
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from autodidact.benchmark import stage as benchmarking
from autodidact.cycle import run as stages
from autodidact.cycle.open import open_cycle
from autodidact.errors import AutodidactError, Skipped, Unavailable, UsageError
from autodidact.generators.stage import into_folder
from autodidact.models.openai_client import OpenAIClient
from autodidact.records import Manifest, Output
from autodidact.runtime import Runtime
from autodidact.settings import load_settings
from autodidact.sources.snapshot import require_window
from tests import tiny
from tests.sandbox import NOON

FILES = {
    "shop/__init__.py": '"""A shop."""\n',
    "shop/basket.py": (
        '"""Baskets."""\n\n\nclass Basket:\n    """What a customer wants to buy."""\n\n    def add(self,'
        ' item: str, count: int = 1) -> None:\n        """Put an item into the basket."""\n        if count <'
        ' 1:\n            raise ValueError("count must be positive")\n'
    ),
    "shop/price.py": (
        '"""Prices."""\nfrom shop.basket import Basket\n\n\n'
        'def total(basket: Basket) -> int:\n    """The price of a basket in cents."""\n    return 0\n'
    ),
    "shop/broken.py": "def broken(:\n",
    "README.md": (
        "# Shop\n\nThe shop sells things. The basket keeps what a customer wants, the price module adds it"
        " up.\n"
    ),
}
# As small as a real cycle can be: the gate and the training see few rows.
SMALL = {
    "generators.limit": 24,
    "generators.only": [
        "ast_parser",
        "diff_miner",
        "goal_examples",
        "conciseness_drills",
        "benchmark_targeted",
        "consciousness",
    ],
    "training.max_steps": 3,
    "training.save_steps": 1,
    "benchmark.dev_items": 0,
}


def settings_for(tmp_path, repository, **more):
    paths = {
        "sources.repository": str(repository),
        "store": str(tmp_path / "store"),
        "chronicle.url": f"sqlite:///{tmp_path}/chronicle.db",
        "system": "shop",
    }
    return load_settings(overrides=paths | SMALL | more, cwd=tmp_path, environ={})


@pytest.fixture
def repository(sandbox):
    sandbox.commit("Add the basket", {k: v for k, v in FILES.items() if "price" not in k})
    sandbox.commit("Add the price of a basket to the shop", FILES, hours=1)
    return sandbox


@pytest.fixture
def runtime(tmp_path, repository):
    return Runtime(settings_for(tmp_path, repository.path), say=lambda line: None)


def open_at(runtime, hours, **more):
    return open_cycle(runtime, until=NOON + timedelta(hours=hours), **more)


def close(runtime, cycle, outcome="kept"):
    with runtime.chronicle() as chronicle:
        chronicle.close_cycle(cycle.system, cycle.cycle_id, outcome)


def generated(runtime, cycle) -> dict[str, bytes]:
    for name in cycle.generators():
        try:
            stages.generate(name, cycle, runtime)
        except Skipped:
            pass
    return {
        key.rpartition("/")[2]: runtime.store.read_bytes(key)
        for key in runtime.store.list(f"{cycle.folder}/generated")
        if key.endswith(".jsonl")
    }


def test_the_first_live_cycle_reads_everything_and_the_next_begins_where_it_ended(runtime):
    first = open_at(runtime, 2)
    assert (first.cycle_id, first.kind, first.since, first.until) == (
        "2026-03-01T1400Z",
        "live",
        None,
        "2026-03-01T14:00:00Z",
    )
    close(runtime, first)
    second = open_at(runtime, 26)
    assert (second.since, second.until) == ("2026-03-01T14:00:00Z", "2026-03-02T14:00:00Z")
    assert second.repositories[0]["previous"] == first.repositories[0]["commit"]


def test_the_commit_is_the_one_at_the_end_of_the_window(runtime, repository):
    assert open_at(runtime, 0.5).repositories[0]["commit"] == repository.git("rev-parse", "HEAD~1")


def test_the_base_model_is_the_first_champion(runtime):
    cycle = open_at(runtime, 2)
    assert cycle.champion.adapter is None
    assert cycle.champion.base["id"] == "sprout"
    assert runtime.store.read_json("shop/champion.json") == cycle.champion.model_dump()


def test_a_run_that_names_another_base_model_puts_nothing_unmeasured_in_service(
    runtime, tmp_path, repository
):
    close(runtime, open_at(runtime, 2))
    base = str(tiny.build(tmp_path / "base"))
    other = Runtime(settings_for(tmp_path, repository.path, base_model=base), say=lambda line: None)
    with pytest.raises(UsageError, match="shop is built on sprout, and only its deployment can change that"):
        open_at(other, 26, keep_base=True)
    assert runtime.store.read_json("shop/champion.json")["base"]["id"] == "sprout"
    assert open_at(runtime, 26, keep_base=True).base["id"] == "sprout"
    assert open_at(other, 30).champion.base["id"] == base  # the deployment itself may change it


def test_the_first_run_of_a_system_may_name_its_base_model(runtime):
    assert open_at(runtime, 2, keep_base=True).champion.base["id"] == "sprout"


def test_a_cycle_that_is_open_goes_on_with_its_frozen_settings(runtime, tmp_path, repository):
    first = open_at(runtime, 2)
    changed = Runtime(settings_for(tmp_path, repository.path, **{"gate.cap": 5}), say=lambda line: None)
    assert open_at(changed, 2) == first
    assert open_at(changed, 30, resume=True) == first


def test_the_feedback_of_the_last_cycle_is_frozen_and_read_in_the_record(runtime, tmp_path, repository):
    first = open_at(runtime, 2)
    lever = {
        "name": "training.learning_rate",
        "from": 0.002,
        "to": 0.001,
        "why": "rejected: it collapsed",
        "cause": "collapsed",
        "step": 0,
    }
    told = {
        "format": 1,
        "outcome": "reject",
        "deficits": {"tool_use": 0.9},
        "quotas": {"tool_spec": 0.9},
        "lever": lever,
    }
    runtime.store.write_json(f"{first.folder}/feedback.json", told)
    close(runtime, first)
    second = open_at(runtime, 26)
    assert second.feedback == told and second.lever == lever | {"applied": True}
    assert second.settings["training"]["learning_rate"] == 0.001 and second.settings["gate"]["quotas"] == {
        "tool_spec": 0.9
    }
    said = []
    again = Runtime(settings_for(tmp_path, repository.path), say=said.append)
    assert open_at(again, 26) == second and not any("now different" in line for line in said)
    close(runtime, second)
    runtime.store.write_json(f"{second.folder}/feedback.json", told)
    mine = Runtime(
        settings_for(tmp_path, repository.path, **{"training.learning_rate": 0.003}), say=lambda line: None
    )
    third = open_at(mine, 38)
    assert third.settings["training"]["learning_rate"] == 0.003 and third.lever["applied"] is False


def test_a_closed_cycle_is_left_alone_and_again_opens_another(runtime):
    cycle = open_at(runtime, 2)
    close(runtime, cycle)
    with pytest.raises(Skipped, match="2026-03-01T1400Z of shop is closed"):
        open_at(runtime, 2)
    second = open_at(runtime, 2, again=True)
    assert second.cycle_id == "2026-03-01T1400Z-2"
    assert open_at(runtime, 2, again=True) == second  # killed, the same command goes on with it
    close(runtime, second)
    assert open_at(runtime, 2, again=True).cycle_id == "2026-03-01T1400Z-3"


@pytest.mark.parametrize(
    ("key", "value", "complaint"),
    [
        ("generators.only", ["ast_praser"], "Did you mean ast_parser"),
        ("benchmark.suite", "mine", "The suite here is 'autodidact'"),
        ("benchmark.through", "server", "no server is configured that could be asked. Set deploy.kind"),
        ("benchmark.families", "/nowhere", "benchmark.families is '/nowhere', which is no folder"),
    ],
)
def test_a_setting_that_no_stage_could_work_with_is_never_frozen(
    runtime, tmp_path, repository, key, value, complaint
):
    wrong = Runtime(settings_for(tmp_path, repository.path, **{key: value}), say=lambda line: None)
    with pytest.raises(UsageError, match=complaint):
        open_at(wrong, 2)
    assert open_at(runtime, 30, resume=True).cycle_id == "2026-03-02T1800Z"  # there is none to go on with


def test_a_cycle_that_wants_a_persons_consent_does_not_run_unasked(tmp_path, repository):
    runtime = Runtime(
        settings_for(tmp_path, repository.path, approval="before_promote"), say=lambda line: None
    )
    with pytest.raises(
        UsageError, match="approval is 'before_promote', and a person's consent is asked in Airflow alone"
    ):
        stages.run(runtime, open_at(runtime, 2))


def test_what_was_written_in_another_register_is_not_replayed(runtime, tmp_path, repository):
    first = open_at(runtime, 2)
    generated(runtime, first)
    stages.gate(first, runtime)
    close(runtime, first)
    full = settings_for(tmp_path, repository.path, **{"generators.register": "full"})
    assert open_at(Runtime(full, say=lambda line: None), 26).replay == []


def test_what_is_only_replayed_is_nothing_new_and_the_gate_is_skipped(runtime, tmp_path, repository):
    first = open_at(runtime, 2)
    generated(runtime, first)
    stages.gate(first, runtime)
    close(runtime, first)
    quiet = Runtime(
        settings_for(tmp_path, repository.path, **{"generators.only": ["diff_miner"]}), say=lambda line: None
    )
    second = open_at(quiet, 26)
    assert second.replay
    with pytest.raises(Skipped, match="no commits in the window"):
        stages.generate("diff_miner", second, quiet)
    for stage in (stages.gate, stages.train, stages.benchmark):
        with pytest.raises(Skipped, match="the generators found nothing new"):
            stage(second, quiet)


def test_a_window_older_than_the_latest_closed_one_is_history(runtime):
    close(runtime, open_at(runtime, 26))
    assert open_at(runtime, 2).kind == "historical"


def test_a_scheduled_window_that_a_later_cycle_has_covered_opens_none_and_a_person_may_open_it(runtime):
    close(runtime, open_at(runtime, 26))
    with pytest.raises(
        Skipped, match="^The window to 2026-03-01T14:00:00Z is covered by the cycle 2026-03-02T1400Z of shop"
    ):
        open_at(runtime, 2, scheduled=True)
    assert open_at(runtime, 2).kind == "historical"
    assert (
        open_at(runtime, 2, scheduled=True).cycle_id == "2026-03-01T1400Z"
    )  # it is open: the run goes on with it
    assert open_at(runtime, 28, scheduled=True).kind == "live"


def test_one_window_twice_makes_the_same_examples_byte_for_byte(runtime):
    first = open_at(runtime, 2, historical=True, since=NOON)
    made = [generated(runtime, first)]
    close(runtime, first)
    second = open_at(runtime, 2, historical=True, since=NOON, again=True)
    made.append(generated(runtime, second))
    assert second.cycle_id == "2026-03-01T1400Z-2"
    assert made[0] == made[1]
    assert sum(len(text) for text in made[0].values()) > 10_000


def test_windows_of_one_history_hold_different_commits(runtime):
    first = generated(runtime, open_at(runtime, 0.5, historical=True, since=NOON - timedelta(hours=1)))
    second = generated(runtime, open_at(runtime, 2, historical=True, since=NOON + timedelta(hours=0.5)))
    assert b"price" not in first["diff_miner.jsonl"]
    assert b"price" in second["diff_miner.jsonl"]


def test_a_broken_file_costs_itself_and_is_counted(runtime):
    cycle = open_at(runtime, 2)
    manifest = stages.generate("ast_parser", cycle, runtime)
    assert [(e.count, e.ref) for e in manifest.errors if "syntax" in e.reason] == [(1, "shop/broken.py:1")]
    assert manifest.counts["examples"] > 0


def test_more_failed_generators_than_allowed_fail_the_gate_and_name_themselves(runtime):
    cycle = open_at(runtime, 2)
    stages.generate("ast_parser", cycle, runtime)
    with pytest.raises(
        AutodidactError, match=r"5 generators failed \(diff_miner, .*\), more than generators.max_failed = 3"
    ):
        stages.gate(cycle, runtime)


@pytest.mark.parametrize(
    ("change", "kind", "complaint"),
    [
        ({"sources.repository": "/nowhere"}, AutodidactError, "/nowhere"),
        ({"base_model": "/no/such/model"}, AutodidactError, "/no/such/model"),
        ({"store": "/proc/nowhere"}, AutodidactError, "cannot write"),
        (
            {"chronicle.url": "postgresql://me:hunter2@127.0.0.1:1/none"},
            AutodidactError,
            "Chronicle|database",
        ),
    ],
)
def test_what_is_missing_is_one_clear_line_before_any_work(tmp_path, repository, change, kind, complaint):
    runtime = Runtime(
        settings_for(
            tmp_path, repository.path, **({"system": None} if "sources.repository" in change else {}) | change
        ),
        say=lambda line: None,
    )
    with pytest.raises(kind, match=complaint) as caught:
        open_at(runtime, 2)
    assert "\n" not in str(caught.value) and "hunter2" not in str(caught.value)


def test_a_window_before_the_first_commit_says_so(runtime, tmp_path):
    with pytest.raises(UsageError, match="has no commit before 2026-03-01T11:00:00Z"):
        open_at(runtime, -1)
    with pytest.raises(UsageError, match="has no commit before 2026-03-01T11:00:00Z"):
        into_folder(runtime.settings, tmp_path / "out", since=None, until=NOON - timedelta(hours=1))


@pytest.mark.parametrize(
    ("since", "until", "complaint"),
    [
        (
            NOON + timedelta(hours=3),
            NOON + timedelta(hours=2),
            "begins at 2026-03-01T15:00:00Z and ends at 2026-03-01T14:00:00Z",
        ),
        (NOON, NOON, "The window is empty"),
        (None, NOON.replace(year=2999), "The window ends in the future: 2999-03-01T12:00:00Z, and it is 2"),
    ],
)
def test_a_window_that_cannot_be_is_refused_before_anything_is_written(
    runtime, tmp_path, since, until, complaint
):
    with pytest.raises(UsageError, match=complaint):
        open_cycle(runtime, since=since, until=until, historical=since is not None)
    with pytest.raises(UsageError, match=complaint):
        into_folder(runtime.settings, tmp_path / "out", since=since, until=until)
    assert not (tmp_path / "store").exists() and not (tmp_path / "out").exists()


def test_a_window_may_end_a_little_ahead_of_this_machines_clock():
    require_window(None, datetime.now(timezone.utc) + timedelta(minutes=4))


def trained(runtime, cycle) -> None:
    """Writes down that the cycle trained an adapter."""
    manifest = Manifest(stage="train", cycle_id=cycle.cycle_id, code="1", started=cycle.until, seconds=1)
    manifest.outputs["adapter"] = Output(sha256="a" * 64, bytes=1)
    runtime.store.write_json(f"{cycle.folder}/training/manifest.json", manifest)


def test_an_earlier_candidate_that_cannot_be_measured_costs_itself_alone(runtime, monkeypatch):
    earlier, said = open_at(runtime, 2), []
    close(runtime, earlier)
    later = open_at(runtime, 26)
    trained(runtime, earlier)
    trained(runtime, later)
    runtime.say = said.append

    def measured(cycle, *_):
        if cycle == earlier:
            raise AutodidactError("The adapter is not the one that was trained")

    monkeypatch.setattr(benchmarking, "_benchmark", measured)
    assert stages.benchmark(later, runtime).cycle_id == later.cycle_id
    assert (
        said[-1]
        == f"benchmark: the candidate of {earlier.cycle_id} cannot be measured, and is left: The adapter is"
        " not the one that was trained"
    )


def test_a_judge_that_is_away_while_an_earlier_candidate_is_measured_leaves_it_for_the_next_try(
    runtime, monkeypatch
):
    earlier = open_at(runtime, 2)
    close(runtime, earlier)
    later = open_at(runtime, 26)
    trained(runtime, earlier)
    judge, measured = OpenAIClient("http://127.0.0.1:9/v1", what="The judge", attempts=2, pause=0.01), []

    def measure(cycle, *_):
        measured.append(cycle.cycle_id)
        judge.complete("judge-1", [], max_tokens=1)

    monkeypatch.setattr(benchmarking, "_benchmark", measure)
    with pytest.raises(Unavailable, match="The judge does not answer after 2 attempts"):
        stages.benchmark(later, runtime)
    assert measured == [earlier.cycle_id]


def command(tmp_path, repository, *arguments, **keywords):
    assignments = {**SMALL, "system": "shop", "chronicle.url": f"sqlite:///{tmp_path}/chronicle.db"}
    line = [
        sys.executable,
        "-m",
        "autodidact.cli",
        arguments[0],
        "--store",
        str(tmp_path / "store"),
        "--json",
    ]
    for key, value in assignments.items():
        line += ["--set", f"{key}={json.dumps(value)}"]
    line += arguments[1:]  # a later --set wins
    return line, {"env": os.environ | {"HF_HUB_OFFLINE": "1"}, "cwd": tmp_path, "text": True} | keywords


@pytest.mark.slow
def test_the_whole_cycle_runs_learns_from_the_one_before_and_is_logged(tmp_path, repository):
    def cycle_until(until: str) -> dict:
        arguments = ("cycle", "--repo", str(repository.path), "--until", until)
        line, keywords = command(tmp_path, repository, *arguments, capture_output=True)
        ended = subprocess.run(line, **keywords, timeout=900)
        assert ended.returncode == 0, ended.stderr
        return json.loads(ended.stdout)

    summary = cycle_until("2026-03-01T14:00:00Z")
    expected = dict.fromkeys(SMALL["generators.only"], "done") | {"goal_examples": "skipped"}
    assert {row["name"]: row["status"] for row in summary["generators"]} == expected
    assert summary["no_source"] == {"goal_examples": "sources.goals"}
    assert summary["training"]["steps"] == 3
    assert set(summary["scores"]) == {"base", "champion", "candidate"}
    assert len(summary["scores"]["candidate"]["categories"]) == 9
    assert summary["scores"]["candidate"]["probe"]["n"] > 0
    assert (
        summary["verdict"]["outcome"] in ("promote", "reject", "undecided") and summary["verdict"]["reasons"]
    )
    assert Path(summary["folder"], "card.md").exists()

    repository.commit(
        "Let a basket forget an item again",
        {"shop/forget.py": 'def forget(item):\n    """Take an item out."""\n'},
        hours=20,
    )
    told = cycle_until("2026-03-02T14:00:00Z")
    assert told["since"] == "2026-03-01T14:00:00Z"
    cycle = json.loads(Path(told["folder"], "cycle.json").read_text())
    assert cycle["feedback"]["deficits"] and cycle["replay"][0]["cycle_id"] == "2026-03-01T1400Z"

    line, keywords = command(
        tmp_path, repository, "history", "--repo", str(repository.path), capture_output=True
    )
    history = json.loads(subprocess.run(line, **keywords).stdout)
    assert [row["status"] for row in history["cycles"]] == ["closed", "closed"]
    assert [v["state"] for v in history["versions"]].count("champion") == 1


@pytest.mark.slow
@pytest.mark.parametrize("stage", ["train", "benchmark"])
def test_killed_in_mid_work_the_same_command_goes_on(tmp_path, repository, stage):
    line, keywords = command(
        tmp_path,
        repository,
        "cycle",
        "--repo",
        str(repository.path),
        "--set",
        "training.max_steps=12",
        "--set",
        'verdict.rule="seed"',
        stderr=subprocess.PIPE,
    )
    keywords |= {"stdout": subprocess.DEVNULL}
    process = subprocess.Popen(line, **keywords, start_new_session=True)
    waited_for = {"train": "update 1 of 12", "benchmark": "benchmark: the candidate"}[stage]
    seen = False
    for text in process.stderr:
        seen = seen or text.startswith(f"== {stage}")
        if seen and waited_for in text:
            break
    time.sleep(1.5)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    keywords |= {"stdout": subprocess.PIPE}
    again = subprocess.run(line, **keywords, timeout=900)
    assert again.returncode == 0, again.stderr
    assert "resumed: cycle" in again.stderr
    summary = json.loads(again.stdout)
    assert summary["training"]["steps"] == 12
    report = json.loads(Path(summary["folder"], "benchmark", "report.json").read_text())
    ids = [item["id"] for item in report["items"]]
    assert len(ids) == len(set(ids)) == 135
