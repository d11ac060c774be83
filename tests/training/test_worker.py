"""The process that trains sees one GPU, whatever the machine has."""

import pytest

from autodidact.training.worker import one_gpu


@pytest.mark.parametrize(
    ("device", "seen", "left"),
    [
        (None, None, {"CUDA_VISIBLE_DEVICES": "0"}),
        (None, "2,3", {"CUDA_VISIBLE_DEVICES": "2"}),
        ("cuda", "MIG-1, MIG-2", {"CUDA_VISIBLE_DEVICES": "MIG-1", "AUTODIDACT_DEVICE": "cuda"}),
        ("cuda:1", None, {"CUDA_VISIBLE_DEVICES": "1", "AUTODIDACT_DEVICE": "cuda"}),
        ("cuda:1", "2,3", {"CUDA_VISIBLE_DEVICES": "3", "AUTODIDACT_DEVICE": "cuda"}),
        ("cuda:2", "2,3", {}),
        ("cuda:x", "2,3", {}),
        (None, "", {}),
        ("cpu", "2,3", {}),
    ],
)
def test_one_gpu_is_left_in_sight(device, seen, left):
    environment = {
        name: value
        for name, value in (("AUTODIDACT_DEVICE", device), ("CUDA_VISIBLE_DEVICES", seen))
        if value is not None
    }
    assert one_gpu(environment) == left
