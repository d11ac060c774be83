"""The adapter: which layers get one, and the folder that a server loads."""

import json
import shutil
from pathlib import Path


def linear_layers(model) -> list[str]:
    """Names of the layers that get an adapter: every linear one except the output head."""
    import torch

    head = model.get_output_embeddings()
    names = {
        name.rpartition(".")[2]
        for name, layer in model.named_modules()
        if isinstance(layer, torch.nn.Linear) and layer is not head
    }
    return sorted(names - {"lm_head"})


def public_name(base) -> str:
    """The base's id; of a folder of this machine only the folder's name."""
    return base.path.name if base.id == str(base.path) else base.id


def write_adapter(model, folder: Path, base, scale: float = 1.0) -> None:
    """The adapter as any server loads it: adapter_model.safetensors and adapter_config.json, nothing else.

    `scale` is the part of its change to the base that is kept: the point between base and fine-tune that
    WiSE-FT takes (Wortsman et al. 2022,
    arXiv 2109.01903), at no cost in serving. Equal adapters give equal files: sorted names, and the base by
    its name, never by a path of
    this machine.
    """
    from peft import get_peft_model_state_dict
    from safetensors.torch import save_file

    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    weights = get_peft_model_state_dict(model, save_embedding_layers=False)
    save_file(
        {
            name: (weights[name].detach() * (scale if "lora_B" in name else 1.0)).cpu().contiguous()
            for name in sorted(weights)
        },
        folder / "adapter_model.safetensors",
        {"format": "pt"},
    )
    config = model.peft_config["default"].to_dict()
    config |= {
        "inference_mode": True,
        "base_model_name_or_path": public_name(base),
        "revision": base.revision,
    }
    plain = json.loads(
        json.dumps(config, default=lambda value: sorted(value) if isinstance(value, set) else value.value)
    )
    (folder / "adapter_config.json").write_text(
        json.dumps(plain, indent=1, sort_keys=True) + "\n", encoding="utf-8"
    )
