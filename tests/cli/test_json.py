"""`--json`: every command has it, and what it prints is one valid document. And how the command starts."""

import json
import math
import subprocess
import sys

from typer.main import get_command

from autodidact.cli import app
from autodidact.cli.command import json_of
from tests.cli.test_cli import run


def test_every_command_has_it():
    for name, command in get_command(app).commands.items():
        assert "--json" in {option for each in command.params for option in each.opts}, name


def test_what_json_has_no_number_for_is_null_and_what_steers_is_written_out():
    value = {"a": [math.nan, 1.5, (math.inf,)], "b": "x\x1b[2J\u202e\x7f", "c": "Käse"}
    text = json_of(value)
    assert text == '{"a": [null, 1.5, [null]], "b": "x\\u001b[2J\\u202e\\u007f", "c": "Käse"}'
    assert json.loads(text)["b"] == value["b"]


def test_commands_that_need_no_cycle_print_one_document(tmp_path, sandbox):
    sandbox.commit("Begin", {"a.py": "x = 1\n"})
    for arguments in (["completion", "fish"], ["init"], ["benchmark", "--list"], ["history"], ["show"]):
        done = run(*arguments, "--json", cwd=sandbox.path)
        assert done.stdout.count("\n") == 1 and json.loads(done.stdout), arguments


def test_the_command_starts_without_heavy_packages(tmp_path):
    heavy = "{'airflow', 'numpy', 'pydantic', 'rich', 'sqlalchemy', 'torch', 'transformers'}"
    code = f"import sys, autodidact.cli; print({heavy} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"
