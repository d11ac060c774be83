"""vLLM is killed while a candidate is measured on it: the candidate does not serve, and the rerun finishes."""

import pytest

from autodidact.benchmark.measure_cycle_models import Measuring, Model
from autodidact.errors import AutodidactError, Unavailable
from autodidact.promotion import change_champion, trial_files
from autodidact.promotion.champion_file import champion_record
from autodidact.promotion.deployers.vllm import VllmDeployer
from autodidact.promotion.recovery import repair
from autodidact.promotion.trial_on_server import Trial, on_the_server
from autodidact.records import Adapter
from autodidact.runtime import Runtime
from autodidact.settings import load_settings
from tests.cycles import a_cycle
from tests.real.vllm import BASE, PYTHON, URL, WHY, RealScene

pytestmark = [
    pytest.mark.skipif(not PYTHON or bool(URL), reason="only asked for by `make test-vllm`: it kills vLLM"),
    pytest.mark.slow,
    pytest.mark.timeout(3600),
]
LEASE = "shop/cycles/v2/benchmark/lease.json"


@pytest.fixture
def scene(tmp_path, vllm, adapters) -> RealScene:
    """v1 serves; v2 is to be measured."""
    made = RealScene(tmp_path, vllm, adapters, timeout=5)
    made.promote("v1", made.base)
    return made


def versions(scene):
    return [champion_record(scene.chronicle.version("shop", name)) for name in ("v2", "v1", scene.base)]


def measuring(scene, say, timeout: float) -> Measuring:
    """What a cycle's benchmark measures with. `timeout`: how long it waits for a server that is away."""
    given = {"base_model": BASE, "store": str(scene.store.root), "benchmark.through": "server"}
    given |= {f"deploy.{key}": value for key, value in scene.settings.deploy.model_dump().items()}
    runtime = Runtime(load_settings("laptop", given | {"deploy.timeout": timeout}, environ={}), say=say)
    cycle = a_cycle(runtime.settings, champion=versions(scene)[1], base=versions(scene)[1].base)
    return Measuring(cycle, runtime, None, LEASE, on_the_server)


def test_kill_9_while_a_candidate_answers_its_items(scene):
    vllm, batches = scene.vllm, []
    candidate = versions(scene)[0]
    model = Model(Adapter(**candidate.adapter.model_dump()), candidate.quantization)

    def killing(line):
        if "block 0: batch" in line:
            batches.append(line)
            vllm.kill()

    with scene.store.lease(LEASE), pytest.raises(Unavailable) as error:
        measuring(scene, killing, timeout=5).report(model, [0])
    # Nothing else changed: v1 is what the Chronicle names, and what a vLLM that is started again is given.
    assert batches and scene.chronicle.champion("shop")["version"] == "v1"
    vllm.start()
    repair(scene.chronicle, scene.store, scene.settings, "shop", "ann")
    scene.is_right("v1")
    assert vllm.loaded() == [scene.name("v1")]
    scene.tell("kill -9 while v2 answers its items", error.value)
    # The rerun asks what is missing; then v2 is refused.
    again: list[str] = []
    with scene.store.lease(LEASE):
        report = measuring(scene, again.append, timeout=60).report(model, [0])
    asked = [line for line in again if "block 0: batch" in line]
    assert len(report.items) == 135 and not any(item.missing for item in report.items)
    assert report.aa["n"] == 45
    assert vllm.loaded() == [scene.name("v1"), scene.name("v2")]
    change_champion.keep_champion(scene.chronicle, scene.store, scene.settings, "shop", **WHY)
    assert vllm.loaded() == [scene.name("v1")] and trial_files.idle(scene.store, "shop") == {}
    scene.is_right("v1")
    finished = f"{len(batches)} batches were kept, {len(asked)} asked: 135 items; v2, refused, was unloaded"
    scene.tell("the rerun of that, after vLLM was started again", finished)
    print(f"A/A of the rerun: {report.aa}")


LOADING = [
    ("deploy", "begin", "before v2 is loaded to be measured"),
    ("deploy", "end", "after v2 was loaded to be measured"),
    ("probe", "end", "after the probe of v2, before its first item"),
]


@pytest.mark.parametrize(("step", "moment", "words"), LOADING)
def test_kill_9_as_a_candidate_is_loaded_to_be_measured(scene, monkeypatch, step, moment, words):
    vllm, candidate = scene.vllm, versions(scene)[0]
    method = getattr(VllmDeployer, step)

    def killing(self, *arguments):
        if moment == "begin":
            vllm.kill()
        done = method(self, *arguments)
        vllm.kill()
        return done

    trial = Trial(scene.settings, scene.store, "shop", LEASE, versions(scene))
    monkeypatch.setattr(VllmDeployer, step, killing)
    happened: object = "v2 was ready to be asked"
    with scene.store.lease(LEASE):
        try:
            trial.bring(candidate)
        except AutodidactError as error:
            happened = error
        monkeypatch.undo()
        vllm.start()
        # The rerun: champion first, then the candidate.
        Trial(scene.settings, scene.store, "shop", LEASE, versions(scene)).bring(candidate)
        assert vllm.loaded() == [scene.name("v1"), scene.name("v2")]
    change_champion.keep_champion(scene.chronicle, scene.store, scene.settings, "shop", **WHY)
    assert vllm.loaded() == [scene.name("v1")]
    scene.is_right("v1")
    scene.tell(f"kill -9 {words}", happened)
