"""Two processes train what one would: the adapter is the same, byte for byte, and a second process that is
killed costs nothing.
"""

import os
import subprocess

import pytest

from autodidact.store import folder_digest
from autodidact.training import qlora, second, specification
from autodidact.training.recipes import RECIPES, Recipe


@pytest.fixture
def spec(kept, settings, monkeypatch):
    """The work of twelve updates of six rows in two shares, in a folder of its own, on a machine of two
    cores.
    """
    monkeypatch.setattr("autodidact.models.bases.cores", lambda: 2)
    monkeypatch.setattr(second, "PAYS", 10)

    def make(folder, **changes):
        chosen = settings(dropout=0.0, batch_size=6, accumulation=1, max_steps=12, evaluations=0)
        (folder / "checkpoints").mkdir(parents=True)
        return specification(kept, folder, chosen, seed=7) | {"shares": 2, "parent": os.getpid()} | changes

    return make


def trained(spec, on_step=lambda step: None):
    """(adapter's digest, losses, what was said)"""
    said = []

    def report(event):
        said.append(event.get("text"))
        if event["event"] == "step":
            on_step(event["step"])

    made = qlora.train(spec, qlora.Stop(), report)
    return (
        folder_digest(f"{spec['out']}/adapter"),
        [loss for _, loss, _ in made["loss_curve"]],
        list(filter(None, said)),
    )


@pytest.fixture
def alone(spec, tmp_path, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(second, "FREE", 2**60)
        return trained(spec(tmp_path / "alone"))


def children():
    """Second processes of this one."""
    found = subprocess.run(
        ["pgrep", "-P", str(os.getpid()), "-f", "autodidact.training.second"], capture_output=True, text=True
    ).stdout
    return [int(line) for line in found.split()]


@pytest.mark.slow
def test_two_processes_train_the_adapter_of_one(spec, alone, tmp_path):
    running = []
    assert trained(spec(tmp_path / "two"), lambda step: running.append(len(children()))) == alone
    assert running == [1] * 12 and children() == []
    digest, losses, _ = trained(spec(tmp_path / "whole", shares=1))
    assert digest != alone[0] and losses == pytest.approx(
        alone[1], rel=1e-4
    )  # another order of the same sums


@pytest.mark.slow
def test_a_second_process_that_is_killed_costs_nothing(spec, alone, tmp_path):
    assert (
        trained(
            spec(tmp_path / "killed"), lambda step: step == 5 and [os.kill(child, 9) for child in children()]
        )
        == alone
    )


def test_one_that_does_not_start_is_told_of(spec, alone, tmp_path, monkeypatch):
    monkeypatch.setattr(second.sys, "executable", "false")
    digest, losses, said = trained(spec(tmp_path / "none"))
    assert (digest, losses) == alone[:2] and said == ["goes on in one process: the second one did not start"]


def test_a_few_updates_do_not_pay_for_a_second_process(spec, alone, tmp_path, monkeypatch):
    monkeypatch.setattr(second, "PAYS", 13)
    assert (
        trained(
            spec(tmp_path / "few"),
            lambda step: step == 1 and children() == [] or step > 1 or pytest.fail("there is one"),
        )
        == alone
    )


def test_shares_are_cut_by_tokens():
    assert second.shares([0, 1, 2, 3], [10, 40, 30, 15]) == ([1, 0], [2, 3])
    assert second.shares([2], [10, 40, 30]) == ([2], [])


def test_two_shares_only_where_a_second_process_helps(monkeypatch):
    monkeypatch.setattr("autodidact.models.bases.cores", lambda: 2)
    sprout = RECIPES["sprout"]
    assert second.shares_of(sprout, 1, None) == 2
    assert second.shares_of(sprout, 1, 1) == 1  # one thread was asked for
    assert second.shares_of(sprout, 2, None) == 1  # a model large enough for threads
    assert second.shares_of(Recipe(batch_size=8, accumulation=1), 1, None) == 1  # dropout
    monkeypatch.setattr("autodidact.models.bases.cores", lambda: 1)
    assert second.shares_of(sprout, 1, None) == 1
