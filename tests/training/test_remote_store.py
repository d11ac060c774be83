import uuid

import pytest

from autodidact.store import Store
from autodidact.training import checkpoints
from autodidact.training.remote_run_folder import Mirror

FOLDER = "shop/cycles/2026-11-23T1200Z/training"


@pytest.fixture
def store() -> Store:
    return Store(f"memory://{uuid.uuid4().hex}")


def save(mirror: Mirror, step: int):
    path = mirror.path / "checkpoints" / f"checkpoint-{step}"
    path.mkdir(parents=True)
    (path / "optimizer.pt").write_bytes(b"%d" % step)
    checkpoints.complete(path, digest="a", step=step)
    return path


def test_another_machine_goes_on_from_the_last_checkpoint_that_was_sent(store):
    with Mirror(store, FOLDER) as first:
        first.send(save(first, 10))
        first.send(save(first, 20))
        save(first, 30)  # complete on this machine, which is lost before it could be sent
    assert store.list(FOLDER) == [
        f"{FOLDER}/checkpoints/checkpoint-20/complete.json",
        f"{FOLDER}/checkpoints/checkpoint-20/optimizer.pt",
    ]
    with Mirror(store, FOLDER) as second:
        assert checkpoints.newest(second.path / "checkpoints", "a").step == 20


def test_a_checkpoint_that_a_newer_one_has_replaced_is_not_sent(store):
    with Mirror(store, FOLDER) as mirror:
        stale = save(mirror, 10)
        save(mirror, 20)
        mirror.send(stale)
    assert store.list(FOLDER) == []


def test_at_the_end_only_the_adapter_stays(store):
    store.write_bytes(f"{FOLDER}/adapter/left_over.bin", b"")
    with Mirror(store, FOLDER) as mirror:
        mirror.send(save(mirror, 10))
        (mirror.path / "adapter").mkdir()
        (mirror.path / "adapter/adapter_config.json").write_text("{}")
        mirror.finish()
    assert store.list(FOLDER) == [f"{FOLDER}/adapter/adapter_config.json"]
