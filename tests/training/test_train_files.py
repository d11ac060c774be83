import json

from safetensors import safe_open

from autodidact.digests import folder_digest
from autodidact.training import train_files


def test_the_adapter_folder_holds_safetensors_and_json_and_no_path_of_this_machine(
    kept, settings, tiny_base, tmp_path
):
    said = []
    result = train_files(kept, tmp_path, settings(max_steps=6), seed=7, say=said.append)

    assert sorted(p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*") if p.is_file()) == [
        "adapter/adapter_config.json",
        "adapter/adapter_model.safetensors",
    ]
    config = json.loads((tmp_path / "adapter/adapter_config.json").read_text())
    assert config["base_model_name_or_path"] == tiny_base.name
    assert (config["r"], config["lora_alpha"], config["peft_type"]) == (4, 8, "LORA")
    assert config["target_modules"] == [
        "down_proj",
        "gate_proj",
        "k_proj",
        "o_proj",
        "q_proj",
        "up_proj",
        "v_proj",
    ]
    with safe_open(tmp_path / "adapter/adapter_model.safetensors", "pt") as weights:
        assert len(weights.keys()) == 2 * 7 * 2  # layers x projections x (A, B)
        assert (
            weights.get_tensor("base_model.model.model.layers.0.self_attn.q_proj.lora_B.weight").abs().sum()
            > 0
        )

    assert result["outputs"]["adapter"].sha256 == folder_digest(tmp_path / "adapter")
    assert result["steps"] == 6 and len(result["loss_curve"]) == 6 and result["resumed_from"] == 0
    assert result["loss_last"] < result["loss_first"]
    assert result["composition"] == {"ast_parser": {"architecture": 29}, "tool_spec": {"tool_use": 10}}
    assert result["held_out"]["composition"] == {
        "ast_parser": {"architecture": 1}
    }  # a twentieth of 30; of the other 10, none
    losses = {evaluation["step"]: evaluation["loss"] for evaluation in result["held_out"]["evaluations"]}
    assert list(losses) == [0, 2, 3, 5, 6] and losses[6] < losses[0]
    assert result["settings"]["quantization"] == "nf4" and result["settings"]["rank"] == 4
    assert result["base"]["id"] == tiny_base.name and len(result["base"]["sha256"]) == 64
    assert result["versions"]["trl"] and result["peak_memory"]["rss"] > 0 and result["tokens_per_second"] > 0
    assert said[0] == "train: 39 rows, 1 held out, 6 updates" and said[-1].startswith(
        "train: update 6 of 6, loss "
    )
