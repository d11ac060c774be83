"""A version that was trained on a forgotten source never serves again; what serves in its place is promoted as
any other version is.
"""

from types import SimpleNamespace

import pytest

from autodidact.errors import AutodidactError, UsageError
from autodidact.forget.withdraw import withdraw
from autodidact.promotion import by_hand, change_champion
from autodidact.promotion.adapter_retention import prune
from autodidact.promotion.recovery import recover
from autodidact.promotion.rollback import roll_back
from tests.promotion.scene import BASE, WHY, Scene


@pytest.fixture
def scene(tmp_path, chronicle_url):
    """The base, then v1, v2 and v3 were champions; v4 was rejected."""
    scene = Scene(tmp_path, chronicle_url)
    base = SimpleNamespace(**BASE)
    change_champion.register_base(scene.chronicle, scene.store, scene.quiet, "shop", base)
    before = scene.chronicle.champion("shop")["version"]
    for version in ("v1", "v2", "v3"):
        scene.add(version)
        where = (scene.chronicle, scene.store, scene.settings, "shop")
        change_champion.promote(*where, version, expected=before, **WHY)
        before = version
    scene.add("v4", "rejected")
    return scene


def runtime(scene: Scene, settings=None) -> SimpleNamespace:
    found = SimpleNamespace(store=scene.store, settings=settings or scene.settings, say=lambda line: None)
    found.chronicle = lambda: scene.chronicle
    return found


def test_the_newest_champion_that_was_not_trained_on_it_serves_in_place_of_one_that_was(scene):
    served = withdraw(runtime(scene), scene.chronicle, "shop", ["v2", "v3", "v4"], by="ann")
    assert served == {"before": "v3", "after": "v1"}
    assert scene.agrees_on("v1")
    assert [scene.state(version) for version in ("v1", "v2", "v3", "v4")] == [
        "champion",
        "withdrawn",
        "withdrawn",
        "withdrawn",
    ]


def test_without_another_champion_the_base_serves(scene):
    served = withdraw(runtime(scene), scene.chronicle, "shop", ["v1", "v2", "v3"], by="ann")
    assert served["after"] == "base-bbbbbbbbbbbb" and scene.agrees_on("base-bbbbbbbbbbbb")


def test_a_champion_that_was_not_trained_on_it_stays(scene):
    assert withdraw(runtime(scene), scene.chronicle, "shop", ["v1"], by="ann")["after"] == "v3"
    assert scene.agrees_on("v3")


def test_doing_it_again_changes_nothing(scene):
    withdraw(runtime(scene), scene.chronicle, "shop", ["v3"], by="ann")
    rows = scene.chronicle.rows("shop")
    assert withdraw(runtime(scene), scene.chronicle, "shop", ["v3"], by="ann")["after"] == "v2"
    assert scene.chronicle.rows("shop") == rows


def test_nothing_brings_a_withdrawn_version_back(scene):
    withdraw(runtime(scene), scene.chronicle, "shop", ["v2", "v4"], by="ann")
    where = (scene.chronicle, scene.store, scene.settings, "shop")
    with pytest.raises(UsageError, match="v2 is withdrawn: a source that it was trained on was forgotten"):
        roll_back(*where, "v2", **WHY)
    with pytest.raises(UsageError, match="v4 is withdrawn"):
        by_hand.promote(runtime(scene), "shop", "v4", reason="because", by="ann", override=True)
    assert roll_back(*where, **WHY)["version"] == "v1"  # v2, the one before, is passed over
    assert recover(*where) == []
    keeps = scene.settings.model_copy(update={"deploy": scene.settings.deploy.model_copy(update={"keep": 0})})
    prune(scene.chronicle, scene.store, keeps, "shop")
    assert scene.agrees_on("v1")


def test_a_server_that_refuses_leaves_the_champion_and_the_next_try_finishes(scene, tmp_path):
    script = tmp_path / "deploy.sh"
    works = script.read_text()
    script.write_text("exit 1\n")
    with pytest.raises(AutodidactError):
        withdraw(runtime(scene), scene.chronicle, "shop", ["v3"], by="ann")
    script.write_text(works)
    assert withdraw(runtime(scene), scene.chronicle, "shop", ["v3"], by="ann")["after"] == "v2"
    assert scene.agrees_on("v2") and scene.state("v3") == "withdrawn"
