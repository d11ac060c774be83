"""The benchmark stage draws blocks while the verdict asks for them, of candidate, champion and base alike."""

import pytest

from autodidact.benchmark.stage import Measuring
from autodidact.cycle.run import benchmark
from autodidact.records import Adapter, Manifest, Output
from autodidact.runtime import Runtime
from autodidact.settings import load_settings
from tests.cycles import BASE, DRAW, a_cycle
from tests.promotion.test_evidence_rule import KNOWS, KNOWS_NOT, other, report, some

ADAPTER = Adapter(path="shop/cycles/before/training/adapter", sha256="c" * 64)


@pytest.fixture
def runtime(tmp_path):
    given = {"generators.only": ["ast_parser"], "store": str(tmp_path)}
    return Runtime(load_settings("laptop", given, environ={}), say=lambda line: None)


@pytest.fixture
def cycle(runtime):
    draw = DRAW | {"blocks": [0, 1, 2, 3, 4, 5]}
    return a_cycle(runtime.settings, benchmark=draw, champion=BASE.model_copy(update={"adapter": ADAPTER}))


@pytest.fixture
def measured(cycle, runtime, monkeypatch):
    """Runs the stage with these answers of candidate, champion and base; returns the blocks of each
    measurement and the reports.
    """
    trained = Manifest(
        stage="train",
        cycle_id=cycle.cycle_id,
        code="1",
        outputs={"adapter": Output(sha256="a" * 64, bytes=1)},
        started="",
        seconds=1,
        training={"settings": {"quantization": "nf4"}},
    )
    runtime.store.write_json(f"{cycle.folder}/training/manifest.json", trained)
    asked, answers = [], {}

    def measure(self, model, blocks, questions=()):
        digest = model.adapter.sha256 if model.adapter else None
        role = {"a" * 64: "candidate", "c" * 64: "champion", None: "base"}[digest]
        asked.append((role, list(blocks)))
        right, probe = answers[role]
        return report(right, blocks=blocks, sha=role, adapter=digest, **probe)

    monkeypatch.setattr(Measuring, "report", measure)

    def run(cycle=cycle, **given):
        answers.update(given)
        assert benchmark(cycle, runtime).status == "done"
        return asked, cycle.reports(runtime.store)

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
    asked, reports = measured(
        cycle.model_copy(update={"champion": BASE}), candidate=(some(), KNOWS), base=(some(), KNOWS_NOT)
    )
    assert asked == [("candidate", [0, 1, 2]), ("base", [0, 1, 2])]
    assert reports["base"] == reports["champion"]
