"""The benchmark stage draws blocks while the verdict asks for them, of candidate, champion and base alike."""

from types import SimpleNamespace

import pytest

from autodidact import stages
from autodidact.records import Manifest, Output, Report
from autodidact.settings import load_settings
from autodidact.store import Store
from tests.promotion.test_evidence import KNOWS, KNOWS_NOT, other, report, some

ADAPTER = {"path": "shop/cycles/before/training/adapter", "sha256": "c" * 64}


@pytest.fixture
def cycle():
    settings = load_settings("laptop", {"generators.only": ["ast_parser"]}, environ={})
    return SimpleNamespace(
        system="shop",
        cycle_id="now",
        folder="shop/cycles/now",
        settings=settings.frozen(),
        effective=lambda now: settings,
        benchmark={"blocks": [0, 1, 2, 3, 4, 5], "week": "2026-W48"},
        champion={"adapter": ADAPTER, "quantization": "nf4"},
    )


@pytest.fixture
def measured(cycle, tmp_path, monkeypatch):
    """Runs the stage with these answers of candidate, champion and base; returns the blocks of each
    measurement and the reports.
    """
    store = Store(tmp_path)
    trained = Manifest(
        stage="train",
        cycle_id="now",
        code="1",
        outputs={"adapter": Output(sha256="a" * 64, bytes=1)},
        started="",
        seconds=1,
        training={"settings": {"quantization": "nf4"}},
    )
    store.write_json("shop/cycles/now/training/manifest.json", trained)
    asked = []

    def measure(
        cycle, runtime, worker, adapter, digest, questions=(), quantization=None, blocks=(0,)
    ) -> Report:
        role = {"a" * 64: "candidate", "c" * 64: "champion", None: "base"}[digest]
        asked.append((role, list(blocks)))
        right, probe = answers[role]
        return report(right, blocks=blocks, sha=role, adapter=digest, **probe)

    answers: dict = {}
    monkeypatch.setattr(stages, "_measure", measure)
    runtime = SimpleNamespace(settings=None, store=store, say=lambda line: None)

    def run(**given):
        answers.update(given)
        manifest = stages._benchmark(cycle, runtime, False)
        assert manifest.status == "done"
        return asked, stages.reports_of(cycle, runtime)

    return run


def test_a_clear_cycle_measures_all_three_on_two_blocks_and_no_more(measured):
    asked, reports = measured(
        candidate=(some(), KNOWS), champion=(some(), KNOWS_NOT), base=(some(), KNOWS_NOT)
    )
    assert asked == [("candidate", [0, 1, 2]), ("champion", [0, 1, 2]), ("base", [0, 1, 2])]
    assert [reports[role].blocks for role in ("candidate", "champion", "base")] == [[0, 1, 2]] * 3


def test_while_it_is_open_another_block_is_drawn_up_to_the_last_of_the_cycle(measured):
    asked, reports = measured(
        candidate=(other, KNOWS), champion=(some(), KNOWS_NOT), base=(some(), KNOWS_NOT)
    )
    assert [blocks for role, blocks in asked if role == "base"] == [
        [0, 1, 2],
        [0, 1, 2, 3],
        [0, 1, 2, 3, 4],
        [0, 1, 2, 3, 4, 5],
    ]
    assert reports["base"].blocks == reports["candidate"].blocks


def test_a_champion_that_is_the_base_is_asked_once(measured, cycle):
    cycle.champion = {"adapter": None, "quantization": "nf4"}
    asked, reports = measured(candidate=(some(), KNOWS), base=(some(), KNOWS_NOT))
    assert asked == [("candidate", [0, 1, 2]), ("base", [0, 1, 2])]
    assert reports["base"] == reports["champion"]
