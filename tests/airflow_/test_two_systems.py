"""Two systems in one deployment, in runs of Airflow: cycles, assets, notes and roll-backs stay apart."""

import json
import subprocess
import sys

import pytest

from tests.airflow_.cycle_runs import DAG_FILE

ROOT = DAG_FILE.parents[1]
RUN = """
import json, os, subprocess, sys
sys.path.insert(0, ROOT)
from pathlib import Path
from airflow.dag_processing.dagbag import DagBag
from airflow.models.asset import AssetEvent
from airflow.utils.session import create_session
from tests.airflow_ import cycle_runs
from tests.airflow_.cycle_runs import Run, World
from tests.sandbox import Sandbox

folder, world = Path(FOLDER), None
cycle_runs.fake_stages(lambda: world)
lines = ["from autodidact_airflow.dags import cycle_dag"]
for name in ("cafe", "pay"):
    box = Sandbox(folder / name)
    box.commit("Begin", {"code.py": f'class {name.title()}:\\n    "What {name} is."\\n'})
    lines.append(f"cycle_dag(system={name!r}, repository={str(box.path)!r}, schedule=None)")
(folder / "dags").mkdir()
(folder / "dags" / "systems.py").write_text("\\n".join(lines))
subprocess.run(["airflow", "dags", "reserialize"], check=True, capture_output=True)
world = World(folder, folder / "cafe", 1)
bag = DagBag(dag_folder=str(folder / "dags"), collect_dags=True)
assert not bag.import_errors, bag.import_errors
found = {}
for name in ("cafe", "pay"):
    dag = bag.dags[f"autodidact_cycle_{name}"]
    for task in dag.tasks:
        task.retries = 0
    run = Run(dag, 10)
    found[name] = {"states": run.states(), "note": run.note()}
bag.dags["autodidact_rollback_pay"].test(run_conf={"reason": "wrong prices"})
with world.chronicle() as chronicle:
    for name in found:
        states = [row["state"] for row in chronicle.versions(name)]
        found[name] |= {"champion": chronicle.champion(name)["version"][:4], "states_of_versions": sorted(states)}
    found["systems"] = sorted(chronicle.systems())
with create_session() as session:
    found["told"] = [[event.asset.name, event.extra] for event in session.query(AssetEvent).all()]
print("FOUND " + json.dumps(found), flush=True)
"""


@pytest.mark.slow
def test_cycles_assets_and_rollbacks_of_two_systems_stay_apart(airflow_home, tmp_path):
    code = f"ROOT, FOLDER = {str(ROOT)!r}, {str(tmp_path)!r}\n{RUN}"
    folder = {"AIRFLOW__CORE__DAGS_FOLDER": str(tmp_path / "dags")}
    done = subprocess.run(
        [sys.executable, "-c", code], env=airflow_home | folder, capture_output=True, text=True, timeout=1100
    )
    lines = [line for line in done.stdout.splitlines() if line.startswith("FOUND ")]
    assert lines, done.stdout[-3000:] + done.stderr[-3000:]
    found = json.loads(lines[-1][6:])
    assert found["systems"] == ["cafe", "pay"]
    for name in ("cafe", "pay"):
        assert found[name]["states"]["run"] == "success", found[name]
        assert found[name]["states"]["promote"] == "success"
        assert found[name]["note"]
    assert found["cafe"]["champion"] != "base" and found["pay"]["champion"] == "base"
    assert (
        found["cafe"]["states_of_versions"] == found["pay"]["states_of_versions"] == ["archived", "champion"]
    )
    told = {}
    for asset, extra in found["told"]:
        if asset.endswith(("_cafe", "_pay")):  # other tests use the same Airflow
            told.setdefault(asset, []).append(extra)
    assert {asset: [extra["system"] for extra in extras] for asset, extras in told.items()} == {
        "autodidact_champion_cafe": ["cafe"],
        "autodidact_champion_pay": ["pay", "pay"],
        "autodidact_knowledge_cafe": ["cafe"],
        "autodidact_knowledge_pay": ["pay"],
    }
    assert told["autodidact_champion_pay"][1]["reason"] == "wrong prices"
    assert len(told["autodidact_knowledge_pay"][0]["commit"]) == 40
