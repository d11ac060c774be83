"""`autodidact verdict` on files as people leave them."""

import copy
import json
import random

import pytest
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st
from typer.testing import CliRunner

from autodidact.benchmark.read_report import read_report
from autodidact.cli import app
from autodidact.errors import AutodidactError
from autodidact.promotion.verdict import verdict
from autodidact.promotion.verdict_text import as_text
from autodidact.settings import load_settings
from tests.promotion.test_evidence_rule import BETTER, report, some

MINE, THEIRS = (
    json.loads(report(some(plus=BETTER)).model_dump_json()),
    json.loads(report(some()).model_dump_json()),
)
SETTINGS = [load_settings("laptop", {"verdict.rule": rule}, environ={}) for rule in ("evidence", "seed")]


def told(tmp_path, mine, theirs=THEIRS, *options):
    """(exit status, standard output, standard error); a text is written as it is."""
    for name, content in (("a.json", mine), ("b.json", theirs)):
        data = content if isinstance(content, (str, bytes)) else json.dumps(content)
        (tmp_path / name).write_bytes(data if isinstance(data, bytes) else data.encode())
    done = CliRunner().invoke(
        app,
        [
            "verdict",
            str(tmp_path / "a.json"),
            "--champion",
            str(tmp_path / "b.json"),
            "--profile",
            "laptop",
            *options,
        ],
    )
    return done.exit_code, done.stdout, done.stderr


def test_a_promotion_is_status_0_and_one_json_object(tmp_path):
    status, out, _ = told(tmp_path, MINE, THEIRS, "--json")
    made = json.loads(out)
    assert (status, made["outcome"], made["more_evidence"]) == (0, "promote", False)
    assert (
        set("p_better difference rules reasons would_change categories sign_test items alarms".split())
        <= made.keys()
    )


def test_the_base_s_report_is_the_third(tmp_path):
    mine, theirs = (
        {**made, "model": {"sha256": name, "adapter": name}} for name, made in (("a", MINE), ("b", THEIRS))
    )
    (tmp_path / "base.json").write_text(json.dumps(THEIRS))
    for options, compared in (((), False), (("--base", str(tmp_path / "base.json")), True)):
        status, out, _ = told(tmp_path, mine, theirs, "--json", *options)
        made = json.loads(out)
        assert (status, made["outcome"]) == (0, "promote")
        assert any(rule["name"] == "not_worse_than_base" for rule in made["rules"]) is compared
        assert any("--base" in reason for reason in made["reasons"]) is not compared


def test_anything_else_is_status_1_and_says_what_would_have_changed_it(tmp_path):
    status, out, _ = told(tmp_path, THEIRS, MINE)
    assert status == 1 and out.startswith("undecided\n") and "What would have changed the answer:" in out


@pytest.mark.parametrize(
    "content, complaint",
    [
        (json.dumps(MINE)[:5000], "a.json is no benchmark report: Invalid JSON"),
        (b"\x80\x02}q\x00.", "a.json is no benchmark report: Invalid JSON"),
        ("[" * 100_000, "a.json is no benchmark report: Invalid JSON"),
        ("", "a.json is no benchmark report: Invalid JSON"),
        ("[]", "a.json is no benchmark report: Input should be an object"),
        (
            {k: v for k, v in MINE.items() if k != "blocks"},
            "a.json is no benchmark report: blocks: Field required",
        ),
        (MINE | {"format": 2}, "a.json is no benchmark report: format: Input should be 1"),
    ],
)
def test_a_damaged_report_is_one_line(tmp_path, content, complaint):
    status, out, error = told(tmp_path, content)
    assert (status, out, error.count("\n")) == (1, "", 1) and complaint in error


@pytest.mark.parametrize(
    "change, complaint",
    [
        ({"fingerprint": "other"}, "the fingerprints differ"),
        ({"blocks": [0, 1]}, "the reports cover blocks [0, 1] and [0, 1, 2]"),
        (
            {"model": {"base_sha256": "x"}},
            "the candidate and the champion are adapters of different base models",
        ),
        ({"overall": 0.9}, "the candidate's report is damaged: it states 0.9 for overall"),
    ],
)
def test_what_cannot_be_compared_is_one_line_and_no_verdict(tmp_path, change, complaint):
    status, out, _ = told(tmp_path, MINE | change, THEIRS | {"model": {"base_sha256": "y"}})
    head, line = out.strip().split("\n")
    assert (status, head) == (1, "not_comparable") and line.startswith(f"- {complaint}")


VALUES = [
    None,
    0,
    -1,
    1.5,
    "x",
    [],
    {},
    True,
    float("nan"),
    float("inf"),
    1e308,
    "tool_use",
    [None],
    {"a": 1},
    "\ud800",
]


def changed(data, rng):
    """The report with one to three values somewhere in it taken away or replaced."""
    made = copy.deepcopy(data)
    for _ in range(rng.randint(1, 3)):
        node = made
        while node and isinstance(node, (dict, list)):
            key = rng.choice(list(node) if isinstance(node, dict) else range(len(node)))
            if rng.random() < 0.35 or not node[key] or not isinstance(node[key], (dict, list)):
                if rng.random() < 0.3:
                    del node[key]
                else:
                    node[key] = copy.deepcopy(rng.choice(VALUES))
                break
            node = node[key]
    return made


@hypothesis(
    max_examples=20,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(seed=st.integers(0, 2**32))
def test_whatever_is_changed_in_a_report_there_is_a_verdict_or_one_line(tmp_path, seed):
    rng = random.Random(seed)
    (tmp_path / "a.json").write_text(json.dumps(changed(MINE, rng)))
    (tmp_path / "b.json").write_text(json.dumps(changed(THEIRS, rng) if rng.random() < 0.5 else THEIRS))
    try:
        reports = [read_report(tmp_path / name) for name in ("a.json", "b.json")]
    except AutodidactError as error:
        assert "is no benchmark report: " in error.message and "\n" not in error.message
        return
    for settings in SETTINGS:
        judged = verdict(*reports, settings)
        assert as_text(judged) and judged.model_dump_json()
        assert judged.outcome != "not_comparable" or (judged.reasons and not judged.rules)
