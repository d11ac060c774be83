"""The command as scripts see it: exit status, one JSON object on standard output, one line of error."""

import json
import os
import subprocess
import sys

import pytest

from autodidact.cli.single_stages import counted

COMMANDS = """
    cycle generate gate train benchmark verdict promote rollback history status doctor sprout serve watch
    init show compare examples facts forget completion export
""".split()


def run(*arguments, cwd, **environment):
    line = [sys.executable, "-m", "autodidact.cli", *map(str, arguments)]
    return subprocess.run(
        line, cwd=cwd, env=os.environ | environment, capture_output=True, text=True, timeout=200
    )


def here(tmp_path, repository=None):
    """Options that keep everything below tmp_path."""
    options = ["--store", tmp_path / "store", "--set", f"chronicle.url=sqlite:///{tmp_path}/chronicle.db"]
    return [*options, "--set", f"sources.repository={repository}"] if repository else options


def test_every_promised_command_is_there_and_takes_the_common_options():
    from typer.main import get_command

    from autodidact.cli import app

    commands = get_command(app).commands
    assert set(COMMANDS) <= set(commands)
    for name in COMMANDS:
        options = {option for parameter in commands[name].params for option in parameter.opts}
        assert {"--profile", "--set", "--store", "--json", "--debug"} <= options, name
    for name in ("generate", "knowledge", "gate", "train", "benchmark", "measure-champion"):
        assert {"--cycle", "--repo", "--force"} <= {
            option for parameter in commands[name].params for option in parameter.opts
        }, name


@pytest.mark.parametrize(
    ("arguments", "status", "complaint"),
    [
        (["generate"], 2, "generate needs --cycle ID, or --out FOLDER"),
        (["gate", "--json"], 2, "gate needs --cycle ID, or EXAMPLES and --out FOLDER"),
        (["train", "nowhere.jsonl", "--out", "t"], 2, "nowhere.jsonl does not exist"),
        (["benchmark", "--out", "b", "--blocks", "one"], 2, "--blocks 'one' is no list of numbers"),
        (["benchmark", "--out", "b", "--adapter", "."], 2, "is no adapter: it has no adapter_config.json"),
        (["verdict", "a.json", "--champion", "b.json"], 2, "a.json does not exist"),
        (["doctor", "--set", "gate.capp=1", "--json"], 1, "Unknown setting 'gate.capp'"),
        (["cycle", "--set", "gate.cap"], 2, "has no '='"),
        (["cycle", "--until", "tomorrow"], 2, "'tomorrow' is no time"),
        (["cycle", "--until", "0001-01-01T00:00:00+14:00"], 2, "is no time"),
        (
            ["generate", "--out", "o", "--until", "2026-02-01"],
            2,
            "shop has no commit before 2026-02-01T00:00:00Z. Choose a later end",
        ),
        (
            ["cycle", "--until", "2026-03-01", "--since", "2026-03-05"],
            2,
            "begins at 2026-03-05T00:00:00Z and ends at 2026-03-01T00:00:00Z",
        ),
        (["generate", "--cycle", "latest", "--since", "2026-03-05"], 2, "A cycle's window is fixed"),
        (["facts", "--at", "2026-02-01"], 2, "shop has no commit before 2026-02-01T00:00:00Z"),
        (["facts", "--at", "9999-01-01"], 2, "The window ends in the future"),
        (["facts", "--at", "2026-03-02", "--kind", "port"], 2, "Such facts do not exist"),
        (["history", "--profile", "desktop"], 2, "Unknown profile 'desktop'"),
        (["verdict", "--json"], 2, "Missing argument 'CANDIDATE_REPORT'. See `autodidact verdict --help`."),
        (["benchmark", "--json", "--rounds", "3"], 2, "No such option: --rounds"),
        (
            ["cycle", "--json", "--set", "approval=before_promote"],
            2,
            "a person's consent is asked in Airflow alone",
        ),
        (
            ["gate", "--cycle", "2026-03-01T1200Z", "--force", "--json"],
            2,
            "There is no cycle '2026-03-01T1200Z'",
        ),
    ],
)
def test_a_mistake_is_one_line_and_a_status(tmp_path, sandbox, arguments, status, complaint):
    sandbox.commit("Begin", {"a.py": "x = 1\n"})
    done = run(*arguments, *here(tmp_path, sandbox.path), cwd=tmp_path)
    assert (done.returncode, "Traceback" in done.stderr) == (status, False)
    assert complaint in (done.stdout + done.stderr)
    if "--json" in arguments:
        assert json.loads(done.stdout)
    elif status == 2:
        assert done.stdout == "" and done.stderr.count("\n") == 1


def test_what_steers_a_terminal_in_a_path_is_written_out(tmp_path):
    for more in ((), ("--json",)):
        done = run("gate", "a\x1b[2J\x9b31m\u202e", "--out", "g", *more, *here(tmp_path), cwd=tmp_path)
        assert not {"\x1b", "\x9b", "\u202e"} & set(done.stdout + done.stderr)
        assert "a\\u001b[2J\\u009b31m\\u202e has no <generator>.jsonl" in done.stderr
    assert json.loads(done.stdout)["error"].startswith("a\x1b[2J\x9b31m\u202e has no")


def test_a_folder_that_is_no_repository_and_an_empty_one_say_what_to_do(tmp_path, sandbox):
    (tmp_path / "plain").mkdir()
    for folder, complaint in (
        (tmp_path / "plain", "is not in a git repository"),
        (sandbox.path, "is empty. commit something there first"),
    ):
        done = run("cycle", "--repo", folder, *here(tmp_path), cwd=tmp_path)
        assert done.returncode in (1, 2) and complaint in done.stderr.lower(), done.stderr
        assert done.stderr.count("\n") == 1


def test_doctor_names_what_is_there(tmp_path, sandbox):
    sandbox.commit("Begin", {"a.py": "x = 1\n"})
    done = run("doctor", "--json", *here(tmp_path, sandbox.path), cwd=tmp_path)
    told = json.loads(done.stdout)
    assert {row["name"] for row in told["checks"]} == {
        "python",
        "settings",
        "repository",
        "store",
        "chronicle",
        "base model",
        "template",
        "licence",
        "accelerator",
        "memory",
        "other sources",
        "airflow",
    }
    assert all(row["ok"] for row in told["checks"]) and done.returncode == 0, told


def test_generate_and_gate_work_on_plain_paths(tmp_path, sandbox):
    sandbox.commit(
        "Begin",
        {
            "shop/basket.py": (
                'class Basket:\n    """What a customer wants to buy."""\n\n    def add(self, item: str) ->'
                " None:\n        pass\n"
            )
        },
    )
    only = "--only ast_parser --only goal_examples --only consciousness --set generators.limit=40".split()
    made = run(
        "generate",
        "--repo",
        sandbox.path,
        "--out",
        tmp_path / "made",
        "--until",
        "2026-04-01",
        *only,
        "--json",
        *here(tmp_path),
        cwd=tmp_path,
    )
    assert made.returncode == 0, made.stderr
    rows = json.loads(made.stdout)
    assert {name: row["status"] for name, row in rows.items()} == {
        "ast_parser": "done",
        "goal_examples": "skipped",
        "consciousness": "done",
    }
    assert rows["goal_examples"] | {"errors": []} == {
        "status": "skipped",
        "examples": 0,
        "reason": "sources.goals names no file",
        "setting": "sources.goals",
        "errors": [],
    }
    assert (
        "I am the model of" in (told := (tmp_path / "made" / "consciousness.jsonl").read_text())
        and "in the cycle 2026-04-01T0000Z." in told
    )
    gated = run(
        "gate", tmp_path / "made", "--out", tmp_path / "gated", "--json", *here(tmp_path), cwd=tmp_path
    )
    assert gated.returncode == 0, gated.stderr
    report = json.loads(gated.stdout)
    kept = (tmp_path / "gated" / "kept.jsonl").read_text().splitlines()
    assert report["kept"] == len(kept) > 0
    assert report == json.loads((tmp_path / "gated" / "report.json").read_text())


def test_the_package_is_light_to_import():
    code = "import sys, autodidact; print(sorted({'airflow', 'torch', 'pydantic'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "[]\n"


def test_the_library_never_imports_airflow():
    from pathlib import Path

    import autodidact

    offenders = [
        str(p)
        for p in Path(autodidact.__file__).parent.rglob("*.py")
        if "import airflow" in p.read_text() or "from airflow" in p.read_text()
    ]
    assert offenders == []


def test_a_generator_that_made_nothing_is_shown_with_what_it_could_not_read():
    error = {"reason": "a header that is not understood", "count": 1, "ref": "svc.csv: service, depends_on"}
    made = {"status": "done", "examples": 0, "errors": [error, {"reason": "a file is empty", "count": 1}]}
    assert counted("knowledge_graph", made) == (
        "knowledge_graph: 0 examples (a header that is not understood (svc.csv: service, depends_on))"
    )
    assert counted("knowledge_graph", made | {"examples": 2}) == "knowledge_graph: 2 examples"
    assert counted("wiki", {"status": "skipped", "examples": 0, "reason": "no file"}) == (
        "wiki: 0 examples (skipped: no file)"
    )
