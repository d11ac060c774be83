"""An adapter without effect, given to a server to see whether it loads one of that rank, from there."""

import json
from pathlib import Path
from typing import Any, NamedTuple

WEIGHTS, CONFIG = "adapter_model.safetensors", "adapter_config.json"
A, B = ".lora_A.weight", ".lora_B.weight"
# Of a base, the part whose shape is taken: training puts an adapter there in every base.
PART = "layers.0.self_attn.q_proj.weight"


class Shape(NamedTuple):
    """`part`: the layer's name as an adapter has it. `into`, `out`: the layer's inputs and outputs."""

    part: str
    rank: int
    into: int
    out: int


def of_base(base: Path, rank: int) -> Shape | None:
    """The shape of an adapter of this rank for a base; None where the base has no such layer."""
    from safetensors import safe_open

    for file in sorted(base.glob("*.safetensors")):
        with safe_open(str(file), "np") as weights:
            for name in sorted(weights.keys()):
                if name.endswith(PART):
                    out, into = weights.get_slice(name).get_shape()
                    return Shape(f"base_model.model.{name.removesuffix('.weight')}", rank, into, out)
    return None


def of_adapter(adapter: Path) -> Shape | None:
    """The shape of an adapter's layer with the highest rank; None where its file has none."""
    from safetensors import SafetensorError, safe_open

    found: list[Shape] = []
    try:
        with safe_open(str(adapter / WEIGHTS), "np") as weights:
            names = set(weights.keys())
            for part in sorted(name.removesuffix(A) for name in names if name.endswith(A)):
                if part + B in names:
                    rank, into = weights.get_slice(part + A).get_shape()
                    found.append(Shape(part, rank, into, weights.get_slice(part + B).get_shape()[0]))
    except (OSError, SafetensorError, ValueError, IndexError):
        return None
    return max(found, key=lambda each: each.rank, default=None)


def write(folder: Path, shape: Shape) -> None:
    """Writes an adapter of zeros of that shape, as peft would have it."""
    import numpy
    from safetensors.numpy import save_file

    zeros: dict[str, Any] = {
        shape.part + A: numpy.zeros((shape.rank, shape.into), numpy.float32),
        shape.part + B: numpy.zeros((shape.out, shape.rank), numpy.float32),
    }
    folder.mkdir(parents=True, exist_ok=True)
    save_file(zeros, folder / WEIGHTS, metadata={"format": "pt"})
    config = {"peft_type": "LORA", "task_type": "CAUSAL_LM", "r": shape.rank, "lora_alpha": shape.rank}
    config |= {"target_modules": [shape.part.rpartition(".")[2]]}
    (folder / CONFIG).write_text(json.dumps(config))
