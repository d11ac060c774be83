"""`kill -9` at every step of a promotion to vLLM: after the next run one champion, and server, alias,
champion.json and Chronicle agree.
"""

import pytest

from autodidact.chronicle import Chronicle
from autodidact.errors import AutodidactError
from autodidact.promotion import change_champion
from autodidact.promotion.deployers.vllm import VllmDeployer
from autodidact.promotion.recovery import recover
from autodidact.promotion.rollback import roll_back
from tests.killed import at_step, killed
from tests.promotion.test_vllm import VllmScene

# Function (after its caller, where there are several), whether it is killed as it begins or as it ends, and
# who is champion after that.
STEPS = [
    ("settle", "return", "v1"),
    ("check_adapter", "return", "v1"),
    ("_adapters", "call", "v1"),
    ("require_for", "return", "v1"),
    ("set_state", "call", "v1"),
    ("set_state", "return", "v1"),
    ("_swap>serve", "call", "v1"),
    ("record_deployment", "return", "v1"),
    ("bring>deploy", "call", "v1"),
    ("bring>deploy", "return", "v1"),
    ("_loaded", "return", "v1"),
    ("_identity", "return", "v1"),
    ("health", "return", "v1"),
    ("bring>probe", "return", "v1"),
    ("_swap>serve", "return", "v1"),
    ("swap_champion", "call", "v1"),
    ("swap", "return", "v1"),
    ("swap_champion", "return", "v2"),
    ("promote>publish", "call", "v2"),
    ("promote>publish", "return", "v2"),
    ("promote>point", "call", "v2"),
    ("promote>point", "return", "v2"),
    ("promote>sweep", "call", "v2"),
    ("_drain", "call", "v2"),
    ("_drain", "return", "v2"),
    ("sweep>retire", "return", "v2"),
    ("promote>sweep", "return", "v2"),
    ("promote>prune", "return", "v2"),
]


# The same while a promotion that failed is undone: v2's adapter was another one, so that v1 stays.
UNDOING = [
    ("_put_back", "call", "v1"),
    ("_put_back>settle", "call", "v1"),
    ("settle>restore", "call", "v1"),
    ("settle>restore", "return", "v1"),
    ("settle>set_state", "return", "v1"),
    ("settle>publish", "return", "v1"),
    ("settle>point", "return", "v1"),
    ("sweep>retire", "call", "v1"),
    ("sweep>retire", "return", "v1"),
    ("settle>sweep", "return", "v1"),
    ("_put_back>sweep", "return", "v1"),
]
# While the champion steps back, since clients cannot be pointed at the new one: until it has, the new one
# counts, and serves once they can.
STEPPING_BACK = [
    ("_step_back", "call", "v2"),
    ("_step_back>set_state", "return", "v2"),
    ("_step_back>serve", "return", "v2"),
    ("_step_back>swap_champion", "call", "v2"),
    ("_step_back>swap_champion", "return", "v1"),
    ("_step_back>publish", "return", "v1"),
    ("_step_back>point", "return", "v1"),
    ("_step_back>sweep", "return", "v1"),
]
# While v2, which serves, is rolled back in its bake time: v1 is still loaded.
ROLLING_BACK = [
    ("settle", "return", "v2"),
    ("set_state", "return", "v2"),
    ("_swap>serve", "call", "v2"),
    ("bring>probe", "return", "v2"),
    ("_swap>serve", "return", "v2"),
    ("swap", "return", "v2"),
    ("swap_champion", "return", "v1"),
    ("promote>publish", "return", "v1"),
    ("promote>point", "return", "v1"),
]


def die(scene: VllmScene, tmp_path, step: str, moment: str, work) -> None:
    """Does `work(chronicle, store, settings)` in a child that dies at the step."""
    database = f"sqlite:///{tmp_path}/chronicle.db"
    at = at_step(step, moment)
    assert killed(lambda: work(Chronicle(database), scene.store, scene.settings), at)


def promoting(chronicle, store, settings):
    change_champion.promote(
        chronicle, store, settings, "shop", "v2", expected="v1", by="ann", reason="because"
    )


def unpointed(chronicle, store, settings):
    """A promotion of v2 that no client can be pointed at."""
    point = VllmDeployer.point

    def broken(self, champion):
        if champion.version == "v2":
            raise AutodidactError("alias.json cannot be written: No space left on device")
        point(self, champion)

    VllmDeployer.point = broken  # of the child alone
    promoting(chronicle, store, settings)


def rolling_back(chronicle, store, settings):
    roll_back(chronicle, store, settings, "shop", by="ann", reason="because")


@pytest.mark.slow
@pytest.mark.parametrize(("step", "moment", "champion"), STEPS)
def test_killed_at(tmp_path, vllm, step, moment, champion):
    scene = VllmScene(tmp_path, vllm, bake=0)
    die(scene, tmp_path, step, moment, promoting)
    is_mended(scene, champion)


@pytest.mark.slow
@pytest.mark.parametrize(("step", "moment", "champion"), UNDOING)
def test_killed_while_a_failed_promotion_is_undone(tmp_path, vllm, step, moment, champion):
    scene = VllmScene(tmp_path, vllm, bake=0)
    vllm.faults.add("loads_the_wrong_adapter")
    die(scene, tmp_path, step, moment, promoting)
    vllm.faults.clear()
    is_mended(scene, champion)


@pytest.mark.slow
@pytest.mark.parametrize(("step", "moment", "champion"), STEPPING_BACK)
def test_killed_while_the_champion_steps_back(tmp_path, vllm, step, moment, champion):
    scene = VllmScene(tmp_path, vllm, bake=0)
    die(scene, tmp_path, step, moment, unpointed)
    is_mended(scene, champion)


@pytest.mark.slow
@pytest.mark.parametrize(("step", "moment", "champion"), ROLLING_BACK)
def test_killed_while_it_is_rolled_back(tmp_path, vllm, step, moment, champion):
    scene = VllmScene(tmp_path, vllm)
    scene.promote("v2", "v1")
    die(scene, tmp_path, step, moment, rolling_back)
    scene.limit(bake=0)
    is_mended(scene, champion)


def is_mended(scene: VllmScene, champion: str) -> None:
    recover(scene.chronicle, scene.store, scene.settings, "shop")
    scene.is_right(champion)
    assert [weights for _, weights in scene.vllm.loaded.values()] == [f"weights of {champion}"]
    assert recover(scene.chronicle, scene.store, scene.settings, "shop") == []
