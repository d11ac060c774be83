"""`kill -9` in a promotion, at any step: afterwards there is one champion, and Chronicle, champion.json and
server agree on it.
"""

import os
import signal
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from autodidact.chronicle import Chronicle
from autodidact.promotion import change_champion
from autodidact.promotion.recovery import recover
from autodidact.settings import Deploy, Settings
from tests.killed import at_line, at_step, killed
from tests.promotion.scene import BASE, WHY, Scene

FILES = tuple(str(file) for file in Path(change_champion.__file__).parent.rglob("*.py"))
# Function (after its caller, where there are several), whether it is killed as it begins or as it ends, and
# who is champion after that.
STEPS = [
    ("set_state", "call", "v1"),
    ("set_state", "return", "v1"),
    ("serve", "call", "v1"),
    ("deploy", "call", "v1"),
    ("deploy", "return", "v1"),
    ("bring>probe", "return", "v1"),
    ("serve", "return", "v1"),
    ("swap_champion", "call", "v1"),
    ("swap", "return", "v1"),
    ("swap_champion", "return", "v2"),
    ("promote>publish", "call", "v2"),
    ("promote>publish", "return", "v2"),
    ("event", "return", "v2"),
]


def killed_promotion(tmp_path, url: str, system: str, tracer) -> bool:
    """Promotes v2 in place of v1 in a process that `tracer` may kill; whether it was."""

    def promote() -> None:
        scene = Scene(tmp_path, url, system)
        change_champion.promote(
            scene.chronicle, scene.store, scene.settings, system, "v2", expected="v1", **WHY
        )

    return killed(promote, tracer)


def prepared(tmp_path, url: str, system: str) -> Scene:
    """v1 is champion and served; v2 is measured."""
    scene = Scene(tmp_path, url, system)
    scene.add("v1")
    scene.add("v2")
    change_champion.promote(scene.chronicle, scene.store, scene.settings, system, "v1", expected=None, **WHY)
    assert scene.agrees_on("v1")
    return scene


def recovered(scene: Scene) -> list[str]:
    for _ in range(100):  # PostgreSQL notices the broken connection, and frees the lock, in a moment
        said = recover(scene.chronicle, scene.store, scene.settings, scene.system)
        if not any("under way elsewhere" in line for line in said):
            return said
        time.sleep(0.05)
    raise AssertionError("the killed promotion still holds its lock")


@pytest.mark.slow
def test_killed_at_every_step(tmp_path, chronicle_url):
    for number, (function, moment, champion) in enumerate(STEPS):
        scene = prepared(tmp_path, chronicle_url, f"shop{number}")
        step = at_step(function, moment)
        assert killed_promotion(tmp_path, chronicle_url, scene.system, step), (function, moment)
        said = recovered(scene)
        assert scene.agrees_on(champion), (function, moment, said)
        assert scene.state("v2") == ("champion" if champion == "v2" else "benchmarked")
        assert recover(scene.chronicle, scene.store, scene.settings, scene.system) == []


@pytest.mark.slow
def test_killed_at_every_line(tmp_path):
    url, seen = str(tmp_path / "chronicle.db"), set()
    for number in range(1, 1000):
        scene = prepared(tmp_path, url, f"shop{number}")
        if not killed_promotion(tmp_path, url, scene.system, at_line(number, *FILES)):
            break
        recovered(scene)
        champion = scene.chronicle.champion(scene.system)["version"]
        assert scene.agrees_on(champion), number
        seen.add(champion)
    assert number > 40 and seen == {"v1", "v2"}


def test_the_killed_promotions_own_words(tmp_path, chronicle_url):
    scene = prepared(tmp_path, chronicle_url, "shop")
    killed_promotion(tmp_path, chronicle_url, "shop", at_step("deploy", "return"))
    assert (scene.served.read_text(), scene.state("v2")) == ("v2", "promoting")
    assert recovered(scene) == [
        "undid the promotion of v2, which is benchmarked again",
        "deployed champion v1 again",
    ]
    assert scene.chronicle.states("shop", "v2")[-1]["reason"] == "the promotion was interrupted"
    killed_promotion(tmp_path, chronicle_url, "shop", at_step("promote>publish", "call"))
    assert scene.champion_json()["version"] == "v1"
    assert recovered(scene) == ["wrote champion.json: v2"]


def test_the_same_command_again_is_enough(tmp_path, chronicle_url):
    scene = prepared(tmp_path, chronicle_url, "shop")
    killed_promotion(tmp_path, chronicle_url, "shop", at_step("bring>probe", "return"))
    recovered(scene)
    assert not killed_promotion(tmp_path, chronicle_url, "shop", at_step("nothing", "call"))
    assert scene.agrees_on("v2")


def test_a_rollback_that_is_killed_leaves_the_version_archived(tmp_path, chronicle_url):
    scene = prepared(tmp_path, chronicle_url, "shop")
    change_champion.promote(scene.chronicle, scene.store, scene.settings, "shop", "v2", expected="v1", **WHY)
    scene.chronicle.set_state("shop", "v1", "promoting", "ann", "rollback")
    scene.chronicle.record_deployment("shop", "v1", "command", "deploying", "ann")
    recover(scene.chronicle, scene.store, scene.settings, "shop")
    assert scene.agrees_on("v2") and scene.state("v1") == "archived"


def test_the_chronicle_decides_what_champion_json_says(tmp_path, chronicle_url):
    scene = prepared(tmp_path, chronicle_url, "shop")
    scene.store.write_json("shop/champion.json", scene.champion_json() | {"version": "v2"})
    assert recover(scene.chronicle, scene.store, scene.settings, "shop") == ["wrote champion.json: v1"]
    scene.store.delete("shop/champion.json")
    assert recover(scene.chronicle, scene.store, scene.settings, "shop") == ["wrote champion.json: v1"]
    assert recover(scene.chronicle, scene.store, scene.settings, "shop") == []


def test_a_new_system_has_nothing_to_recover(tmp_path, chronicle_url):
    scene = Scene(tmp_path, chronicle_url)
    assert recover(scene.chronicle, scene.store, scene.settings, "shop") == []


@pytest.mark.parametrize("step", ["set_state", "swap", "swap_champion", "promote>publish"])
def test_a_system_whose_first_champion_was_killed_on_its_way_has_it_after_the_next_cycle_opens(
    tmp_path, chronicle_url, step
):
    scene = Scene(tmp_path, chronicle_url)
    base = SimpleNamespace(**BASE)

    def register() -> None:
        again = Scene(tmp_path, chronicle_url)
        change_champion.register_base(again.chronicle, again.store, again.settings, "shop", base)

    assert killed(register, at_step(step, "return"))
    recovered(scene)
    champion = change_champion.register_base(scene.chronicle, scene.store, scene.settings, "shop", base)[
        "version"
    ]
    assert scene.chronicle.champion("shop")["version"] == scene.champion_json()["version"] == champion
    assert [row["state"] for row in scene.chronicle.versions("shop")] == ["champion"]


def test_a_server_that_cannot_be_brought_back_stops_no_cycle(tmp_path, chronicle_url):
    scene = prepared(tmp_path, chronicle_url, "shop")
    killed_promotion(tmp_path, chronicle_url, "shop", at_step("deploy", "return"))
    working, scene.settings = scene.settings, Settings(deploy=Deploy(kind="command", command="false"))
    (line,) = recovered(scene)
    assert line.startswith(
        "the champion could not be put back in service: deploy.command ended with status 1"
    )
    assert scene.state("v2") == "benchmarked"
    scene.settings = working
    recovered(scene)
    assert scene.agrees_on("v1")


def test_a_promotion_under_way_is_left_alone(tmp_path, chronicle_url):
    scene = prepared(tmp_path, chronicle_url, "shop")
    with Chronicle(chronicle_url) as other, other.promotion_lock("shop"):
        said = recover(scene.chronicle, scene.store, scene.settings, "shop")
    assert said == ["a promotion of shop is under way elsewhere and is left to it"]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends a child with its parent")
def test_the_deploy_command_dies_with_the_promotion(tmp_path, chronicle_url):
    scene = prepared(tmp_path, chronicle_url, "shop")
    (tmp_path / "deploy.sh").write_text(
        'echo $$ > "$1.pid.part"; mv "$1.pid.part" "$1.pid"; sleep 1; printf %s "$AUTODIDACT_VERSION" > "$1"'
    )
    child = os.fork()
    if child == 0:
        try:
            again = Scene.__new__(Scene)
            again.chronicle = Chronicle(chronicle_url)
            change_champion.promote(
                again.chronicle, scene.store, scene.settings, "shop", "v2", expected="v1", **WHY
            )
        finally:
            os._exit(0)
    pid = tmp_path / "served-by-shop.pid"
    while not pid.exists():
        time.sleep(0.01)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    time.sleep(1.3)
    assert scene.served.read_text() == "v1"
