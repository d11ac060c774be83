"""What becomes of a cycle whose tasks fail, are cleared, or are marked a success by a person: the truth table
of docs/airflow.md, through the real DAG.
"""

from types import SimpleNamespace

import pytest

from autodidact.cycle.record import load_cycle
from autodidact.runtime import Runtime
from autodidact.settings import load_settings
from autodidact_airflow import tasks
from tests.airflow_.cycle_runs import cases_of
from tests.cycles import a_cycle

CLOSED = "cycle 2026-11-23T1200Z is closed; to run the window again use the param `again`"


@pytest.fixture
def ids(tmp_path, monkeypatch) -> dict:
    """A cycle that was closed after its run had begun: what open_cycle told the tasks is that it is open."""
    monkeypatch.setenv("AUTODIDACT_STORE", str(tmp_path / "store"))
    monkeypatch.setenv("AUTODIDACT_CHRONICLE__URL", f"sqlite:///{tmp_path}/chronicle.db")
    monkeypatch.setenv("AUTODIDACT_SYSTEM", "shop")
    runtime = Runtime(load_settings(cwd=tmp_path))
    cycle = a_cycle(runtime.settings)
    runtime.store.write_json(f"{cycle.folder}/cycle.json", cycle)
    with runtime.chronicle() as chronicle:
        chronicle.record_cycle(cycle.model_dump(mode="json"))
        chronicle.close_cycle("shop", cycle.cycle_id, "kept")
    return {"system": "shop", "cycle_id": cycle.cycle_id, "closed": False}


TASKS = {
    "generate.tool_spec": lambda ids: tasks.generate(ids, "tool_spec"),
    **{
        name: lambda ids, name=name: tasks.stage(ids, name)
        for name in ("knowledge", "gate", "train", "measure_champion", "benchmark", "ask_ledger")
    },
    "decide": lambda ids: tasks.decide(ids, "promote", {}),
    "promote": tasks.promote,
    "keep_champion": tasks.keep_champion,
    "close_cycle": tasks.close_cycle,
}


@pytest.mark.parametrize("task", TASKS)
def test_a_task_of_a_closed_cycle_answers_in_one_line_and_touches_nothing(ids, tmp_path, task, capsys):
    before = sorted(
        (str(path), path.read_bytes()) for path in (tmp_path / "store").rglob("*") if path.is_file()
    )
    with pytest.raises(Exception) as caught:  # noqa: B017, PT011
        TASKS[task](ids)
    assert (type(caught.value).__name__, str(caught.value)) == ("AirflowSkipException", CLOSED)
    assert capsys.readouterr().out == f"[autodidact] {CLOSED}\n"
    assert (
        sorted((str(path), path.read_bytes()) for path in (tmp_path / "store").rglob("*") if path.is_file())
        == before
    )


def test_a_cycle_that_was_never_decided_does_not_close_whatever_was_marked_a_success(ids, capsys):
    runtime = Runtime(load_settings())
    cycle = load_cycle(runtime, "shop", ids["cycle_id"])
    later = cycle.model_copy(update={"cycle_id": "2026-11-24T0000Z", "until": "2026-11-24T00:00:00Z"})
    runtime.store.write_json(f"{later.folder}/cycle.json", later)
    with runtime.chronicle() as chronicle:
        chronicle.record_cycle(later.model_dump(mode="json"))
        with pytest.raises(Exception, match="decide of 2026-11-24T0000Z has not finished"):
            tasks.close_cycle(ids | {"cycle_id": later.cycle_id})
        assert not chronicle.is_closed("shop", later.cycle_id)


def test_a_person_approves_the_version_that_is_promoted_also_one_of_an_earlier_cycle(ids, monkeypatch):
    from autodidact.cycle import summary

    monkeypatch.setattr(summary, "summarize", lambda cycle, *_: cycle)
    monkeypatch.setattr(summary, "as_card", lambda cycle: f"the card of {cycle.cycle_id}")
    runtime = Runtime(load_settings())
    later = a_cycle(runtime.settings, cycle_id="2026-11-24T0000Z", until="2026-11-24T00:00:00Z")
    runtime.store.write_json(f"{later.folder}/cycle.json", later)
    promotes = {"cycle_id": ids["cycle_id"], "version": "v1", "expected": "base-1"}
    verdict = {"outcome": "reject", "reasons": ["worse"], "promotes": promotes}
    runtime.store.write_json(f"{later.folder}/verdict.json", verdict)
    with runtime.chronicle() as chronicle:
        chronicle.record_cycle(later.model_dump(mode="json"))
    told = tasks.report(ids | {"cycle_id": later.cycle_id}, "verdict")
    assert told == "**v1** in place of base-1\n\nthe card of 2026-11-23T1200Z"


def test_a_run_whose_cycle_could_not_be_opened_has_one_red_task():
    with pytest.raises(Exception, match="open_cycle did not succeed; its log says why") as caught:
        tasks.stage(None, "gate")
    assert type(caught.value).__name__ == "AirflowSkipException"


@pytest.mark.parametrize("ids", [[], "x", 5, {"a": 1}, {"system": "shop", "cycle_id": "c"}])
def test_what_open_cycle_left_and_somebody_changed_is_one_red_line(ids):
    with pytest.raises(Exception, match="^open_cycle did not succeed. Its log says why") as caught:
        tasks.decide(ids, "promote", {})
    assert type(caught.value).__name__ == "AirflowFailException"


@pytest.mark.parametrize(
    ("answer", "noted"), [(["Reject"], ["the training was not approved"]), (["Approve"], []), (None, [])]
)
def test_a_training_was_refused_only_where_the_approval_s_own_answer_says_so(monkeypatch, answer, noted):
    from autodidact.training import stage

    said = []
    monkeypatch.setattr(stage, "skip", lambda cycle, here, reason: said.append(reason))
    tasks.note_consent(
        None,
        None,
        SimpleNamespace(
            xcom_pull=lambda task_ids, key: (
                answer if (task_ids, key) == ("approve_training", "answer") else None
            )
        ),
    )
    assert said == noted


def test_what_was_rolled_back_once_is_neither_repeated_nor_told_again_by_a_click(ids, monkeypatch):
    from autodidact.promotion import change_champion

    monkeypatch.setenv("AUTODIDACT_SYSTEM", "cafe")
    runtime = Runtime(load_settings())
    with runtime.chronicle() as chronicle:
        before = None
        for version in ("v1", "v2", "v3"):
            chronicle.register_version("cafe", version, "", {"id": "b", "sha256": version}, None, "nf4")
            change_champion.promote(
                chronicle,
                runtime.store,
                runtime.settings,
                "cafe",
                version,
                expected=before,
                by="a cycle",
                reason="better",
            )
            before = version
    wish = {"version": None, "reason": "it insults customers"}
    for _ in range(3):  # the first time, a retry whose answer was lost, and a click
        assert tasks.rollback(wish, "monday")["version"] == "v2"
    assert tasks.rollback(wish, "tuesday")["version"] == "v1"
    look = {"system": "cafe", "version": "v2", "champion": "v1", "ended": "rolled_back", "reason": "slow"}
    assert tasks.after_watch(look) == {"system": "cafe", "version": "v1", "reason": "slow"}
    with pytest.raises(Exception, match="v2, which the watch brought back, serves no more") as caught:
        tasks.after_watch(look | {"version": "v3", "champion": "v2"})  # cleared a week later
    assert type(caught.value).__name__ == "AirflowSkipException"
    with pytest.raises(
        Exception, match="of autodidact_rollback has brought v2 back already, and now v1"
    ) as caught:
        tasks.rollback(wish, "monday")
    assert type(caught.value).__name__ == "AirflowSkipException"


# One process, one Airflow, a world a case. Each case prints {"case", and what it found}.
CASES = """
import json, os, sys, tempfile
sys.path.insert(0, ROOT)
from pathlib import Path
from tests.airflow_ import cycle_runs
from tests.airflow_.cycle_runs import Run, World
from tests.sandbox import Sandbox
from autodidact.cycle import run as stages
from autodidact_airflow import tasks

folder, world, count = Path(FOLDER), None, 0
box = Sandbox(folder / "shop")
basket = 'class Basket:\\n    def add(self, item: str) -> None:\\n        "Put an item into the basket."\\n'
box.commit("Begin", {"shop/basket.py": basket})
cycle_runs.fake_stages(lambda: world)
dag = cycle_runs.load_dag()

def new():
    global world, count
    count += 1
    world = World(folder, box.path, count)

def tell(case, run, **more):
    served = world.served.read_text() if world.served.exists() else None
    first = versions()[0] if versions() else None
    found = {"case": case, "states": run.states(), "champion": world.champion(), "served": served}
    found |= {"first": first, "lines": world.lines, "note": run.note()}
    print(json.dumps(found | more), flush=True)
    world.lines.clear()

def versions():
    with world.chronicle() as chronicle:
        return [row["version"] for row in chronicle.versions("shop") if row["adapter"]]

def closing():
    with world.chronicle() as chronicle:
        return [[row["status"], row["outcome"], row["reason"]] for row in reversed(chronicle.cycles("shop"))]

def adapter():
    (file,) = Path(os.environ["AUTODIDACT_STORE"]).glob("shop/cycles/*/training/adapter/*")
    return file.read_text()

# A closed cycle
new()
run = Run(dag, 10)
tell("all well", run)
tasks.rollback({"version": None, "reason": "it insults customers"}, f"by hand {count}")
run.clear("decide")
tell("closed and rolled back: clear decide", run)
world.weights = "second"
cycle_runs.upgrade()
run.clear("train")
tell("closed, upgraded: clear train", run, adapter=adapter())
run.clear("generate.ast_parser")
tell("closed, upgraded: clear a generator", run, adapter=adapter())
run.clear("open_cycle")
tell("closed: clear everything", run)
run.mark("train", "failed")
tell("closed: mark train failed", run, adapter=adapter())
run.clear("promote", downstream=False)
later = Run(dag, 5)
later_champion = world.champion()
run.clear("decide")
tell("closed, and a later cycle: clear decide", run, same=world.champion() == later_champion != versions()[0])

# A deployment that fails
new()
world.break_deployment(True)
run = Run(dag, 10)
tell("promote fails", run, closing=closing())
world.weights = "second"
cycle_runs.upgrade()
run.clear("train")
tell("promote failed, upgraded: clear train", run, adapter=adapter())
world.break_deployment(False)
run.clear("promote")
tell("promote failed, mended: clear promote", run, closing=closing())

new()
world.break_deployment(True)
run = Run(dag, 10)
world.break_deployment(False)
os.environ |= {"AUTODIDACT_GENERATORS__ONLY": '["session_miner"]', "AUTODIDACT_SOURCES__SESSIONS": "[]"}
world.measured.clear()
run = Run(dag, 5)
tell("promote failed, the next cycle has nothing new", run, measured=world.measured, closing=closing())

new()
world.break_deployment(True)
run = Run(dag, 10)
run.mark("promote", "success")
tell("promote failed: mark it success", run, closing=closing())

# Stages that fail
new()
world.fails = {"train"}
run = Run(dag, 10)
tell("train fails", run)
run.mark("train", "success")
tell("train failed: mark it success", run, closing=closing())
run.mark("decide", "success")
run.mark("promote", "success")
run.mark("keep_champion", "success")
tell("train failed: mark all that follows it success", run, closing=closing())
world.fails = set()
run.clear("train")
tell("train failed, marked success, mended: clear train", run, closing=closing())

new()
world.fails = {"benchmark"}
run = Run(dag, 10)
run.mark("benchmark", "success")
tell("benchmark failed: mark it success", run, closing=closing())
world.fails = set()
later = Run(dag, 5)
tasks.rollback({"version": None, "reason": "it insults customers"}, f"by hand {count}")
run.clear("benchmark")
tell("overtaken by a later cycle: clear benchmark", run, closing=closing())

new()
world.fails = {"generate.ast_parser"}
run = Run(dag, 10)
tell("a generator fails", run, closing=closing())

new()
os.environ["AUTODIDACT_GENERATORS__MAX_FAILED"] = "0"
world.fails = {"generate.ast_parser"}
run = Run(dag, 10)
tell("too many generators fail", run, closing=closing())
del os.environ["AUTODIDACT_GENERATORS__MAX_FAILED"]

new()
world.secret = True
run = Run(dag, 10)
tell("the cycle wrote a secret", run, closing=closing())

new()
world.better = False
tell("the champion is kept", Run(dag, 10), closing=closing())

new()
run = Run(dag, 10, {"settings": {"deploy.command": "touch /tmp/owned"}})
print(json.dumps({"case": "open_cycle fails", "states": run.states(), "lines": world.lines}), flush=True)
"""

OK = {
    "generators": "skipped success",
    "open_cycle": "success",
    "gate": "success",
    "train": "success",
    "measure_champion": "success",
    "benchmark": "success",
}
UP = "upstream_failed"
# case: (states that are not as in OK: decide, promote, keep_champion, close_cycle, the run), more states
TABLE = {
    "all well": ("success success skipped success success", {}),
    "closed and rolled back: clear decide": ("skipped skipped skipped skipped success", {}),
    "closed, upgraded: clear train": (
        "skipped skipped skipped skipped success",
        {"train": "skipped", "benchmark": "skipped"},
    ),
    "closed, upgraded: clear a generator": (
        "skipped skipped skipped skipped success",
        {"gate": "skipped", "train": "skipped", "measure_champion": "skipped", "benchmark": "skipped"},
    ),
    "closed: clear everything": (
        "skipped skipped skipped skipped success",
        {
            "generators": "skipped",
            "gate": "skipped",
            "train": "skipped",
            "measure_champion": "skipped",
            "benchmark": "skipped",
        },
    ),
    "promote fails": (f"success failed skipped {UP} failed", {}),
    "promote failed, upgraded: clear train": (f"success failed skipped {UP} failed", {}),
    "promote failed, mended: clear promote": ("success success skipped success success", {}),
    "promote failed, the next cycle has nothing new": (
        "success success skipped success success",
        {
            "generators": "skipped",
            "gate": "skipped",
            "train": "skipped",
            "measure_champion": "skipped",
            "benchmark": "skipped",
            "ask_ledger": "skipped",
        },
    ),
    "promote failed: mark it success": ("success success skipped success success", {}),
    "train fails": (f"{UP} {UP} {UP} {UP} failed", {"train": "failed", "benchmark": UP}),
    "train failed: mark it success": (f"{UP} {UP} {UP} {UP} failed", {"benchmark": "failed"}),
    "train failed: mark all that follows it success": (
        "success success success failed failed",
        {"benchmark": "failed"},
    ),
    "train failed, marked success, mended: clear train": ("success success skipped success success", {}),
    "benchmark failed: mark it success": (f"failed {UP} {UP} {UP} failed", {}),
    "overtaken by a later cycle: clear benchmark": ("success skipped success success success", {}),
    "a generator fails": (
        "success success skipped success success",
        {"generators": "failed skipped success"},
    ),
    "too many generators fail": (
        f"{UP} {UP} {UP} {UP} failed",
        {
            "generators": "failed skipped success",
            "gate": "failed",
            "train": UP,
            "measure_champion": UP,
            "benchmark": UP,
        },
    ),
    "the cycle wrote a secret": (f"failed {UP} {UP} {UP} failed", {}),
    "the champion is kept": ("success skipped success success success", {}),
    "open_cycle fails": (
        f"{UP} {UP} {UP} {UP} failed",
        {
            "generators": UP,
            "open_cycle": "failed",
            "gate": "skipped",
            "train": UP,
            "measure_champion": UP,
            "benchmark": UP,
        },
    ),
}


@pytest.fixture(scope="module")
def found(airflow_home, tmp_path_factory) -> dict[str, dict]:
    return cases_of(CASES, tmp_path_factory.mktemp("worlds"), airflow_home)


@pytest.mark.slow
def test_the_states_are_those_of_the_table(found):
    wanted = {}
    for case, (last, more) in TABLE.items():
        names = ("decide", "promote", "keep_champion", "close_cycle", "run")
        states = OK | more | dict(zip(names, last.split(), strict=True))
        # It stands between the branches and `close_cycle`, and ends as that does where that has not failed.
        closed = states["close_cycle"]
        wanted[case] = {"ask_ledger": "success" if closed == "failed" else closed} | states
    seen = {case: found[case]["states"] for case in wanted}
    assert {case: {name: seen[case][name] for name in wanted[case]} for case in wanted} == wanted


@pytest.mark.slow
def test_the_verdict_stands_at_the_run_as_its_note_once_the_cycle_has_closed(found):
    assert found["all well"]["note"] == (
        "Verdict: promote, better on the knowledge probe. In service: shop-2."
    )
    assert found["train fails"]["note"] is None


@pytest.mark.slow
def test_nothing_of_a_closed_cycle_changes_and_each_task_says_why(found):
    base = found["closed and rolled back: clear decide"]["champion"]
    assert found["all well"]["champion"] == found["all well"]["served"] == found["all well"]["first"]
    assert base.startswith("base-")
    for case in (
        "closed and rolled back: clear decide",
        "closed, upgraded: clear train",
        "closed, upgraded: clear a generator",
    ):
        assert found[case]["champion"] == found[case]["served"] == base
        assert found[case]["lines"][-1].endswith("is closed; to run the window again use the param `again`")
    for case in (
        "closed, upgraded: clear train",
        "closed, upgraded: clear a generator",
        "closed: mark train failed",
    ):
        assert found[case]["adapter"] == "first"
    assert found["closed, and a later cycle: clear decide"]["same"] is True


@pytest.mark.slow
def test_a_deployment_that_fails_is_red_the_champion_serves_again_and_the_candidate_is_not_lost(found):
    failed = found["promote fails"]
    assert failed["champion"] == failed["served"] and failed["champion"].startswith("base-")
    assert [row[0] for row in failed["closing"]] == ["open"]
    assert (
        found["promote failed, upgraded: clear train"]["adapter"] == "first"
    )  # a registered version never changes
    mended = found["promote failed, mended: clear promote"]
    assert mended["champion"] == mended["served"] == mended["first"] and mended["closing"][0][:2] == [
        "closed",
        "promoted",
    ]
    taken_up = found["promote failed, the next cycle has nothing new"]
    assert taken_up["champion"] == taken_up["served"] == taken_up["first"]
    assert taken_up["measured"] == []  # all generators were skipped: nobody needed the GPU
    given_up = found["promote failed: mark it success"]
    assert given_up["champion"].startswith("base-") and given_up["closing"][0][:2] == [
        "closed",
        "rolled_back",
    ]


@pytest.mark.slow
def test_what_failed_is_not_closed_as_something_else(found):
    assert [row[0] for row in found["train failed: mark it success"]["closing"]] == ["open"]
    assert [row[0] for row in found["train failed: mark all that follows it success"]["closing"]] == ["open"]
    assert [row[0] for row in found["benchmark failed: mark it success"]["closing"]] == ["open"]
    overtaken = found["overtaken by a later cycle: clear benchmark"]
    assert overtaken["champion"].startswith("base-") and overtaken["closing"][0][:2] == [
        "closed",
        "superseded",
    ]
    assert "1 of its generators failed: ast_parser" in found["a generator fails"]["closing"][0][2]
    secret = found["the cycle wrote a secret"]
    assert (
        secret["champion"].startswith("base-")
        and secret["served"] is None
        and secret["closing"][0][0] == "open"
    )
    assert secret["first"] is None  # its adapter is not registered yet: gate and training can be done again
    assert found["open_cycle fails"]["lines"][0].startswith("ERROR: A run may not set 'deploy.command'")
