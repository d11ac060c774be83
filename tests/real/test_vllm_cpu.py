"""What vLLM 0.32 does wrong on a CPU, and what `make vllm` mends: a row of the base gets no adapter."""

import os
import subprocess

import pytest

from tests.real.vllm import PYTHON, SCRIPT

pytestmark = [
    pytest.mark.skipif(not PYTHON, reason="only asked for by `make test-vllm`"),
    pytest.mark.slow,
    pytest.mark.timeout(600),
]
# Two rows: one of the adapter in place 0, one of the base. The last of two places has weights, as it once had one.
CODE = """
import torch
from vllm.lora.ops.torch_ops import lora_ops

def rows():
    rows, weights, made = torch.ones(2, 3), torch.ones(2, 1, 3), torch.zeros(2, 1)
    lora_ops.bgmv_shrink(rows, weights, made, torch.tensor([0, -1]))
    return made.flatten().tolist()

before = rows()
import base_beside_adapters
print("RESULT", before, rows())
"""


def test_a_row_of_the_base_gets_nothing_of_an_adapter():
    environment = os.environ | {"PYTHONPATH": str(SCRIPT.parent / "vllm_cpu")}
    out = subprocess.run([PYTHON, "-c", CODE], env=environment, capture_output=True, text=True).stdout
    assert out.splitlines()[-1] == "RESULT [3.0, 3.0] [3.0, 0.0]"
