"""The small parts of the page: marked differences, durations, cells of a CSV, lines of a source."""

import subprocess

from autodidact.cycle.source_lines_of_example import lines_of
from autodidact.gate.hidden_examples import as_shown
from autodidact.promotion.what_would_change import needed, would_change
from autodidact.sources.forgotten_sources import NOTHING
from autodidact_airflow.dashboard.cycle import overall_interval
from autodidact_airflow.dashboard.items import unread_call
from autodidact_airflow.dashboard.rendering import _cell, marked, rounded, safe, seconds
from tests.airflow_ import page_data
from tests.cycles import a_cycle


def test_words_that_the_other_answer_does_not_have_are_marked():
    assert marked("the port is 25", "the port is 587") == "the port is <mark>25</mark>"
    assert marked("<b> one", "two") == "<mark>&lt;b&gt; one</mark>"
    assert marked("same", "same") == "same"
    assert marked("alone", None) == "alone"


def test_what_steers_a_terminal_or_a_direction_is_written_out_and_long_texts_are_cut():
    assert safe("a\u202eb\x1b[31m") == "a\\u202eb\\u001b[31m"
    assert safe("x" * 10_000).endswith("[... 4,000 more characters]")


def test_durations():
    values = (0.04, 61.4, 240, 7200, 86400 * 9, 86400 * 800, None)
    assert [seconds(value) for value in values] == [
        "0.0 s",
        "61 s",
        "4 min",
        "2.0 h",
        "9 days",
        "2.2 years",
        "–",
    ]


def test_no_cell_of_a_csv_begins_a_formula():
    assert [_cell(value) for value in ("=1+1", "@x", "plain", -3, None)] == [
        "'=1+1",
        "'@x",
        "plain",
        -3,
        None,
    ]


def test_the_interval_of_an_overall_score():
    report = {"overall": 0.5, "categories": {"a": {"score": 0.5, "n": 25}, "b": {"score": 0.5, "n": 25}}}
    found = overall_interval(report)
    assert (round(found["low"], 4), found["score"], round(found["high"], 4)) == (0.3614, 0.5, 0.6386)
    assert overall_interval({"overall": None, "categories": {}}) is None


def test_what_is_shown_of_an_example():
    def shown(answer, **more):
        talk = [{"role": "user", "content": "Which key?"}, {"role": "assistant", "content": answer}]
        return as_shown({"bytes": 900_000, "messages": talk} | more)

    assert shown("None.")["messages"] == [("user", "Which key?"), ("assistant", "None.")]
    assert "looks like a secret" in shown("AKIA" + "Q3EGTJ5W7ZK2M4NB")["hidden"]
    assert "scored question" in shown("None.", dropped={"rule": "leakage", "reason": "r"})["hidden"]
    assert "900,000 bytes" in shown("None.", too_large=True)["hidden"]
    for broken in ([1], [{"content": 5}], "text", [{"tool_calls": [{}]}]):
        assert (
            shown("", messages=broken, source="x", dropped="y")["hidden"] == "The record is no conversation."
        )
    assert shown("", messages=None)["hidden"] == "Its text was not kept."


def test_the_lines_of_a_source_without_secrets(tmp_path):
    commit = page_data.a_repository(tmp_path / "repo")
    repository = {"path": str(tmp_path / "repo"), "branch": None, "commit": commit, "previous": None}
    cycle = a_cycle(repositories=[repository])

    def shown(commit: str, path: str, lines: list[int]):
        source = {"kind": "git", "ref": path, "commit": commit, "path": path, "lines": lines}
        return lines_of(cycle, source, NOTHING)

    found = shown(commit, "shop.py", [8, 9])
    assert found.rows[0] == (5, False, "line_5 = 5") and found.rows[3] == (8, True, "line_8 = 8")
    assert shown(commit, "../secret", [1, 2]).why.startswith("This machine has no such file")
    assert shown("--upload-pack=x", "shop.py", [1, 2]).rows == []
    key = "AKIA" + "Q3EGTJ5W7ZK2M4NB"
    (tmp_path / "repo" / "shop.py").write_text(f'aws_access_key_id = "{key}"\n')
    git = ["git", "-C", str(tmp_path / "repo"), "-c", "user.name=a", "-c", "user.email=a@b.c"]
    subprocess.run([*git, "commit", "-qam", "key"], check=True)
    newest = subprocess.run(
        [*git, "rev-parse", "HEAD"], check=True, capture_output=True, text=True
    ).stdout.strip()
    assert shown(newest, "shop.py", [1, 1]).why.startswith("Something in these lines looks like a secret")
    mail = lines_of(cycle, {"kind": "transcript", "ref": "talk.jsonl:3"}, NOTHING)
    assert mail.rows == [] and "transcript" in mail.why


def test_long_figures_in_a_text_are_rounded():
    assert rounded("overall 0.2558605209605209") == "overall 0.2559"
    assert rounded("verdict of 2022-01-24T1215Z: 99.857%") == "verdict of 2022-01-24T1215Z: 99.857%"


def judged(outcome: str, **passed: bool) -> dict:
    """A verdict with rules; `__` in a name is a point."""
    rules = [
        {
            "name": name.replace("__", "."),
            "value": 0.1,
            "threshold": 0.2,
            "passed": held,
            "needs": f"need {n}",
        }
        for n, (name, held) in enumerate(passed.items())
    ]
    return {"outcome": outcome, "rules": rules}


def test_what_would_have_changed_a_refusal_is_one_of_two_routes():
    both = judged("undecided", better_on_suite=False, better_on_hidden_families=False, suite_not_worse=False)
    assert would_change(both) == [
        ("Either by the suite", ["better on suite (need 0)", "better on hidden families (need 1)"]),
        ("or by the knowledge probe", ["suite not worse (need 2)"]),
    ]
    assert needed(both) == (
        "needed either better on suite (need 0) and better on hidden families (need 1),"
        " or suite not worse (need 2)"
    )
    alone = judged("undecided", looks=False, better_on_suite=False)
    assert would_change(alone) == [
        ("In any case", ["looks (need 0)"]),
        ("By the suite", ["better on suite (need 1)"]),
    ]
    assert needed(alone) == "needed looks (need 0); and better on suite (need 1)"


def test_a_route_that_is_open_makes_the_other_one_immaterial():
    guarded = judged("reject", guard__tool_use=False, better_on_suite=False, better_on_probe=True)
    assert would_change(guarded) == [("In any case", ["guard: tool use (need 0)"])]


def test_a_promotion_hangs_on_the_routes_that_were_open():
    one = judged("promote", better_on_suite=True, better_on_hidden_families=False, better_on_probe=True)
    assert would_change(one) == [("By the knowledge probe", ["better on probe (need 2)"])]
    two = judged("promote", better_on_suite=True, better_on_probe=True)
    assert would_change(two) == [
        ("By the suite", ["better on suite (need 0)"]),
        ("and also by the knowledge probe", ["better on probe (need 1)"]),
    ]
    assert needed(one) == "" and needed({"outcome": "not_comparable", "rules": []}) == ""


def test_why_what_looks_like_a_tool_call_is_none():
    assert unread_call('<tool_call>\n{"name": "f", "arguments": {"a", "b"}}\n</tool_call>') == (
        ": its JSON is malformed"
    )
    assert unread_call('<tool_call>\n{"name": "f", "arguments": {"a": 1,') == (
        ": it is cut off, so it is no whole JSON"
    )
    assert unread_call('<tool_call>{"name": "f", "arguments": [1]}</tool_call>') == (
        ": its arguments are no JSON object"
    )
    assert unread_call("<tool_call>[1]</tool_call>") == ": it is no JSON object with a name"
    assert unread_call("<tool_call>" + "[" * 100_000) == ": it is cut off, so it is no whole JSON"
    assert unread_call("I would call f.") == "" == unread_call("between <tool_call></tool_call> marks")
