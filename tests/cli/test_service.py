"""A person's commands: rollback, promote, status --repair, watch; what they print, and what the Chronicle
keeps.
"""

import json

import pytest
from typer.testing import CliRunner

from autodidact.cli import app
from autodidact.promotion import change_champion
from tests.promotion.scene import WHY, Scene


@pytest.fixture
def scene(tmp_path, monkeypatch) -> Scene:
    """v1 was champion before v2; v3 was rejected."""
    monkeypatch.chdir(tmp_path)
    scene = Scene(tmp_path, f"sqlite:///{tmp_path}/chronicle.db")
    for version in ("v1", "v2", "v3"):
        scene.add(version, "rejected" if version == "v3" else "benchmarked")
    for version, expected in (("v1", None), ("v2", "v1")):
        change_champion.promote(
            scene.chronicle, scene.store, scene.settings, "shop", version, expected=expected, **WHY
        )
    return scene


def run(scene: Scene, *arguments: str):
    """(exit status, the JSON object on standard output)."""
    deploy = {"deploy.kind": "command", "deploy.command": scene.settings.deploy.command}
    settings = {
        "system": "shop",
        "chronicle.url": f"sqlite:///{scene.store.root.parent}/chronicle.db",
    } | deploy
    options = [part for key, value in settings.items() for part in ("--set", f"{key}={value}")]
    done = CliRunner().invoke(app, [*arguments, "--json", "--store", str(scene.store.root), *options])
    return done.exit_code, json.loads(done.stdout)


def test_rollback_in_one_command_with_the_reason_kept(scene):
    assert run(scene, "rollback", "--reason", "it insults people") == (0, {"version": "v1"})
    assert scene.agrees_on("v1")
    last = scene.chronicle.states("shop", "v1")[-1]
    assert last["reason"] == "it insults people" and last["by"].endswith("(command)")
    assert run(scene, "rollback", "--to", "v2", "--reason", "it does not") == (0, {"version": "v2"})
    status, told = run(scene, "rollback", "--to", "v3", "--reason", "x")
    assert (
        status == 2
        and told["error"] == "version v3 is rejected; only an archived one can be brought back. Archived: v1."
    )
    assert run(scene, "rollback", "--reason", " ")[0] == 2


def test_a_rejected_version_needs_an_override(scene):
    status, told = run(scene, "promote", "v3", "--reason", "I know better")
    assert status == 2 and "Promote it all the same with --override" in told["error"]
    assert run(scene, "promote", "v3", "--reason", "I know better", "--override") == (0, {"version": "v3"})
    assert scene.agrees_on("v3")


def test_repair_undoes_what_was_killed(scene):
    assert run(scene, "status", "--repair")[1]["done"] == ["nothing had to be mended"]
    scene.chronicle.set_state("shop", "v3", "promoting", "t", "killed")
    scene.chronicle.record_deployment("shop", "v3", "command", "deploying", "t")
    scene.served.write_text("v3")
    assert run(scene, "status", "--repair") == (
        0,
        {
            "system": "shop",
            "champion": "v2",
            "done": ["undid the promotion of v3, which is rejected again", "deployed champion v2 again"],
        },
    )
    assert scene.agrees_on("v2")


def test_watching_a_server_without_an_address_sees_nothing_and_ends_with_the_bake_time(scene):
    assert run(scene, "watch", "--set", "deploy.bake=0")[1]["ended"] == "healthy"
