"""vLLM 0.32 on a CPU computes a request for the base, where it meets one for an adapter, with the adapter in
its last place: the base has the place -1, which torch takes for the last one. Here such rows get nothing.

scripts/vllm.py names this module with --worker-extension-cls, so the process that computes imports it.
"""

from vllm.lora.ops.torch_ops import lora_ops
from vllm.lora.punica_wrapper import punica_cpu

_shrink = lora_ops.bgmv_shrink


def bgmv_shrink(inputs, weights, output, places, scaling=1.0):
    """The first half of an adapter, for each row by its place; 0 for a row of the base."""
    _shrink(inputs, weights, output, places, scaling)
    output[places < 0] = 0


lora_ops.bgmv_shrink = bgmv_shrink
punica_cpu.bgmv_shrink = bgmv_shrink


class Extension:
    """What vLLM is given; it adds nothing to a worker."""
