import copy

from autodidact.models.find_base_model import BaseModelRef
from autodidact.training.adapter_layers_and_files import write_adapter


def test_scale_is_the_part_of_the_change_to_the_base_that_is_kept(tmp_path):
    import torch
    from peft import LoraConfig, PeftModel, get_peft_model
    from safetensors.torch import load_file
    from transformers import Qwen3Config, Qwen3ForCausalLM

    torch.manual_seed(0)
    shape = {
        "hidden_size": 32,
        "intermediate_size": 32,
        "num_hidden_layers": 1,
        "num_attention_heads": 2,
        "num_key_value_heads": 1,
        "head_dim": 16,
    }
    base = Qwen3ForCausalLM(Qwen3Config(vocab_size=64, **shape))
    lora = LoraConfig(r=4, lora_alpha=8, target_modules=["q_proj", "down_proj"], init_lora_weights=False)
    model = get_peft_model(copy.deepcopy(base), lora)
    for folder, scale in (("whole", {}), ("half", {"scale": 0.5})):
        write_adapter(model, tmp_path / folder, BaseModelRef("tiny", tmp_path, "r", "s"), **scale)

    whole, half = (load_file(tmp_path / folder / "adapter_model.safetensors") for folder in ("whole", "half"))
    assert len(whole) == 4 and whole.keys() == half.keys()
    for name, values in whole.items():
        torch.testing.assert_close(half[name], values * 0.5 if "lora_B" in name else values, rtol=0, atol=0)
    assert (tmp_path / "whole" / "adapter_config.json").read_bytes() == (
        tmp_path / "half" / "adapter_config.json"
    ).read_bytes()

    def change(folder: str) -> torch.Tensor:
        loaded = PeftModel.from_pretrained(copy.deepcopy(base), tmp_path / folder).merge_and_unload()
        return (
            loaded.model.layers[0].mlp.down_proj.weight.detach()
            - base.model.layers[0].mlp.down_proj.weight.detach()
        )

    assert change("whole").abs().max() > 0.01
    torch.testing.assert_close(change("half") * 2, change("whole"), rtol=1e-4, atol=1e-6)
