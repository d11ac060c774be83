"""The model that is made, and its files: a checkpoint while it is trained, then what any tool can load."""

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autodidact_sprout.tokenizer import VOCABULARY


@dataclass(frozen=True)
class Shape:
    """Size of the model and of a step. The defaults are the shipped model's."""

    hidden: int = 256
    layers: int = 5
    heads: int = 4
    kv_heads: int = 2
    head_dim: int = 64
    intermediate: int = 768
    vocabulary: int = VOCABULARY
    batch_tokens: int = 3200
    length: int = 320
    learning_rate: float = 5e-3
    warmup: int = 50  # steps
    constant: float = 0.25  # of the budget at full learning rate; then linearly to almost zero


def new_model(shape: Shape, tokenizer) -> Any:
    """A Qwen3 of this shape with random weights."""
    from transformers import Qwen3Config, Qwen3ForCausalLM

    return Qwen3ForCausalLM(
        Qwen3Config(
            vocab_size=len(tokenizer),
            hidden_size=shape.hidden,
            intermediate_size=shape.intermediate,
            num_hidden_layers=shape.layers,
            num_attention_heads=shape.heads,
            num_key_value_heads=shape.kv_heads,
            head_dim=shape.head_dim,
            tie_word_embeddings=True,
            max_position_embeddings=4096,
            **_ends(tokenizer),
        )
    )


def _ends(tokenizer) -> dict[str, Any]:
    return {
        "bos_token_id": None,
        "eos_token_id": tokenizer.eos_token_id,
        "pad_token_id": tokenizer.pad_token_id,
    }


def export(checkpoint, out) -> None:
    """Writes the newest checkpoint as a loadable model in bfloat16: model.safetensors, configs, tokenizer,
    template.
    """
    import torch
    from safetensors.torch import load_file
    from transformers import GenerationConfig

    checkpoint, out = Path(checkpoint), Path(out)
    state = json.loads((checkpoint / "state.json").read_text(encoding="utf-8"))
    shape, tokenizer = Shape(**state["shape"]), load_tokenizer(checkpoint)
    stored = load_file(checkpoint / f"state-{state['step']}.safetensors")
    model = new_model(shape, tokenizer)
    params = dict(model.named_parameters())
    for name, p in params.items():
        p.data.copy_(stored[f"p.{name}"])
    model.generation_config = GenerationConfig(do_sample=False, **_ends(tokenizer))
    model.to(torch.bfloat16).save_pretrained(out)
    tokenizer.save_pretrained(out)
    # The class name every release of transformers knows, and nothing about where this tokenizer was loaded
    # from.
    config = json.loads((out / "tokenizer_config.json").read_text(encoding="utf-8"))
    config = {k: v for k, v in config.items() if k not in ("is_local", "local_files_only", "backend")}
    config["tokenizer_class"] = "PreTrainedTokenizerFast"
    (out / "tokenizer_config.json").write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")
    (out / "model.safetensors").chmod(0o644)  # a new safetensors file is readable by its owner alone


def save_state(folder: Path, params: dict, optimizer: dict, state: dict) -> None:
    """Tensors first, under a name of their own; then the small file that names them, replaced in one step."""
    from safetensors.torch import save_file

    save_file(
        {f"p.{n}": p.detach().contiguous() for n, p in params.items()} | optimizer,
        folder / f"state-{state['step']}.safetensors",
    )
    (folder / "state.json.new").write_text(json.dumps(state, indent=1), encoding="utf-8")
    os.replace(folder / "state.json.new", folder / "state.json")
    for old in folder.glob("state-*.safetensors"):
        if old.name != f"state-{state['step']}.safetensors":
            old.unlink()


def load_state(file: Path, params: dict, optimizer: dict) -> None:
    from safetensors.torch import load_file

    stored = load_file(file)
    for name, p in params.items():
        p.data.copy_(stored[f"p.{name}"])
    for name, value in optimizer.items():
        value.copy_(stored[name])


def load_tokenizer(folder: Path):
    from transformers import AutoTokenizer

    return AutoTokenizer.from_pretrained(folder, local_files_only=True)
