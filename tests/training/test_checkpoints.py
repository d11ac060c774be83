from pathlib import Path

import pytest

from autodidact.training import checkpoints


def saved(folder: Path, step: int, digest: str = "a") -> Path:
    """A checkpoint as the trainer writes it, and marked."""
    path = folder / f"checkpoint-{step}"
    path.mkdir(parents=True)
    (path / "adapter_model.safetensors").write_bytes(b"weights")
    (path / "optimizer.pt").write_bytes(b"moments")
    (path / "training_args.bin").write_bytes(b"a pickle")
    checkpoints.complete(path, digest=digest, step=step)
    return path


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_complete_checkpoint_replaces_the_older_ones(tmp_path):
    saved(tmp_path, 10)
    saved(tmp_path, 20)
    assert names(tmp_path) == ["checkpoint-20"]
    assert names(tmp_path / "checkpoint-20") == ["adapter_model.safetensors", "complete.json", "optimizer.pt"]
    assert checkpoints.newest(tmp_path, "a") == checkpoints.Checkpoint(tmp_path / "checkpoint-20", 20)


def test_a_save_that_was_killed_is_passed_over_and_removed(tmp_path):
    saved(tmp_path, 10)
    half = tmp_path / "checkpoint-20"
    half.mkdir()
    (half / "adapter_model.safetensors").write_bytes(b"wei")
    assert checkpoints.newest(tmp_path, "a").step == 10
    assert names(tmp_path) == ["checkpoint-10"]


@pytest.mark.parametrize("damage", ["cut", "gone", "marker"])
def test_a_damaged_checkpoint_is_not_used(tmp_path, damage):
    path = saved(tmp_path, 10)
    if damage == "cut":
        (path / "optimizer.pt").write_bytes(b"mom")
    elif damage == "gone":
        (path / "optimizer.pt").unlink()
    else:
        (path / "complete.json").write_text("[]")
    assert checkpoints.newest(tmp_path, "a") is None


def test_a_checkpoint_of_other_data_or_settings_is_not_used(tmp_path):
    saved(tmp_path, 10, digest="other rows")
    assert checkpoints.newest(tmp_path, "a") is None
    assert names(tmp_path) == []
