"""Deployers: a command, run without a shell; what it gets, and what a failure says."""

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from autodidact.chronicle import Chronicle
from autodidact.errors import AutodidactError, Unavailable
from autodidact.promotion.champion_file import publish
from autodidact.promotion.deployers import CommandDeployer, NoDeployer, deployer_of
from autodidact.promotion.deployers.deployer_base import address
from autodidact.records import Champion
from autodidact.settings import Deploy, Settings
from autodidact.store import Store
from tests.promotion.scene import ModelServer

CHAMPION = Champion(
    version="2026-11-23T1200Z-0123456789ab",
    base={"id": "sprout", "revision": None, "sha256": "b"},
    adapter={"path": "shop/cycles/c/training/adapter", "sha256": "a"},
    quantization="nf4",
    cycle_id="c",
    promoted_at="2026-11-23T12:00:00Z",
)


@pytest.fixture
def store(tmp_path) -> Store:
    return Store(tmp_path / "store")


def script(tmp_path, text: str) -> str:
    (tmp_path / "deploy.sh").write_text(text)
    return f"sh {tmp_path}/deploy.sh"


def deployer(command: str, store: Store, **more) -> CommandDeployer:
    return CommandDeployer(
        Settings(deploy=Deploy(kind="command", command=command, tolerance=None, live=0, **more)),
        store,
        "shop",
    )


def test_the_settings_name_the_deployer(store):
    assert isinstance(deployer_of(Settings(), store, "shop"), NoDeployer)
    assert isinstance(
        deployer_of(Settings(deploy=Deploy(kind="command", command="true")), store, "shop"), CommandDeployer
    )
    with pytest.raises(
        AutodidactError, match="deploy.command is empty. Set deploy.command, or deploy.kind to none."
    ):
        deployer_of(Settings(deploy=Deploy(kind="command")), store, "shop")


def test_the_command_knows_what_to_serve(store, tmp_path):
    command = script(
        tmp_path,
        f'printf "%s\\n" "$AUTODIDACT_VERSION" "$AUTODIDACT_ADAPTER" "$AUTODIDACT_CHAMPION" > {tmp_path}/got',
    )
    deployer(command, store).deploy(CHAMPION)
    version, adapter, champion = (tmp_path / "got").read_text().splitlines()
    assert version == "2026-11-23T1200Z-0123456789ab"
    assert adapter == f"{tmp_path}/store/shop/cycles/c/training/adapter"
    assert json.loads(champion) == CHAMPION.model_dump(mode="json")


def test_words_are_filled_in_and_no_shell_reads_them(store, tmp_path):
    command = (
        script(tmp_path, f'printf "%s\\n" "$@" > {tmp_path}/got')
        + " {version} 'a b' --base={base} $HOME ;rm {adapter} {other}"
    )
    deployer(command, store).deploy(CHAMPION)
    assert (tmp_path / "got").read_text().splitlines() == [
        "2026-11-23T1200Z-0123456789ab",
        "a b",
        "--base=sprout",
        "$HOME",
        ";rm",
        f"{tmp_path}/store/shop/cycles/c/training/adapter",
        "{other}",
    ]


def test_a_base_has_no_adapter_and_a_remote_store_has_urls(store):
    assert address(store, CHAMPION.model_copy(update={"adapter": None})) == ""
    assert (
        address(Store("memory://bucket/prefix"), CHAMPION)
        == "memory://bucket/prefix/shop/cycles/c/training/adapter"
    )


def test_a_failure_says_the_last_line_and_no_secret(store, tmp_path, monkeypatch):
    monkeypatch.setenv("SERVER_TOKEN", "t0ps3cret")
    text = (
        "echo first >&2; echo 'login t0ps3cret at https://ann:pass@host/v1 refused' >&2; echo >&2; echo"
        " unrelated; exit 3"
    )
    with pytest.raises(AutodidactError) as caught:
        deployer(script(tmp_path, text), store).deploy(CHAMPION)
    assert (
        str(caught.value)
        == "deploy.command ended with status 3: login *** at https://ann:***@host/v1 refused. Mend the"
        " deployment and promote again."
    )


def test_a_silent_failure_says_what_was_printed(store, tmp_path):
    with pytest.raises(AutodidactError, match="status 1: no space"):
        deployer(script(tmp_path, "echo no space; exit 1"), store).deploy(CHAMPION)
    with pytest.raises(AutodidactError, match="status 1: it said nothing"):
        deployer("false", store).deploy(CHAMPION)


def test_a_command_with_an_open_quote_is_one_line_without_the_command(store):
    with pytest.raises(
        AutodidactError, match="^deploy.command cannot be split into words: No closing quotation"
    ):
        deployer("deploy --token 'hunter2", store)


def test_a_program_that_is_not_there(store):
    with pytest.raises(
        AutodidactError, match="deploy.command cannot run /no/such/program: No such file or directory"
    ):
        deployer("/no/such/program --now", store).deploy(CHAMPION)


def test_a_command_that_hangs_is_ended_with_its_children(store, tmp_path):
    began = time.monotonic()
    with pytest.raises(AutodidactError, match="deploy.command did not end within 0.5 s"):
        deployer(script(tmp_path, f"(sleep 2; touch {tmp_path}/late) & sleep 60"), store, timeout=0.5).deploy(
            CHAMPION
        )
    assert time.monotonic() - began < 10
    time.sleep(2.2)
    assert not (tmp_path / "late").exists()


def test_a_server_left_running_in_the_background_is_no_hang(store, tmp_path):
    began = time.monotonic()
    deployer(script(tmp_path, "sleep 20 & echo started"), store).deploy(CHAMPION)
    assert time.monotonic() - began < 10


def test_the_server_must_answer_with_exactly_that_version(store, tmp_path):
    served = tmp_path / "served"
    with ModelServer(served) as server:
        served_by = deployer("true", store, url=server.url, timeout=0.5)
        with pytest.raises(
            AutodidactError,
            match=(
                "the server at deploy.url serves nothing 0.5 s after the deployment of 2026-11-23T1200Z-0123"
            ),
        ):
            served_by.probe(CHAMPION)
        served.write_text("2026-11-23T1200Z-0123456789ac")
        with pytest.raises(AutodidactError, match="serves 2026-11-23T1200Z-0123456789ac 0.5 s after"):
            served_by.probe(CHAMPION)
        served.write_text("2026-11-23T1200Z-0123456789ab")
        served_by.probe(CHAMPION)
    with pytest.raises(Unavailable, match="does not answer: .*refused 0.5 s after"):
        served_by.probe(CHAMPION)


def test_champion_json_is_written_when_it_differs_and_replaced_when_damaged(store, tmp_path):
    row, chronicle = {"system": "shop", **CHAMPION.model_dump()}, Chronicle(str(tmp_path / "chronicle.db"))
    assert publish(chronicle, store, row) is True
    assert store.read_json("shop/champion.json") == CHAMPION.model_dump(mode="json")
    assert publish(chronicle, store, row) is False
    store.write_text("shop/champion.json", "{")
    assert publish(chronicle, store, row) is True


def test_a_killed_promotion_leaves_nothing_of_its_command_running(tmp_path):
    """Neither the command nor what it calls: another promotion may be undoing it."""
    inner = tmp_path / "inner.sh"
    inner.write_text(f"touch {tmp_path}/begun; sleep 0.7; touch {tmp_path}/stale\n")
    command = script(tmp_path, f"sh {inner}; true")
    code = f"""
from tests.promotion.test_deploy import CHAMPION, Store, deployer
deployer({command!r}, Store({str(tmp_path / "store")!r})).deploy(CHAMPION)
"""
    promotion = subprocess.Popen([sys.executable, "-c", code], cwd=Path(__file__).parents[2])
    while not (tmp_path / "begun").exists():
        time.sleep(0.01)
    promotion.kill()
    promotion.wait()
    time.sleep(1)
    assert not (tmp_path / "stale").exists()
