"""A source is forgotten in a store that Airflow's DAG uses, with a closed cycle and an open one: what the runs
do afterwards, and that nothing of the source is left.
"""

import pytest

from tests.airflow_.cycle_runs import cases_of
from tests.forget.test_forget import holding

CASE = """
import json, os, sys
sys.path.insert(0, ROOT)
from pathlib import Path
from tests.airflow_ import cycle_runs
from tests.airflow_.cycle_runs import Run, World
from tests.sandbox import Sandbox
from autodidact.cycle.record import read_cycle
from autodidact.forget.run import forget
from autodidact.runtime import Runtime
from autodidact.settings import load_settings

folder, world = Path(FOLDER), None
box = Sandbox(folder / "shop")
code = 'class {}:\\n    def add(self, item: str) -> None:\\n        "Put an item into it."\\n'
box.commit("Begin", {"shop/basket.py": code.format("Basket"), "shop/odd.py": code.format("QuaggaLedger")})
cycle_runs.fake_stages(lambda: world)
dag = cycle_runs.load_dag()
world = World(folder, box.path, 1)
runtime = Runtime(load_settings(), say=lambda line: None)

def tell(case, run):
    found = {"case": case, "states": run.states(), "champion": world.champion()}
    found |= {"served": world.served.read_text(), "lines": world.lines}
    with world.chronicle() as chronicle:
        found["versions"] = {row["version"]: row["state"] for row in chronicle.versions("shop")}
    found["cycles"] = sorted(path.name for path in runtime.store.root.glob("shop/cycles/*"))
    print(json.dumps(found), flush=True)
    world.lines.clear()

closed = Run(dag, 10)
tell("closed", closed)
world.fails = {"benchmark"}
opened = Run(dag, 5)
tell("open", opened)
world.fails, world.weights = set(), "second"
receipt = forget(runtime, "shop", "shop/odd.py", by="ann")
print(json.dumps({"case": "receipt"} | receipt), flush=True)
tell("forgotten", opened)
opened.clear("benchmark")
tell("clear what failed", opened)
closed.clear("decide")
tell("clear the closed run", closed)
opened.clear("open_cycle")
tell("clear open_cycle", opened)
tell("the next run", Run(dag, 1))
"""


@pytest.fixture(scope="module")
def found(airflow_home, tmp_path_factory):
    """What was seen after each step, by its name; and the folder."""
    folder = tmp_path_factory.mktemp("forget")
    return cases_of(CASE, folder, airflow_home) | {"folder": folder / "world-1"}


@pytest.mark.slow
def test_the_champion_is_withdrawn_and_the_base_serves(found):
    first = found["closed"]["champion"]
    assert found["closed"]["served"] == first and not first.startswith("base-")
    after = found["forgotten"]
    assert after["champion"] == after["served"] and after["champion"].startswith("base-")
    assert after["versions"][first] == "withdrawn"
    assert first in found["receipt"]["versions"]


@pytest.mark.slow
def test_the_open_cycle_is_gone_and_its_run_says_what_to_do(found):
    (dropped,) = found["receipt"]["dropped_cycles"]
    assert dropped in found["open"]["cycles"] and dropped not in found["forgotten"]["cycles"]
    assert found["clear what failed"]["states"]["benchmark"] == "failed"
    assert found["clear what failed"]["lines"][-1] == (
        f"ERROR: The cycle {dropped} of shop was deleted when a source was forgotten that it had read."
        " Open its window again: in Airflow, clear `open_cycle` of its run."
    )


@pytest.mark.slow
def test_a_run_whose_cycle_is_closed_does_nothing(found):
    assert found["clear the closed run"]["states"]["decide"] == "skipped"
    assert found["clear the closed run"]["champion"].startswith("base-")


@pytest.mark.slow
def test_the_window_is_read_again_and_its_replacement_serves(found):
    again = found["clear open_cycle"]
    assert again["states"]["run"] == "success"
    assert again["champion"] == again["served"]
    assert again["champion"].startswith(found["receipt"]["dropped_cycles"][0])
    assert again["versions"][again["champion"]] == "champion"
    # The run after that is as any other.
    assert found["the next run"]["states"]["run"] == "success"
    assert found["the next run"]["served"] != found["closed"]["served"]


@pytest.mark.slow
def test_nothing_of_the_source_is_left_in_store_and_chronicle(found):
    assert holding(found["folder"], "quaggaledger") == []
