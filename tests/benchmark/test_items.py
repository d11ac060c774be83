"""Blocks, dev items and the digest: what is fixed by what, and that no scored item can be trained on."""

import json
import subprocess
import sys
from random import Random

import pytest

from autodidact.benchmark.items import HERE, block, content, dev_items, find, is_dev, sources, suite_digest
from autodidact.benchmark.suite import families
from autodidact.errors import UsageError
from autodidact.records import CATEGORIES


def keys(items):
    return [(item.category, item.family, item.payload) for item in items]


def test_a_block_has_one_item_of_each_family_in_the_order_of_the_suite():
    items = block(0)
    assert len(items) == 135
    assert [item.id for item in items] == [
        f"{category}/{family.name}/0" for category, members in families().items() for family in members
    ]
    assert list(dict.fromkeys(item.category for item in items)) == list(CATEGORIES)


def test_block_0_is_the_same_for_everybody_and_the_others_only_within_a_week_and_store():
    assert block(0, week="2026-W48", salt="a") == block(0, week="2026-W01", salt="b") == block(0)
    first = block(1, week="2026-W48", salt="a")
    assert first == block(1, week="2026-W48", salt="a")
    for other in (
        block(1, week="2026-W49", salt="a"),
        block(1, week="2026-W48", salt="b"),
        block(2, week="2026-W48", salt="a"),
    ):
        assert len(set(keys(first)) & set(keys(other))) <= 2


def test_the_blocks_of_a_week_share_no_item():
    blocks = [block(k, week="2026-W48", salt="a") for k in range(5)]
    assert len({key for items in blocks for key in keys(items)}) == 5 * 135


@pytest.mark.parametrize("level", [1, 2, 3])
def test_no_block_has_a_dev_payload(level):
    items = [item for k in range(3) for item in block(k, level=level, week="2026-W48", salt="a")]
    assert not [item.id for item in items if is_dev(item.payload)]


def test_dev_items_are_dev_payloads_of_visible_families_and_the_same_under_their_id():
    items = dev_items(90, rng=Random(3))
    assert len({item.id for item in items}) == len(set(keys(items))) == 90
    assert all(is_dev(item.payload) and not item.hidden and item.block == -1 for item in items)
    assert {item.family for item in items} == {
        f.name for members in families().values() for f in members if not f.hidden
    }
    assert [find(item.id) for item in items] == items
    assert dev_items(90, rng=Random(3)) == items


def test_dev_items_of_one_category_cover_its_ten_visible_families():
    items = dev_items(24, "tool_use", rng=Random(1), level=2)
    assert (
        len(items) == 24
        and {item.category for item in items} == {"tool_use"}
        and len({item.family for item in items}) == 10
    )


def test_a_quarter_of_the_payloads_is_dev():
    draws = [item for k in range(1, 4) for item in dev_items(100, rng=Random(k))]
    assert len(draws) == 300
    assert 0.2 < sum(is_dev(f"payload {n}") for n in range(4000)) / 4000 < 0.3


def test_no_dev_prompt_is_a_scored_prompt():
    dev = {json.dumps([item.messages, item.tools]) for item in dev_items(1000, rng=Random(5))}
    scored = {
        json.dumps([item.messages, item.tools])
        for k in range(5)
        for item in block(k, week="2026-W48", salt="a")
    }
    assert len(dev) > 950 and not dev & scored


def test_find():
    item = find("tool_use/nested_args/0", level=3)
    assert item == next(i for i in block(0, level=3) if i.family == "nested_args")
    assert find("code_review/fix_line/2", week="2026-W48", salt="x") in block(2, week="2026-W48", salt="x")


@pytest.mark.parametrize(
    ("item_id", "says"),
    [
        ("tool_use/nested_arg/0", "tool_use/nested_args"),
        ("tool_use/nested_args", "<category>/<family>/<block>"),
        ("tool_use/nested_args/first", "tool_use/nested_args/0"),
        ("tool_use/nested_args/-1", "tool_use/nested_args/0"),
        ("tool_use/correction/dev-1", "hidden"),
        ("tool_use/nested_args/dev-100000", "99999"),
    ],
)
def test_an_id_that_does_not_exist_says_what_does(item_id, says):
    with pytest.raises(UsageError, match=says):
        find(item_id)


def test_unknown_categories_and_levels_are_refused_by_name():
    with pytest.raises(UsageError, match="tool_use"):
        dev_items(3, "tools_use", rng=Random(1))
    with pytest.raises(UsageError, match="1, 2, 3"):
        block(0, level=4)


def test_the_digest_depends_on_the_level_and_on_nothing_else():
    assert suite_digest(1) == suite_digest(1) != suite_digest(2)
    assert len(suite_digest(1)) == 64


def test_the_digest_is_of_code_tables_and_family_files():
    names = {path.relative_to(HERE).as_posix() for path in sources()}
    assert {
        "item_family.py",
        "scorers.py",
        "suite/tool_use.py",
        "suite/made_up/vocabulary.yaml",
        "suite/families/conciseness/headline.yaml",
    } <= names


def test_the_digest_is_of_what_is_drawn_and_not_of_where_it_lies(tmp_path):
    body = "\n\ndef draw(rng):\n    {}return rng.choice(WORDS)\n"
    here, there, other = (tmp_path / f"{name}.py" for name in "abc")
    here.write_text(
        '"""Words."""\nfrom suite.words import WORDS' + body.format('"""A word (words.yaml)."""\n    ')
    )
    there.write_text(
        '"""Words."""\nfrom suite.made_up.words import WORDS' + body.format('"""A word."""\n    ')
    )
    other.write_text('"""Words."""\nfrom suite.words import WORDS' + body.format("# A word.\n    "))
    assert content(here) == content(there) == "\ndef draw(rng):\n    return rng.choice(WORDS)\n"
    assert content(other) != content(here)


def test_items_are_the_same_in_every_process():
    code = "from autodidact.benchmark.items import suite_digest; print(suite_digest(1))"
    runs = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONPATH": "include", "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert runs == {suite_digest(1) + "\n"}


def test_importing_the_suite_imports_no_model_code():
    code = (
        "import sys, autodidact.benchmark.scorers; print(sorted({'torch', 'transformers', 'airflow', 'numpy'}"
        " & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONPATH": "include"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "[]\n"
