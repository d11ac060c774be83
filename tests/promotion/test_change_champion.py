"""Promotion, rollback, keeping the champion: whatever happens, one champion, and it is the one that is
served.
"""

import threading
from types import SimpleNamespace

import pytest

from autodidact.chronicle.chronicle import UnderWay
from autodidact.errors import AutodidactError, Interrupted, UsageError
from autodidact.promotion import change_champion
from autodidact.promotion.deployers import CommandDeployer
from autodidact.promotion.rollback import roll_back
from autodidact.settings import Deploy, Settings
from tests.promotion.scene import WHY, ModelServer, Scene

BASE = SimpleNamespace(id="sprout", revision=None, sha256="b" * 64)
BASE_VERSION = "base-bbbbbbbbbbbb"


@pytest.fixture
def scene(tmp_path, chronicle_url) -> Scene:
    """The base is the champion; v1 and v2 have been measured."""
    scene = Scene(tmp_path, chronicle_url)
    change_champion.register_base(scene.chronicle, scene.store, scene.settings, "shop", BASE)
    scene.add("v1")
    scene.add("v2")
    return scene


def promote(
    scene: Scene, version: str, expected: str | None, settings: Settings | None = None, **more
) -> dict:
    return change_champion.promote(
        scene.chronicle,
        scene.store,
        settings or scene.settings,
        "shop",
        version,
        expected=expected,
        **WHY,
        **more,
    )


def rollback(scene: Scene, to: str | None = None) -> str:
    return roll_back(scene.chronicle, scene.store, scene.settings, "shop", to, **WHY)["version"]


def failing(scene: Scene, version: str) -> Settings:
    """A deployment that breaks when it is asked for `version`, after it has changed the server."""
    script = scene.store.root.parent / "failing.sh"
    script.write_text(
        f'printf %s "$AUTODIDACT_VERSION" > {scene.served}; test "$AUTODIDACT_VERSION" != {version} || {{'
        " echo broken >&2; exit 1; }"
    )
    return Settings(deploy=Deploy(kind="command", command=f"sh {script}"))


def test_the_base_is_the_first_champion(scene):
    champion = scene.champion_json()
    assert champion.pop("promoted_at") == scene.chronicle.champion("shop")["promoted_at"]
    assert champion == {
        "format": 1,
        "version": BASE_VERSION,
        "base": {"id": "sprout", "revision": None, "sha256": "b" * 64},
        "adapter": None,
        "quantization": "nf4",
        "cycle_id": "",
        "generation": 1,
    }
    assert not scene.served.exists()  # the first champion is registered, not deployed
    assert (
        change_champion.register_base(scene.chronicle, scene.store, scene.settings, "shop", BASE)[
            "generation"
        ]
        == 1
    )


def test_another_base_takes_the_place_of_a_base_but_not_of_a_trained_champion(scene):
    other = SimpleNamespace(id="Qwen/Qwen3-8B", revision="abc", sha256="c" * 64)
    champion = change_champion.register_base(scene.chronicle, scene.store, scene.settings, "shop", other)
    assert (champion["version"], champion["base"]["revision"], scene.state(BASE_VERSION)) == (
        "base-cccccccccccc",
        "abc",
        "archived",
    )
    promote(scene, "v1", "base-cccccccccccc")
    third = SimpleNamespace(id="x", revision=None, sha256="d" * 64)
    assert (
        change_champion.register_base(scene.chronicle, scene.store, scene.settings, "shop", third)["version"]
        == "v1"
    )


def test_a_promotion_deploys_marks_and_publishes(scene):
    champion = promote(scene, "v1", BASE_VERSION)
    assert (champion["version"], champion["generation"]) == ("v1", 2)
    assert scene.agrees_on("v1")
    assert [row["state"] for row in scene.chronicle.states("shop", "v1")] == [
        "candidate",
        "benchmarked",
        "promoting",
        "champion",
    ]
    assert scene.state(BASE_VERSION) == "archived"
    assert [(d["version"], d["state"], d["by"]) for d in scene.chronicle.deployments("shop")] == [
        ("v1", "verified", "ann"),
        ("v1", "deploying", "ann"),
    ]
    assert (
        scene.chronicle.events("shop")[0]["message"]
        == f"v1 is the champion, which replaces {BASE_VERSION}: because"
    )
    assert scene.champion_json()["adapter"] == {
        "path": "shop/cycles/v1/training/adapter",
        "sha256": scene.chronicle.version("shop", "v1")["adapter"]["sha256"],
    }


def test_promoting_twice_is_promoting_once(scene):
    promote(scene, "v1", BASE_VERSION)
    assert promote(scene, "v1", BASE_VERSION)["generation"] == 2
    assert len(scene.chronicle.deployments("shop")) == 2


def test_without_a_deployer_champion_json_is_all(scene):
    promote(scene, "v1", BASE_VERSION, settings=scene.quiet)
    assert scene.champion_json()["version"] == "v1"
    assert scene.chronicle.deployments("shop") == []


def test_a_decision_against_a_former_champion_is_refused(scene):
    promote(scene, "v1", BASE_VERSION)
    with pytest.raises(
        AutodidactError,
        match=f"the champion of shop is v1; v2 was to replace {BASE_VERSION}. Measure it against",
    ):
        promote(scene, "v2", BASE_VERSION)
    assert scene.state("v2") == "benchmarked" and scene.agrees_on("v1")


def test_an_adapter_with_a_wrong_hash_is_refused(scene):
    scene.store.write_text("shop/cycles/v1/training/adapter/adapter_model.safetensors", "other weights")
    with pytest.raises(
        AutodidactError,
        match=(
            r"the adapter of v1 has a wrong hash: \w{12} instead of \w{12} at .*/training/adapter. Put it"
            r" back"
        ),
    ) as caught:
        promote(scene, "v1", BASE_VERSION)
    assert "\n" not in str(caught.value)
    scene.store.delete("shop/cycles/v1/training/adapter")
    with pytest.raises(AutodidactError, match="the adapter of v1 is not at .*/training/adapter"):
        promote(scene, "v1", BASE_VERSION)
    assert (scene.state("v1"), scene.champion_json()["version"], scene.served.exists()) == (
        "benchmarked",
        BASE_VERSION,
        False,
    )


def test_an_unmeasured_candidate_is_refused_and_a_rejected_one_is_for_people(scene):
    scene.add("v3", "candidate")
    with pytest.raises(AutodidactError, match="version v3 is candidate and cannot become promoting"):
        promote(scene, "v3", BASE_VERSION)
    scene.add("v4", "rejected")
    assert promote(scene, "v4", BASE_VERSION)["version"] == "v4"


def test_a_failed_deployment_puts_the_champion_back(scene):
    promote(scene, "v1", BASE_VERSION)
    with pytest.raises(
        AutodidactError,
        match="the promotion of v2 failed: deploy.command ended with status 1: broken; v1 stays the champion",
    ):
        promote(scene, "v2", "v1", settings=failing(scene, "v2"))
    assert scene.agrees_on("v1") and scene.state("v2") == "benchmarked"
    assert [(d["version"], d["state"]) for d in scene.chronicle.deployments("shop", 4)] == [
        ("v1", "verified"),
        ("v1", "deploying"),
        ("v2", "failed"),
        ("v2", "deploying"),
    ]
    assert (
        scene.chronicle.states("shop", "v2")[-1]["reason"]
        == "the promotion failed: deploy.command ended with status 1: broken"
    )
    assert promote(scene, "v2", "v1")["version"] == "v2"


def test_a_server_that_answers_with_another_version_is_a_failed_deployment(tmp_path, chronicle_url):
    fixed = tmp_path / "stuck"
    fixed.write_text("v1")
    with ModelServer(fixed) as server:
        scene = Scene(tmp_path, chronicle_url, server=server.url)
        scene.add("v1")
        scene.add("v2")
        promote(scene, "v1", None)
        stuck = CommandDeployer(
            Settings(deploy=scene.settings.deploy.model_copy(update={"timeout": 0.5})), scene.store, "shop"
        )
        with pytest.raises(
            AutodidactError,
            match=(
                "the server at deploy.url serves v1 0.5 s after the deployment of v2; v1 stays the champion"
            ),
        ):
            promote(scene, "v2", "v1", deployer=stuck)
        assert scene.agrees_on("v1")


def test_when_putting_back_fails_too_the_next_call_tries_again(scene):
    promote(scene, "v1", BASE_VERSION)
    broken = Settings(deploy=Deploy(kind="command", command="false"))
    with pytest.raises(
        AutodidactError,
        match="the promotion of v2 failed: .*; putting the champion back failed too: .*Mend the deployment",
    ):
        promote(scene, "v2", "v1", settings=broken)
    assert (scene.state("v2"), scene.chronicle.champion("shop")["version"]) == ("benchmarked", "v1")
    change_champion.keep_champion(scene.chronicle, scene.store, scene.settings, "shop", **WHY)
    assert scene.agrees_on("v1") and scene.state("v2") == "benchmarked"


def test_an_interrupted_promotion_goes_on_when_it_runs_again(scene):
    class Interrupting(CommandDeployer):
        def probe(self, champion, others=()):
            raise Interrupted("stopped from outside", "Run the same command again.")

    promote(scene, "v1", BASE_VERSION)
    with pytest.raises(Interrupted):
        promote(scene, "v2", "v1", deployer=Interrupting(scene.settings, scene.store, "shop"))
    assert scene.state("v2") == "promoting"
    assert promote(scene, "v2", "v1")["version"] == "v2" and scene.agrees_on("v2")


def test_rollback_brings_the_previous_champion_back_and_a_second_one_goes_further(scene):
    with pytest.raises(UsageError, match=f"{BASE_VERSION} is the first champion of shop"):
        rollback(scene)
    promote(scene, "v1", BASE_VERSION)
    promote(scene, "v2", "v1")
    assert rollback(scene) == "v1" and scene.agrees_on("v1")
    assert scene.state("v2") == "archived"
    assert rollback(scene) == BASE_VERSION and scene.agrees_on(BASE_VERSION)
    assert rollback(scene, "v2") == "v2" and scene.agrees_on("v2")
    assert scene.chronicle.reigns("shop") == [BASE_VERSION, "v1", "v2", "v1", BASE_VERSION, "v2"]


def test_rollback_is_to_archived_versions_only(scene):
    promote(scene, "v1", BASE_VERSION)
    with pytest.raises(
        UsageError,
        match=(
            f"version v2 is benchmarked; only an archived one can be brought back. Archived: {BASE_VERSION}."
        ),
    ):
        rollback(scene, "v2")
    with pytest.raises(UsageError, match="shop has no version v9"):
        rollback(scene, "v9")


def test_keeping_the_champion_touches_no_server_that_was_never_used(scene):
    row = change_champion.keep_champion(
        scene.chronicle, scene.store, scene.settings, "shop", **WHY, cycle_id="c"
    )
    assert row["version"] == BASE_VERSION and not scene.served.exists()
    event = scene.chronicle.events("shop")[0]
    assert (event["kind"], event["message"], event["cycle_id"]) == (
        "kept",
        f"{BASE_VERSION} stays the champion: because",
        "c",
    )


def test_keeping_the_champion_brings_it_back_when_the_server_lost_it(tmp_path, chronicle_url):
    with ModelServer(tmp_path / "served-by-shop") as server:
        scene = Scene(tmp_path, chronicle_url, server=server.url)
        scene.settings = Settings(deploy=scene.settings.deploy.model_copy(update={"timeout": 0.5}))
        scene.add("v1")
        promote(scene, "v1", None)
        change_champion.keep_champion(scene.chronicle, scene.store, scene.settings, "shop", **WHY)
        assert len(scene.chronicle.deployments("shop")) == 2
        scene.served.write_text("somebody-elses-model")
        change_champion.keep_champion(scene.chronicle, scene.store, scene.settings, "shop", **WHY)
        assert scene.agrees_on("v1")
        assert [d["state"] for d in scene.chronicle.deployments("shop", 3)] == [
            "verified",
            "deploying",
            "failed",
        ]


def test_of_two_promotions_at_once_one_waits_for_nobody(scene, tmp_path):
    (tmp_path / "slow.sh").write_text(
        f"touch {tmp_path}/started; while [ ! -e {tmp_path}/go ]; do sleep 0.02; done; printf v1 >"
        f" {scene.served}"
    )
    slow = Settings(deploy=Deploy(kind="command", command=f"sh {tmp_path}/slow.sh"))
    first = threading.Thread(target=promote, args=(scene, "v1", BASE_VERSION, slow))
    first.start()
    while not (tmp_path / "started").exists():
        threading.Event().wait(0.02)
    with pytest.raises(
        UnderWay,
        match="another promotion of shop is under way. Run the same command again when it has ended.",
    ):
        promote(scene, "v2", BASE_VERSION)
    (tmp_path / "go").touch()
    first.join()
    assert scene.agrees_on("v1") and scene.state("v2") == "benchmarked"
