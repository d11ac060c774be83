"""The suite and the judge as the command shows them."""

import json

import pytest
from typer.testing import CliRunner

from autodidact.benchmark import describe_suite
from autodidact.cli import app
from autodidact.errors import UsageError
from autodidact.settings import load_settings


def command(*arguments):
    return CliRunner().invoke(app, list(arguments))


def test_list_has_every_family_once_with_its_scorer():
    told, text = describe_suite.listing(load_settings(environ={}))
    assert len(told["families"]) == 135 and sum(row["hidden"] for row in told["families"]) == 45
    assert sum(row["scorer"] == "judge" for row in told["families"]) == 7 and all(
        row["about"] for row in told["families"]
    )
    assert text.startswith("autodidact 1, level 1: 135 families") and "tool_use/nested_args" in text


def test_show_is_the_item_as_a_model_sees_it_and_how_it_is_scored():
    told, text = describe_suite.item(
        load_settings(overrides={"benchmark.level": 2}, environ={}), "tool_use/nested_args/0"
    )
    assert (
        told["level"] == 2
        and told["messages"][-1]["content"] in text
        and "[scored by call]" in text
        and '"calls"' in text
    )


def test_the_command_shows_both():
    listed = command("benchmark", "--list", "--json")
    assert listed.exit_code == 0 and len(json.loads(listed.stdout)["families"]) == 135
    shown = command("benchmark", "--show", "affect_reasoning/calm_reply/0")
    assert shown.exit_code == 0 and "The judge, by the rubric of the target" in shown.stdout
    wrong = command("benchmark", "--show", "affect_reasoning/calm_replies/0")
    assert wrong.exit_code == 2 and "Did you mean 'affect_reasoning/calm_reply'?" in wrong.stderr


def test_a_family_of_ones_own_is_listed_and_a_bad_one_is_a_line(tmp_path):
    (tmp_path / "bad.yaml").write_text("category: tool_use\nscorer: label\nprompt: x\n")
    bad = command("benchmark", "--list", "--set", f"benchmark.families={tmp_path}")
    assert (
        bad.exit_code == 2
        and "bad.yaml: it has no 'answer'. Needed are" in bad.stderr
        and len(bad.stderr.splitlines()) == 1
    )


def test_judge_check_states_kappa_with_its_interval(serve, tmp_path):
    server = serve('{"verdict": "correct", "reason": "fine"}')
    options = [
        "--store",
        str(tmp_path),
        "--set",
        f"judge.url={server.url}",
        "--set",
        "judge.model=yes",
        "--set",
        "teacher.model=yes-2",
    ]
    done = command("judge-check", *options, "--set", "teacher.url=http://t/v1", "--json")
    assert done.exit_code == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["low"] <= told["kappa"] <= told["high"] and (told["n"], told["missing"], told["counted"]) == (
        147,
        0,
        False,
    )
    assert told["kappa"] == told["checks_alone"] and told["warning"].startswith(
        "the judge yes is of the same family as the teacher yes-2"
    )


def test_judge_check_of_a_judge_that_is_not_there_is_one_line(serve, tmp_path, monkeypatch):
    server = serve((200, "<html>Welcome</html>"))
    options = ["--store", str(tmp_path), "--set", f"judge.url={server.url}"]
    done = command("judge-check", *options, "--set", "judge.model=a")
    assert done.exit_code == 1 and "is no OpenAI-compatible server: it answered 'text/html'" in done.stderr
    assert command("judge-check", *options).exit_code == 1


def test_an_item_that_is_not_there_says_what_is():
    with pytest.raises(UsageError, match="Did you mean"):
        describe_suite.item(load_settings(environ={}), "reasoning/cascade/0")
