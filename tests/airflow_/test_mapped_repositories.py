"""Generators mapped over the repositories of a system, and the gate over shards: the tasks, and that what they
make together is what one task makes alone.
"""

import json

import pytest

from tests.airflow_.cycle_runs import cases_of
from tests.airflow_.test_dag_factory import dags_of

READ_REPOSITORIES = {"ast_parser", "diff_miner", "knowledge_graph", "architecture_docs", "conciseness_drills"}


def test_a_dag_file_that_names_several_repositories_maps_the_generators_that_read_them(tmp_path):
    shop = """
        from autodidact_airflow.dags import cycle_dag
        cycle_dag(system="shop", repository="/srv/shop", repositories=["/srv/billing"], watch=False, rollback=False)
    """
    dags, errors = dags_of(tmp_path, shop=shop)
    assert errors == {}
    dag = dags["autodidact_cycle_shop"]
    assert {task_id for task_id in dag.task_dict if task_id.startswith("repositories.")} == {
        "repositories.names",
        *(f"repositories.{name}" for name in READ_REPOSITORIES),
    }
    for name in READ_REPOSITORIES:
        mapped, whole = dag.get_task(f"repositories.{name}"), dag.get_task(f"generate.{name}")
        assert (mapped.is_mapped, mapped.pool) == (True, "generate")
        assert mapped.upstream_task_ids == {"open_cycle", "repositories.names"}
        assert whole.upstream_task_ids == {"open_cycle", f"repositories.{name}"}
        assert whole.trigger_rule.value == "none_failed"
    assert dag.get_task("generate.tool_spec").upstream_task_ids == {"open_cycle"}
    generators = {task_id for task_id in dag.task_dict if task_id.startswith("generate.")}
    assert dag.get_task("gate").upstream_task_ids == {"open_cycle", "gate_shards.screen", *generators}
    assert dag.get_task("gate_shards.screen").is_mapped
    assert dag.get_task("gate_shards.screen").pool == "generate"
    assert dag.get_task("gate_shards.names").upstream_task_ids == {"open_cycle", *generators}
    assert dag.get_task("gate_shards.names").trigger_rule.value == "all_done"


def test_the_shipped_dag_maps_them_where_the_variable_names_several_and_only_there(tmp_path, monkeypatch):
    ours = "from autodidact_airflow.dags import autodidact_cycle"
    for value, mapped in (('["/srv/billing"]', True), ("[]", False), ("", False)):
        monkeypatch.setenv("AUTODIDACT_SOURCES__REPOSITORIES", value)
        dags, errors = dags_of(tmp_path, ours=ours)
        assert errors == {}
        for task_id in ("repositories.names", "gate_shards.names"):
            assert (task_id in dags["autodidact_cycle"].task_dict) is mapped


# Two runs of the same window, each in a store of its own: mapped, and with each generator in one task. The third
# is of a cycle that is closed already.
CASES = """
import json, os, sys
sys.path.insert(0, ROOT)
from datetime import datetime, timedelta, timezone
from pathlib import Path
from tests.airflow_.cycle_runs import World, fake_stages, load_dag
from tests.airflow_.test_mapped_repositories import READ_REPOSITORIES
from tests.generators.test_several_repositories import files
from tests.sandbox import Sandbox

folder, worlds, names = Path(FOLDER), [], ["billing", "depot", "empty"]
fake_stages(lambda: worlds[-1])
first = Sandbox(folder / "shop")
first.commit("Begin", files("order", 8010))
for number, name in enumerate(names[:2]):
    Sandbox(folder / name).commit("Begin", files(name, 8020 + 10 * number))
Sandbox(folder / "empty").commit("Begin", {"notes.bin": "nothing"})
at = datetime.now(timezone.utc).replace(second=0, microsecond=0) - timedelta(hours=20)


def run(case):
    ended = load_dag().test(logical_date=at)
    states = {(ti.task_id, ti.map_index): str(ti.state) for ti in ended.get_task_instances()}
    store = worlds[-1].folder / "store"
    made = {
        str(path.relative_to(store)): path.read_text()
        for kind in ("generated", "gate")
        for path in sorted(store.glob(f"shop/cycles/*/{kind}/**/*"))
        if path.is_file() and not path.name.endswith("manifest.json")
    }
    rows = [[task_id, index, state] for (task_id, index), state in sorted(states.items())]
    print(json.dumps({"case": case, "states": rows, "made": made}), flush=True)


def world():
    worlds.append(World(folder, first.path, len(worlds)))
    os.environ["AUTODIDACT_SOURCES__SAMPLES"] = "false"
    os.environ["AUTODIDACT_GENERATORS__ONLY"] = json.dumps(sorted(READ_REPOSITORIES))


several = json.dumps([str(folder / name) for name in names])
world()
os.environ["AUTODIDACT_SOURCES__REPOSITORIES"] = several
run("mapped")
run("closed")
del os.environ["AUTODIDACT_SOURCES__REPOSITORIES"]
config = folder / "autodidact.toml"
config.write_text(f"[sources]\\nrepositories = {several}\\n")
os.environ["AUTODIDACT_CONFIG"] = str(config)
world()
run("in one task")
"""


@pytest.fixture(scope="module")
def found(airflow_home, tmp_path_factory) -> dict[str, dict]:
    return cases_of(CASES, tmp_path_factory.mktemp("worlds"), airflow_home)


def states_of(found: dict, prefix: str) -> dict[str, str]:
    """{task id, with the index of a mapped one: state}"""
    rows = [
        (task_id, index, state) for task_id, index, state in found["states"] if task_id.startswith(prefix)
    ]
    return {f"{task_id}[{index}]" if index >= 0 else task_id: state for task_id, index, state in rows}


@pytest.mark.slow
def test_mapped_generators_make_byte_for_byte_what_one_task_makes(found):
    mapped, whole = found["mapped"]["made"], found["in one task"]["made"]
    assert mapped == whole
    # No commit is in the window of the run, so that there is nothing for one of them.
    made = {f"{name}.jsonl" for name in READ_REPOSITORIES - {"diff_miner"}}
    assert {path.rpartition("/")[2] for path in mapped} >= made
    (rows,) = (text for path, text in mapped.items() if path.endswith("/ast_parser.jsonl"))
    there = {json.loads(row)["source"].get("repository") for row in rows.splitlines()}
    assert there == {None, "billing", "depot"}


@pytest.mark.slow
def test_each_repository_is_a_task_instance_and_one_without_a_source_is_skipped(found):
    assert states_of(found["mapped"], "repositories.ast_parser") == {
        "repositories.ast_parser[0]": "success",
        "repositories.ast_parser[1]": "success",
        "repositories.ast_parser[2]": "success",
        "repositories.ast_parser[3]": "skipped",
    }
    assert states_of(found["mapped"], "generate.ast_parser") == {"generate.ast_parser": "success"}
    assert states_of(found["mapped"], "close_cycle") == {"close_cycle": "success"}
    assert states_of(found["in one task"], "repositories") == {}


@pytest.mark.slow
def test_what_each_generator_made_is_a_shard_of_the_gate(found):
    states = states_of(found["mapped"], "gate")
    assert states.pop("gate") == states.pop("gate_shards.names") == "success"
    made = len(READ_REPOSITORIES - {"diff_miner"})
    assert states == {f"gate_shards.screen[{number}]": "success" for number in range(made)}
    assert states_of(found["in one task"], "gate_shards") == {}
    assert not [path for path in found["mapped"]["made"] if "/shards/" in path]


@pytest.mark.slow
def test_of_a_closed_cycle_nothing_is_mapped_and_nothing_is_made(found):
    assert set(states_of(found["closed"], "repositories").values()) == {"skipped"}
    assert set(states_of(found["closed"], "generate").values()) == {"skipped"}
    assert set(states_of(found["closed"], "gate").values()) == {"skipped"}
    assert found["closed"]["made"] == found["mapped"]["made"]
