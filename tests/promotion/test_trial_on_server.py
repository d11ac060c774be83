"""A candidate is measured on the server that clients ask, before they get it; whatever happens then, what is
not in service comes off again.
"""

import sys

import pytest

from autodidact.chronicle import Chronicle
from autodidact.errors import AutodidactError, Unavailable
from autodidact.promotion import change_champion, trial_files
from autodidact.promotion.champion_file import champion_record
from autodidact.promotion.recovery import recover, repair
from autodidact.promotion.trial_on_server import Trial, on_the_server
from autodidact.settings import Benchmark, Deploy, Settings
from tests.killed import at_step, killed
from tests.promotion.test_vllm import BASE_VERSION, VllmScene

LEASE = "shop/cycles/v2/benchmark/lease.json"


class Measured(VllmScene):
    """v1 reigns; v2 was trained, and is to be measured on the server."""

    def __init__(self, tmp_path, vllm, **deploy):
        super().__init__(tmp_path, vllm, **deploy)
        self.models = [self.record(name) for name in ("v2", "v1", BASE_VERSION)]

    def record(self, version):
        return champion_record(self.chronicle.version("shop", version))

    def trial(self) -> Trial:
        return Trial(self.settings, self.store, "shop", LEASE, self.models)

    def keep(self):
        return change_champion.keep_champion(self.chronicle, self.store, self.settings, "shop", **self.why())

    def why(self):
        return {"by": "ann", "reason": "because"}


def test_the_candidate_is_loaded_beside_the_champion_and_clients_notice_nothing(tmp_path, vllm):
    scene = Measured(tmp_path, vllm)
    with scene.store.lease(LEASE):
        trial = scene.trial()
        through = [trial.bring(version) for version in scene.models]
        assert [each.name for each in through] == [scene.name("v2"), scene.name("v1"), "sprout"]
        assert len({each.precision for each in through}) == 1
        assert list(vllm.loaded) == [scene.name("v1"), scene.name("v2")]
        scene.is_right("v1")
        # A repair meanwhile leaves it where it is.
        repair(scene.chronicle, scene.store, scene.settings, "shop", "ann")
        assert scene.name("v2") in vllm.loaded


def test_a_refused_candidate_is_taken_off(tmp_path, vllm):
    scene = Measured(tmp_path, vllm)
    with scene.store.lease(LEASE):
        scene.trial().bring(scene.models[0])
    scene.keep()
    assert list(vllm.loaded) == [scene.name("v1")]
    assert trial_files.idle(scene.store, "shop") == {}
    scene.is_right("v1")


def test_a_promoted_candidate_is_not_loaded_a_second_time(tmp_path, vllm):
    scene = Measured(tmp_path, vllm, bake=0)
    with scene.store.lease(LEASE):
        scene.trial().bring(scene.models[0])
    vllm.asked.clear()
    scene.promote("v2", "v1")
    assert not any("load_lora_adapter autodidact" in line.replace("unload", "") for line in loads(vllm))
    assert list(vllm.loaded) == [scene.name("v2")]
    assert trial_files.idle(scene.store, "shop") == {}
    scene.is_right("v2")


def loads(vllm):
    return [line for line in vllm.asked if line.startswith("POST /v1/load_lora_adapter")]


STEPS = [
    ("write", "call", False),
    ("write", "return", False),
    ("bring>deploy", "return", True),
    ("bring>probe", "return", True),
    ("_load", "return", True),
]


@pytest.mark.parametrize(("step", "moment", "loaded"), STEPS)
@pytest.mark.parametrize("mend", [recover, lambda *where: repair(*where, "ann")])
def test_killed_while_it_is_measured_it_does_not_stay_loaded(tmp_path, vllm, step, moment, loaded, mend):
    scene = Measured(tmp_path, vllm)

    def measure() -> None:
        with scene.store.lease(LEASE):
            sys.settrace(at_step(step, moment))
            scene.trial().bring(scene.models[0])

    assert killed(measure)
    assert (scene.name("v2") in vllm.loaded) == loaded
    mend(Chronicle(f"sqlite:///{tmp_path}/chronicle.db"), scene.store, scene.settings, "shop")
    assert list(vllm.loaded) == [scene.name("v1")]
    assert trial_files.idle(scene.store, "shop") == {}
    scene.is_right("v1")


def test_a_server_that_was_started_again_gets_the_version_again(tmp_path, vllm):
    scene = Measured(tmp_path, vllm)
    trial, candidate = scene.trial(), scene.models[0]
    with scene.store.lease(LEASE):
        trial.bring(candidate)
        gone = AutodidactError("status 404")
        assert not trial.again(candidate, gone)  # it is there: something else failed
        vllm.die()
        vllm.start()
        assert trial.again(candidate, gone)
        trial.bring(candidate)
        assert scene.name("v2") in vllm.loaded
        vllm.die()
        assert not trial.again(candidate, Unavailable("away"))  # longer than deploy.timeout


def test_the_version_in_service_is_never_taken_off_to_be_measured(tmp_path, vllm):
    scene = Measured(tmp_path, vllm)
    vllm.loaded[scene.name("v1")] = ("/elsewhere", "weights of somebody else")
    vllm.asked.clear()
    with pytest.raises(AutodidactError, match="with"):
        scene.trial().bring(scene.models[1])
    assert not any("unload" in line for line in vllm.asked)


@pytest.mark.parametrize(
    ("kind", "through", "there"),
    [
        ("vllm", "server", True),
        ("vllm", None, False),
        ("vllm", "engine", False),
        ("command", "server", False),
    ],
)
def test_only_a_server_of_several_versions_is_measured_through_before_the_verdict(
    tmp_path, vllm, kind, through, there
):
    scene = Measured(tmp_path, vllm)
    deploy = Deploy(kind=kind, url=vllm.url, command="true")
    settings = Settings(deploy=deploy, benchmark=Benchmark(through=through))
    found = on_the_server(settings, scene.store, "shop", LEASE, scene.models)
    assert (found is not None) == there
