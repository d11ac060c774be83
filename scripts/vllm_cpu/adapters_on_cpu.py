"""Two faults of vLLM 0.32 on a CPU, mended in its two steps of an adapter.

Rows of the base: it computes a request for the base, where it meets one for an adapter, with the adapter in
its last place: the base has the place -1, which torch takes for the last one. Here such rows get nothing.

Time: it copies an adapter's weights for each token, which takes most of the time of a model like smollm2.
Here the rows of one adapter are multiplied together.

scripts/vllm.py names this module with --worker-extension-cls, so the process that computes imports it.
"""

from vllm.lora.ops.torch_ops import lora_ops
from vllm.lora.punica_wrapper import punica_cpu


def products(inputs, weights, places, dtype):
    """(rows, their products with the weights of their adapter) of each adapter; none of the base."""
    found = places.expand(len(inputs)).tolist()
    for place in set(found) - {-1}:
        alone = found.count(place) == len(found)
        rows = slice(None) if alone else [row for row, other in enumerate(found) if other == place]
        chosen = weights[place].reshape(weights.shape[-2:]).to(dtype)
        yield rows, inputs[rows].to(dtype) @ chosen.T


def bgmv_shrink(inputs, weights, output, places, scaling=1.0):
    """The first half of an adapter, for each row by its place; 0 for a row of the base."""
    output.zero_()
    for rows, made in products(inputs, weights, places, output.dtype):
        output[rows, : made.shape[1]] = scaling * made


def bgmv_expand_slice(inputs, weights, output, places, start, size, add_inputs=True):
    """The second half, into columns of the output; a row of the base stays as it is."""
    columns = output[:, start : start + size]
    if not add_inputs:
        columns.zero_()
    for rows, made in products(inputs, weights, places, output.dtype):
        columns[rows] += made


for module in (lora_ops, punica_cpu):
    module.bgmv_shrink = bgmv_shrink
    module.bgmv_expand_slice = bgmv_expand_slice


class Extension:
    """What vLLM is given; it adds nothing to a worker."""
