"""What vLLM 0.32 does wrong on a CPU, and what `make vllm` mends: a row of the base gets no adapter, and no
adapter's weights are copied for each token.
"""

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
import adapters_on_cpu
print("RESULT", before, rows())
"""

# 40 rows of three adapters, through both halves of an adapter into the second third of the output.
SAME = """
import torch
from vllm.lora.ops.torch_ops import lora_ops

torch.manual_seed(7)
inputs, places = torch.randn(40, 576).bfloat16(), torch.randint(0, 3, (40,))
first, second = torch.randn(3, 1, 32, 576).bfloat16(), torch.randn(3, 1, 192, 32).bfloat16()
output = torch.randn(40, 576).bfloat16()

def rows():
    inner, outer = torch.zeros(40, 32), output.clone()
    lora_ops.bgmv_shrink(inputs, first, inner, places, 2.0)
    lora_ops.bgmv_expand_slice(inner, second, outer, places, 192, 192, True)
    return inner, outer

before, loaded = rows(), __import__("adapters_on_cpu")
for one, other in zip(before, rows(), strict=True):
    assert torch.allclose(one.float(), other.float(), rtol=1e-4, atol=1e-4)
print("RESULT", (before[1] != output).any(0).nonzero().flatten()[[0, -1]].tolist())
"""


def result(code: str) -> str:
    """The last line that vLLM's Python prints."""
    environment = os.environ | {"PYTHONPATH": str(SCRIPT.parent / "vllm_cpu")}
    out = subprocess.run([PYTHON, "-c", code], env=environment, capture_output=True, text=True)
    assert out.returncode == 0, out.stderr[-2000:]
    return out.stdout.splitlines()[-1]


def test_a_row_of_the_base_gets_nothing_of_an_adapter():
    assert result(CODE) == "RESULT [3.0, 3.0] [3.0, 0.0]"


def test_rows_of_adapters_are_what_vllm_makes_of_them():
    assert result(SAME) == "RESULT [192, 383]"
