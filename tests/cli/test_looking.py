"""`autodidact show` and `autodidact compare`, on a cycle whose texts are hostile."""

import json

import pytest

from autodidact.chronicle import Chronicle
from autodidact.cycle.compare_models import compare
from autodidact.runtime import Runtime
from autodidact.settings import load_settings
from tests.airflow_ import page_data
from tests.airflow_.page_data import DONE, SYSTEM, VERSION
from tests.cli.test_cli import run

HOSTILE = {"\x1b", "\x9b", "\u202e"}


@pytest.fixture(scope="module")
def deployment(tmp_path_factory) -> dict[str, str]:
    """The variables of a deployment with one closed cycle, whose candidate was promoted, and one that runs."""
    return page_data.fill(tmp_path_factory.mktemp("deployment"))


def test_show_has_stages_with_their_durations_and_the_rules_of_the_verdict(tmp_path, deployment):
    done = run("show", DONE, "--system", SYSTEM, cwd=tmp_path, **deployment)
    lines = done.stdout.splitlines()
    assert done.returncode == 0, done.stderr
    assert "generate.ast_parser          done     1 min 01 s  examples 2, new 1" in lines
    assert "generate.goal_examples       skipped  1 min 01 s  sources.goals names no file" in lines
    assert "promote                      done     -" in lines
    assert (
        "better_on_suite  0.900      0.990  no      3 more <script>alert(1)</script>\\u202egnp.exe" in lines
    )
    assert lines[-1] == (
        "By the knowledge probe: better on probe (not with 3 fewer of 9 questions right or less)"
    )
    assert not HOSTILE & set(done.stdout)


def test_show_as_json_has_every_stage_and_what_would_have_changed_the_verdict(tmp_path, deployment):
    found = json.loads(run("show", DONE, "--system", SYSTEM, "--json", cwd=tmp_path, **deployment).stdout)
    assert (found["cycle_id"], found["status"], found["outcome"]) == (DONE, "closed", "promoted")
    assert found["stages"][1] == {
        "stage": "generate.ast_parser",
        "state": "done",
        "seconds": 61.0,
        "started": "2026-11-23T12:00:01Z",
        "reason": None,
        "counts": {"examples": 2, "new": 1},
    }
    assert [each["stage"] for each in found["stages"][-6:]] == [
        "benchmark",
        "decide",
        "promote",
        "keep_champion",
        "ask_ledger",
        "close_cycle",
    ]
    assert found["would_change"][0]["how"] == "By the knowledge probe"


def test_show_takes_the_beginning_of_a_cycles_name_and_the_version_that_it_trained(tmp_path, deployment):
    for name in (DONE[:10], VERSION):
        found = run("show", name, "--system", SYSTEM, "--json", cwd=tmp_path, **deployment)
        assert json.loads(found.stdout)["cycle_id"] == DONE, found.stderr
    several = run("show", "2026-11-2", "--system", SYSTEM, cwd=tmp_path, **deployment)
    assert several.returncode == 2 and several.stderr == (
        f"autodidact: 2 cycles of {SYSTEM} begin with '2026-11-2': {page_data.RUNS}, {DONE}. Write more of it.\n"
    )


def compared(deployment, a: str, b: str) -> dict:
    url = deployment["AUTODIDACT_CHRONICLE__URL"]
    settings = load_settings(environ=deployment)
    with Chronicle(url) as chronicle:
        return compare(Runtime(settings), chronicle, SYSTEM, a, b)


def test_the_same_model_by_version_by_its_beginning_and_by_cycle_differs_in_nothing(deployment):
    for name in (VERSION, VERSION[:-3], DONE):
        found = compared(deployment, name, DONE)
        assert (found["won"], found["lost"], found["compared"], found["note"]) == ([], [], 3, None)
        assert found["difference"] == {"mean": 0.0, "low": 0.0, "high": 0.0}


def test_base_and_version_are_compared_on_the_items_that_both_answered(deployment):
    found = compared(deployment, "base-1", VERSION)
    assert [(each["item"], each["a_score"], each["b_score"]) for each in found["won"]] == [
        ("tool_use/two/0", 0.0, 1.0)
    ]
    assert [each["item"] for each in found["lost"]] == ["tool_use/one/0"]
    tool_use = next(row for row in found["scores"] if row["name"] == "tool_use")
    assert tool_use["a"]["score"] == tool_use["b"]["score"] == 2 / 3 and tool_use["a"]["n"] == 3
    assert 0 < tool_use["a"]["low"] < 2 / 3 < tool_use["a"]["high"] < 1
    assert tool_use["difference"]["mean"] == 0.0


def test_the_command_lists_what_was_won_and_lost_with_both_answers(tmp_path, deployment):
    done = run("compare", "base-1", VERSION, "--system", SYSTEM, cwd=tmp_path, **deployment)
    evil = "<script>alert(1)</script>\\u202egnp.exe"
    assert done.stdout.splitlines()[-6:] == [
        "",
        "Lost by B: 1 of 1",
        "tool_use/one/0  1.00 -> 0.00",
        f"    asked Which tool for one? {evil}",
        f"    A     champion says one {evil}",
        f"    B     candidate says one {evil}",
    ]
    assert not HOSTILE & set(done.stdout)
    with_json = run("compare", "base-1", VERSION, "--system", SYSTEM, "--json", cwd=tmp_path, **deployment)
    assert [each["item"] for each in json.loads(with_json.stdout)["lost"]] == ["tool_use/one/0"]


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["compare", "base-1", "nobody"], f"{SYSTEM} has neither a version nor a cycle 'nobody'"),
        (["compare", page_data.RUNS, DONE], f"{page_data.RUNS} was not measured"),
        (["show", "2020-01-01T0000Z"], "There is no cycle '2020-01-01T0000Z'"),
    ],
)
def test_mistakes_are_one_line(tmp_path, deployment, arguments, complaint):
    done = run(*arguments, "--system", SYSTEM, cwd=tmp_path, **deployment)
    assert done.returncode == 2 and complaint in done.stderr and done.stderr.count("\n") == 1
