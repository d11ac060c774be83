"""report.json, report.md and the pictures, from a small kept.jsonl and dropped.jsonl."""

import json
from types import SimpleNamespace
from xml.etree import ElementTree

import pytest

from autodidact.gate.contradictions import OTHERWISE, OUTDATED
from autodidact.gate.counts import Tally
from autodidact.gate.report import Draw, finish, twin_of
from autodidact.gate.report_markdown import cut
from autodidact.records import example
from autodidact.store import Store

SETTINGS = SimpleNamespace(cap=600, min_tokens=10)
SOURCE = {"kind": "git", "ref": "shop/cart.py:4"}
SECRET = "ghp_" + "aB3dE6gH9" * 4


def good(n, category="architecture", generator="ast_parser", answer=None):
    return example(generator, category, f"What does `f{n}` do?", answer or " ".join(["word"] * n), SOURCE)


def dropped(row, rule, reason, value=None):
    return row.model_dump(mode="json") | {"dropped": {"rule": rule, "reason": reason, "value": value}}


@pytest.fixture
def made(tmp_path):
    store, kept = Store(tmp_path), [good(n) for n in (3, 12, 30)] + [good(5, "tool_use", "tool_spec")]
    lost = [
        dropped(good(40), "duplicates", "the same example", kept[0].id),
        dropped(good(41), "duplicates", "the same example", kept[0].id),
        dropped(good(50, answer="In a.py."), "contradictions", OTHERWISE, good(50, answer="In b.py.").id),
        dropped(good(50, answer="In b.py."), "contradictions", OTHERWISE, good(50, answer="In a.py.").id),
        dropped(good(30, answer="In c.py."), "contradictions", OUTDATED, kept[2].id),
        dropped(good(42, answer="~~~~\nnot | a <b>fence</b>"), "length", "too short | really", 2),
        dropped(good(43, answer=f"Use {SECRET}."), "coherence", "the answer is not about the question", 0.01),
        dropped(
            good(44, answer="The scored text."), "leakage", "half of a scored question", "reasoning/percent/0"
        ),
        {
            "generator": "tool_spec",
            "line": 7,
            "dropped": {"rule": "form", "reason": "not JSON", "value": None},
        },
    ]
    store.write_jsonl("gate/kept.jsonl", kept)
    store.write_jsonl("gate/dropped.jsonl", lost)
    tally = Tally(("form", "length", "leakage", "contradictions", "duplicates", "coherence"))
    tally.raw.update({"ast_parser": 8, "tool_spec": 2})
    report = tally.report(kept) | {"seed_kept_share": 0.277}
    outputs = finish(store, "gate", report, count=lambda text: len(text.split()), settings=SETTINGS)
    return store, outputs


def test_the_report_gains_figures_of_what_was_written(made):
    report = made[0].read_json("gate/report.json")
    assert report["settings"] == {"cap": 600, "min_tokens": 10}
    assert report["generators_by_category"] == {
        "tool_use": {"tool_spec": 1},
        "architecture": {"ast_parser": 3},
    }
    assert report["sources"] == [{"source": "shop/cart.py", "kept": 4}]
    assert report["lengths"] == {
        "tokens_from": [1, 10, 20, 40, 80, 160, 320, 800],
        "kept": [2, 1, 1, 0, 0, 0, 0, 0],
        "dropped": [6, 0, 0, 2, 0, 0, 0, 0],
    }
    kept = good(3).id
    assert report["clusters"] == {
        "groups": 1,
        "dropped": 2,
        "sizes": {"3": 1},
        "largest": [{"kept": kept, "dropped": 2, "by_generator": {"ast_parser": 2}}],
    }


def test_every_file_is_an_output_and_every_picture_is_well_formed(made):
    store, outputs = made
    pictures = {"funnel.svg", "lengths.svg", "categories.svg", "clusters.svg", "share.svg"}
    assert set(outputs) == pictures | {"report.json", "report.md"}
    for name in pictures:
        assert ElementTree.fromstring(store.read_text(f"gate/{name}")).tag.endswith("svg")
        assert f"]({name})" in store.read_text("gate/report.md")


def test_the_page_shows_examples_in_fences_that_they_cannot_close_and_never_one_with_a_secret(made):
    text = made[0].read_text("gate/report.md")
    assert "Kept **4** of 10 examples (40.0%); the article kept 1,183 of 4,263 (27.7%)" in text
    assert "~~~~~text\nuser: What does `f42` do?\nassistant: ~~~~\nnot | a <b>fence</b>\n~~~~~" in text
    assert "too short \\| really (2)" in text
    assert "| shop/cart.py | 4 | 100.0% |" in text
    assert (
        "half of a scored question (reasoning/percent/0)\n\nIts text is not shown" in text
        and "scored text" not in text
    )
    assert SECRET not in text and "## Dropped by coherence" not in text


def test_what_is_drawn_depends_on_the_rows_alone():
    one, other = Draw(3), Draw(3)
    for n in range(100):
        one.add(str(n), n)
        other.add(str(99 - n), 99 - n)
    assert one.rows() == other.rows() and len(one.rows()) == 3


def test_a_near_duplicate_names_its_twin_in_either_form():
    assert (
        twin_of({"rule": "duplicates", "value": "a" * 64})
        == twin_of({"rule": "duplicates", "value": {"id": "a" * 64}})
        == "a" * 64
    )
    assert (
        twin_of({"rule": "leakage", "value": "a" * 64}) is twin_of({"rule": "duplicates", "value": 3}) is None
    )


def test_long_texts_are_cut_and_control_characters_shown_as_such():
    assert cut("abcdef", 4) == "abcd [... 2 more characters]" and cut("a\x1b[1mb") == "a\ufffd[1mb"


def test_the_same_files_give_the_same_page(made, tmp_path):
    store, outputs = made
    report = json.loads(store.read_text("gate/report.json"))
    again = finish(store, "gate", report, count=lambda text: len(text.split()), settings=SETTINGS)
    assert again == outputs


def test_pairs_that_contradict_each_other_are_shown_side_by_side(made):
    store, _ = made
    pairs = store.read_json("gate/report.json")["contradictions"]
    ids = {frozenset(one["id"] for one in pair) for pair in pairs}
    assert ids == {
        frozenset((good(50, answer="In a.py.").id, good(50, answer="In b.py.").id)),
        frozenset((good(30, answer="In c.py.").id, good(30).id)),
    }
    page = store.read_text("gate/report.md")
    shown = page.partition("## Contradictions")[2].partition("\n## ")[0]
    assert shown.count("In a.py.") == shown.count("In b.py.") == shown.count("In c.py.") == 1
