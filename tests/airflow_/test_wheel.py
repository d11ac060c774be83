"""A wheel is enough: what it holds, and what it does in an environment that has nothing else of this checkout.

A truly fresh environment is made by `python3 -m venv fresh && fresh/bin/pip install torch==2.13.0 --index-url
https://download.pytorch.org/whl/cpu && fresh/bin/pip install autodidact-*.whl`, in some minutes and with a
network. Here the packages that the wheel needs are linked from the environment of the tests instead, all but
this one, and every Python process writes down what it opens in the checkout.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import textwrap
import zipfile
from email import message_from_string
from pathlib import Path

import pytest

from tests.sandbox import Sandbox

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = Path(sysconfig.get_path("purelib"))
BUILT_FROM = "include pyproject.toml setup.py MANIFEST.in requirements-run.in README.md LICENSE".split()
pytestmark = pytest.mark.slow

# In the environment, read by every Python process when it starts.
WATCH = """
import os, sys

CHECKOUTS, BUT, SEEN = {checkouts!r}, {but!r}, {seen!r}

def watch(event, arguments):
    if event == "open" and isinstance(arguments[0], str):
        path = os.path.abspath(arguments[0])
        if path.startswith(CHECKOUTS) and not path.startswith(BUT):
            with open(SEEN, "a") as file:
                print(path, file=file)

sys.addaudithook(watch)
"""


def tracked() -> list[str]:
    listed = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", *BUILT_FROM]
    found = subprocess.run(listed, cwd=ROOT, capture_output=True, text=True, check=True)
    return [name for name in found.stdout.splitlines() if (ROOT / name).is_file()]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    """Built from a copy of what git has of the checkout, as `pip install` of a git address builds it."""
    folder = tmp_path_factory.mktemp("wheel")
    for name in tracked():
        (folder / "source" / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, folder / "source" / name)
    command = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation", "--no-index"]
    subprocess.run([*command, folder / "source", "-w", folder], cwd=folder, check=True)
    shutil.rmtree(folder / "source")
    return next(folder.glob("autodidact-*.whl"))


class Fresh:
    """An environment with the wheel, and a folder to work in."""

    def __init__(self, wheel: Path, folder: Path):
        self.folder, self.seen, self.python = folder, folder / "seen.txt", folder / "env" / "bin" / "python"
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder / "env"], check=True)
        mine = next((folder / "env").glob("lib/python*/site-packages"))
        linked = folder / "linked"
        linked.mkdir()
        editable = []
        for each in PACKAGES.iterdir():
            if each.name.startswith("__editable__"):
                editable += [line for line in each.read_text().splitlines() if line.startswith("/")]
            elif not each.name.startswith("autodidact"):
                (linked / each.name).symlink_to(each)
        checkouts = tuple(f"{path}/" for path in (ROOT, *editable))
        watch = WATCH.format(checkouts=checkouts, but=f"{PACKAGES}/", seen=str(self.seen))
        (mine / "watch_files.py").write_text(watch)
        (mine / "linked.pth").write_text(f"import watch_files\n{linked}\n")
        pip = [sys.executable, "-m", "pip", f"--python={self.python}", "install", "-q", "--no-deps"]
        clean = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        subprocess.run([*pip, "--no-index", wheel], cwd=folder, env=clean, check=True)

    def run(self, *command: str, **variables: str) -> str:
        """What the command prints. Its home, Airflow and working folder are of its own."""
        environment = {
            "PATH": f"{self.python.parent}{os.pathsep}{os.environ['PATH']}",
            "HOME": str(self.folder),
            "AIRFLOW_HOME": str(self.folder / "airflow"),
            "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
            "AIRFLOW__CORE__DAGS_FOLDER": str(self.folder / "dags"),
            "HF_HUB_OFFLINE": "1",
        }
        done = subprocess.run(
            command, env=environment | variables, cwd=self.folder, capture_output=True, text=True, timeout=900
        )
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-3000:]
        return done.stdout


@pytest.fixture(scope="module")
def fresh(wheel, tmp_path_factory) -> Fresh:
    made = Fresh(wheel, tmp_path_factory.mktemp("fresh"))
    yield made
    assert not made.seen.exists(), made.seen.read_text()


def test_the_wheel_has_every_file_of_the_packages_and_the_samples(wheel):
    expected = {
        name.removeprefix("include/").replace("samples/", "autodidact/samples/", 1)
        if name.startswith("include/samples/")
        else name.removeprefix("include/")
        for name in tracked()
        if name.startswith("include/")
    }
    held = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    assert held == expected


def test_it_demands_airflow_as_a_range_and_nothing_that_only_tests_or_style_need(wheel):
    archive = zipfile.ZipFile(wheel)
    name = next(name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
    needed = message_from_string(archive.read(name).decode()).get_all("Requires-Dist")
    always = {re.split(r"[^\w-]", line)[0]: line for line in needed if "extra ==" not in line}
    assert always["apache-airflow"] == "apache-airflow<3.4,>=3.3.2"
    ours = (ROOT / "requirements.in").read_text().partition("`make standalone` and the tests")[2]
    for line in ours.splitlines():
        assert not line or line.startswith("#") or re.split(r"[<>=]", line)[0] not in always, line


SHOW = """
    import json, sys
    from pathlib import Path
    import autodidact, autodidact_airflow
    from airflow.dag_processing.dagbag import DagBag
    from airflow.plugins_manager import _get_plugins
    from airflow.providers_manager import ProvidersManager
    from autodidact.settings import SAMPLES
    bag, manager = DagBag(dag_folder=sys.argv[1], collect_dags=True), ProvidersManager()
    plugins, errors = _get_plugins()
    print("SHOWN " + json.dumps({
        "places": sorted({str(Path(module.__file__).parent.parent) for module in (autodidact, autodidact_airflow)}),
        "samples": (SAMPLES / "mcp_server.py").is_file(),
        "dags": {dag.dag_id: Path(dag.fileloc).name for dag in bag.dags.values()},
        "import_errors": bag.import_errors,
        "provider": manager.providers["autodidact"].version,
        "links": sorted(name for name in manager.extra_links_class_names if "autodidact" in name),
        "tested": [name for name, found in manager.hooks.items() if found.connection_testable and "autodidact" in name],
        "form": manager.field_behaviours["autodidact_judge"],
        "plugin": [str(plugin.source) for plugin in plugins if plugin.name == "autodidact"],
        "plugin_errors": errors,
    }))
"""


def test_airflow_finds_provider_plugin_and_the_dags_of_one_line(fresh):
    dags = fresh.folder / "dags"
    dags.mkdir()
    (dags / "ours.py").write_text(
        "from autodidact_airflow.dags import autodidact_cycle, autodidact_rollback, autodidact_watch\n"
    )
    (dags / "shop.py").write_text(
        "from autodidact_airflow.dags import cycle_dag\n\ncycle_dag(system='shop', repository='/srv/shop')\n"
    )
    said = fresh.run(str(fresh.python), "-c", textwrap.dedent(SHOW), str(dags))
    shown = json.loads(next(line for line in said.splitlines() if line.startswith("SHOWN "))[6:])
    assert shown["places"] == [str(next((fresh.folder / "env").glob("lib/python*/site-packages")))]
    assert shown["samples"] and shown["import_errors"] == {} == shown["plugin_errors"]
    shipped = {f"autodidact_{kind}": "ours.py" for kind in ("cycle", "rollback", "watch")}
    assert shown["dags"] == shipped | {f"{dag_id}_shop": "shop.py" for dag_id in shipped}
    assert shown["provider"] == "0.1.0"
    assert shown["plugin"] == [
        "autodidact==0.1.0: EntryPoint(name='autodidact', value='autodidact_airflow.plugin:AutodidactPlugin',"
        " group='airflow.plugins')"
    ]
    assert sorted(shown["tested"]) == [
        f"autodidact_{name}" for name in ("chronicle", "git", "judge", "notify", "server", "store", "teacher")
    ]
    assert shown["form"]["relabeling"] == {"host": "Address", "password": "Key"}
    assert shown["links"] == [f"autodidact_airflow.links.{name}Link" for name in ("Gate", "Lost", "Verdict")]


def test_the_command_generates_and_gates_with_the_data_of_the_wheel(fresh):
    sandbox = Sandbox(fresh.folder / "shop")
    code = 'LIMIT = 3\n\n\ndef price(item):\n    """What an item costs."""\n    return 3\n'
    sandbox.commit("Sell", {"shop.py": code})
    samples = ("--set", "sources.samples=true", "--set", "base_model=sprout")
    places = ("--repo", str(sandbox.path), "--out", "made")
    made = json.loads(fresh.run("autodidact", "generate", *places, *samples, "--json"))
    assert len(made) == 13 and {row["status"] for row in made.values()} == {"done"}
    raw = sum(row["examples"] for row in made.values())
    assert raw > 100
    kept = json.loads(fresh.run("autodidact", "gate", "made", "--out", "kept", *samples, "--json"))
    assert 0 < kept["kept"] <= kept["raw"] == raw
