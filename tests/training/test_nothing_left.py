"""A cycle whose gate left nothing: training and benchmark are skipped, not failed."""

import pytest

from autodidact import stages
from autodidact.cycle import Cycle
from autodidact.errors import AutodidactError, Skipped
from autodidact.runtime import Runtime
from autodidact.settings import Settings
from autodidact.stage import run_stage


@pytest.fixture
def cycle():
    return Cycle(
        cycle_id="2026-11-23T1200Z",
        system="shop",
        kind="live",
        since=None,
        until="2026-11-23T12:00:00Z",
        seed=7,
        settings=Settings().frozen(),
        settings_sha256="",
        repositories=[],
        base={"sha256": "b"},
        champion=None,
        champion_commit=None,
        feedback={},
        history={},
        replay=[],
        benchmark={},
    )


@pytest.fixture
def runtime(tmp_path):
    return Runtime(Settings(store=str(tmp_path)), say=lambda line: None)


@pytest.mark.parametrize("stage", ["train", "benchmark"])
def test_where_the_gate_was_skipped_so_is_what_follows(cycle, runtime, stage):
    def nothing(run):
        raise Skipped("the generators found nothing new")

    run_stage(
        runtime.store, cycle.cycle_id, "gate", f"{cycle.folder}/gate", code="1", inputs={}, work=nothing
    )
    with pytest.raises(Skipped, match="the generators found nothing new"):
        getattr(stages, stage)(cycle, runtime)


def test_where_the_gate_did_not_run_the_benchmark_says_so(cycle, runtime):
    with pytest.raises(AutodidactError, match="gate of 2026-11-23T1200Z has not finished"):
        stages.benchmark(cycle, runtime)
