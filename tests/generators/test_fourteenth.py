"""Another generator is one folder and one line: a copy of the tree gets both, and everything else knows it.

The generator is `fourteenth/sql_schema`, which reads the CREATE TABLE statements of `.sql` files.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LINE = '    Generator("sql_schema", teaches=("architecture",), probe=10),\n'
SCHEMA = """CREATE TABLE pier (
  name text PRIMARY KEY
);
CREATE TABLE berth (
  id integer PRIMARY KEY,
  pier text REFERENCES pier,
  length integer,
  UNIQUE (pier, id)
);
"""


@pytest.fixture
def tree(tmp_path) -> Path:
    """A copy of the tree with the new folder and the new line."""
    copy = tmp_path / "tree"
    for folder in ("include", "dags", "scripts"):
        shutil.copytree(ROOT / folder, copy / folder, ignore=shutil.ignore_patterns("__pycache__"))
    generators = copy / "include" / "autodidact" / "generators"
    shutil.copytree(Path(__file__).parent / "fourteenth" / "sql_schema", generators / "sql_schema")
    listed = (generators / "__init__.py").read_text()
    end = 'Generator("consciousness", teaches=("consciousness_articulation",)),\n'
    assert listed.count(end) == 1
    (generators / "__init__.py").write_text(listed.replace(end, end + LINE))
    return copy


def python(tree: Path, *arguments: str) -> str:
    """What Python prints that imports the library from this tree."""
    environment = os.environ | {"PYTHONPATH": str(tree / "include")}
    ran = subprocess.run(
        [sys.executable, *arguments], env=environment, cwd=tree, capture_output=True, text=True, timeout=120
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def test_the_probe_the_teacher_and_the_page_of_the_generators_know_it(tree):
    script = """
import json, runpy
from autodidact.generators.run_generator import is_reserved
from autodidact.generators.writing.probe_questions import ProbeFact, questions
from autodidact.generators.sql_schema import WORDINGS

source = {"kind": "git", "ref": "schema.sql:1"}
facts = [ProbeFact("created_in", f"t{n}", f"{n}.sql", [f"{n}.sql"], source) for n in range(99)]
print(json.dumps({
    "questions": len(questions("sql_schema", facts, WORDINGS)),
    "reserved": is_reserved("In what file is the table `berth` declared?"),
    "page": runpy.run_path("scripts/document_generators.py")["text"](),
}))
"""
    found = json.loads(python(tree, "-c", script))
    assert (found["questions"], found["reserved"]) == (10, True)
    assert "| [sql_schema](#sql_schema) | architecture |\n" in found["page"]
    assert "\n## sql_schema\n\nThe tables of the system's databases" in found["page"]


@pytest.mark.slow
def test_it_generates_the_gate_counts_it_and_airflow_has_its_task(tree, sandbox, tmp_path):
    sandbox.commit("Begin", {"db/schema.sql": SCHEMA})
    made, gated, store = (str(tmp_path / name) for name in ("made", "gated", "store"))
    command = ("-m", "autodidact.cli")
    only = ("--only", "sql_schema", "--repo", str(sandbox.path), "--out", made, "--store", store)
    python(tree, *command, "generate", *only)
    rows = [json.loads(line) for line in Path(made, "sql_schema.jsonl").read_text().splitlines()]
    answers = {row["messages"][-2]["content"]: row["messages"][-1]["content"] for row in rows}
    assert answers["Which columns has the table `berth`?"] == "id, pier and length."
    assert answers["To which tables does `berth` refer?"] == "pier."
    assert answers["Which file creates the table `berth`?"] == "db/schema.sql"
    asked = [json.loads(line) for line in Path(made, "sql_schema.questions.jsonl").read_text().splitlines()]
    assert sorted(question["subject"] for question in asked) == ["berth", "pier"]

    python(tree, *command, "gate", made, "--out", gated, "--store", store)
    report = json.loads(Path(gated, "report.json").read_text())
    assert report["by_generator"]["sql_schema"]["raw"] == len(rows) == 12

    script = (
        "from airflow.dag_processing.dagbag import DagBag\n"
        "bag = DagBag(dag_folder='dags', collect_dags=True)\n"
        "task = bag.dags['autodidact_cycle'].get_task('generate.sql_schema')\n"
        "print(sorted(task.upstream_task_ids), sorted(task.downstream_task_ids))"
    )
    assert python(tree, "-c", script).splitlines()[-1] == "['open_cycle'] ['gate', 'knowledge']"
