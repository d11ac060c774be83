"""The list of the generators, and how one of them runs."""

import runpy
import subprocess
import sys
from pathlib import Path

import pytest

from autodidact.benchmark_categories import CATEGORIES
from autodidact.errors import UsageError
from autodidact.generators import DEV_ITEMS, GENERATORS, select
from autodidact.generators.run_generator import is_reserved, load, run_generator, teacher_share
from autodidact.settings import load_settings
from autodidact.stage import Work
from autodidact.store import Store
from tests.generators.snapshots import snapshot


@pytest.mark.parametrize("generator", GENERATORS, ids=lambda generator: generator.name)
def test_a_generator_has_what_its_line_in_the_list_promises(generator):
    module = load(generator.name)
    assert module.__doc__ and callable(module.read) and callable(module.examples)
    assert generator.teaches and set(generator.teaches) <= set(CATEGORIES)
    assert (generator.probe > 0) is hasattr(module, "questions") is hasattr(module, "WORDINGS")


def test_each_generator_can_be_imported_first():
    script = """
import sys
from importlib import import_module
for name in sys.argv[1:]:
    for module in [module for module in sys.modules if module.startswith("autodidact.generators")]:
        del sys.modules[module]
    import_module(f"autodidact.generators.{name}")
"""
    subprocess.run([sys.executable, "-c", script, *select()], check=True, timeout=60)


def test_names_are_chosen_in_the_order_of_the_list():
    assert select() == select([]) == [generator.name for generator in GENERATORS]
    assert select(["tool_spec", "ast_parser"]) == ["ast_parser", "tool_spec"]


def test_an_unknown_name_is_answered_with_the_near_and_the_known_ones():
    with pytest.raises(
        UsageError,
        match=r"Unknown generator ast_praser\. Did you mean ast_parser\? Available: ast_parser, diff_miner,",
    ):
        select(["ast_praser"])
    with pytest.raises(UsageError, match=r"Unknown generator zzz\. Available: ast_parser"):
        select(["zzz"])


def test_only_drills_and_anchors_are_made_of_dev_items():
    assert DEV_ITEMS == ("benchmark_targeted", "anchor")


def test_generators_share_the_requests_to_the_teacher_evenly(tmp_path):
    budget = 10 * len(GENERATORS)
    every = load_settings("laptop", {"teacher.budget": budget}, cwd=tmp_path, environ={})
    alone = load_settings(
        "laptop", {"teacher.budget": budget, "generators.only": ["tool_spec"]}, cwd=tmp_path, environ={}
    )
    assert (teacher_share(every), teacher_share(alone)) == (10, budget)


def test_dev_items_are_not_given_to_the_teacher(tmp_path):
    settings = {"generators.only": ["benchmark_targeted"], "teacher.model": "wordsmith"}
    made = []
    for url in (None, "http://127.0.0.1:9/v1"):  # nobody is there
        seen, run = snapshot(tmp_path, settings=settings | {"teacher.url": url}), Work(Store(tmp_path), "")
        run_generator("benchmark_targeted", seen, run)
        assert run.troubles.list() == []
        made.append((tmp_path / "benchmark_targeted.jsonl").read_bytes())
    assert made[0] == made[1]


@pytest.mark.parametrize(
    ("question", "reserved"),
    [
        ("What file is `Cart` defined in?", True),
        ("what file\nis `Cart` defined in?", True),
        ("Who is in charge of `mail`?", True),
        ("Tell me the `runs on` that the graph gives for `mail`.", True),
        ("After starting the compose file, on what host port is mail found?", True),
        ("By which tool can I send a mail?", True),
        ("On which date is the goal `ramp` due?", True),
        ("Complete the import line: `from ? import Cart`", True),
        ("It is 2026-05-01, and the goal `ramp` is still open. Is it late, yes or no?", True),
        ("Which file defines `Cart`?", False),
    ],
)
def test_the_wordings_of_the_probe_are_reserved_for_every_subject(question, reserved):
    assert is_reserved(question) is reserved


def test_the_page_of_the_generators_is_made_from_their_docstrings():
    root = Path(__file__).parents[2]
    assert (root / "docs" / "generators.md").read_text() == runpy.run_path(
        str(root / "scripts" / "document_generators.py")
    )["text"]()
