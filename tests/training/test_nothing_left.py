"""A cycle whose gate left nothing: training and benchmark are skipped, not failed."""

import pytest

from autodidact.cycle import run
from autodidact.errors import AutodidactError, Skipped
from autodidact.runtime import Runtime
from autodidact.settings import Settings
from autodidact.stage import run_stage
from tests.cycles import a_cycle


@pytest.fixture
def cycle():
    return a_cycle()


@pytest.fixture
def runtime(tmp_path):
    return Runtime(Settings(store=str(tmp_path)), say=lambda line: None)


@pytest.mark.parametrize("stage", ["train", "benchmark"])
def test_where_the_gate_was_skipped_so_is_what_follows(cycle, runtime, stage):
    def nothing(_):
        raise Skipped("the generators found nothing new")

    run_stage(
        runtime.store, cycle.cycle_id, "gate", f"{cycle.folder}/gate", code="1", inputs={}, work=nothing
    )
    with pytest.raises(Skipped, match="the generators found nothing new"):
        getattr(run, stage)(cycle, runtime)


def test_where_the_gate_did_not_run_the_benchmark_says_so(cycle, runtime):
    with pytest.raises(AutodidactError, match="gate of 2026-11-23T1200Z has not finished"):
        run.benchmark(cycle, runtime)
