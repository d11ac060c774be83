"""A version as a folder of the hub: its own library reads the card, and the configuration names a base that a
reader can find.
"""

import json

import pytest
from typer.testing import CliRunner

from autodidact.chronicle import Chronicle
from autodidact.cli import app
from autodidact.errors import AutodidactError, UsageError
from autodidact.export.adapter import export_adapter
from autodidact.records import Output
from autodidact.runtime import Runtime
from autodidact.settings import Settings
from autodidact.stage import run_stage
from tests.cycles import a_cycle
from tests.training.test_card import TRAINING


@pytest.fixture
def trained(tmp_path):
    """(runtime, cycle, version's row) for a base: a cycle whose training left an adapter and a picture."""

    def make(base_id: str = "Qwen/Qwen3-8B", revision: str | None = None) -> tuple:
        from autodidact.digests import folder_digest

        settings = Settings(store=str(tmp_path / "store"), base_model=base_id)
        runtime = Runtime(settings, say=lambda line: None)
        base = {"id": base_id, "revision": revision, "sha256": "c" * 64}
        cycle = a_cycle(settings, base=base)
        key = f"{cycle.folder}/training/adapter"
        runtime.store.write_text(f"{key}/adapter_model.safetensors", "weights")
        config = {"base_model_name_or_path": base_id, "peft_type": "LORA", "revision": None}
        runtime.store.write_json(f"{key}/adapter_config.json", config)
        digest = folder_digest(runtime.store.local(key))

        def train(run):
            run.write_text("loss.svg", "<svg/>")
            run.outputs["adapter"] = Output(sha256=digest, bytes=7)
            run.extra = {"training": TRAINING | {"base": base}}

        folder = f"{cycle.folder}/training"
        run_stage(runtime.store, cycle.cycle_id, "train", folder, code="1", inputs={}, work=train)
        row = {
            "system": "shop",
            "version": cycle.candidate(runtime.store),
            "state": "champion",
            "adapter": {"path": key, "sha256": digest},
        }
        return runtime, cycle, row

    return make


def config(folder) -> dict:
    return json.loads((folder / "adapter_config.json").read_text())


def test_the_hubs_own_library_reads_the_card_and_the_weights_are_those_that_were_measured(trained, tmp_path):
    from huggingface_hub import ModelCard
    from huggingface_hub.utils import validate_repo_id

    runtime, cycle, row = trained()
    found = export_adapter(runtime, cycle, row, tmp_path / "out", licence="apache-2.0")
    assert (found["base_model"], found["license"]) == ("Qwen/Qwen3-8B", "apache-2.0")
    head = ModelCard((tmp_path / "out" / "README.md").read_text()).data.to_dict()
    validate_repo_id(head["base_model"])
    assert [head[name] for name in ("library_name", "license", "base_model_relation", "pipeline_tag")] == [
        "peft",
        "apache-2.0",
        "adapter",
        "text-generation",
    ]
    assert {"autodidact", "lora"} <= set(head["tags"])
    names = {"README.md", "adapter_config.json", "adapter_model.safetensors", "loss.svg"}
    assert {file.name for file in (tmp_path / "out").iterdir()} == names
    assert (tmp_path / "out" / "adapter_model.safetensors").read_text() == "weights"
    assert "![Loss](loss.svg)" in (tmp_path / "out" / "README.md").read_text()
    assert config(tmp_path / "out")["base_model_name_or_path"] == "Qwen/Qwen3-8B"


def test_a_revision_of_the_hub_goes_into_the_configuration(trained, tmp_path):
    export_adapter(*trained("Qwen/Qwen3-8B@main", "a" * 40), tmp_path / "out")
    assert config(tmp_path / "out") == {
        "base_model_name_or_path": "Qwen/Qwen3-8B",
        "peft_type": "LORA",
        "revision": "a" * 40,
    }


def test_a_base_without_a_name_on_the_hub_is_not_made_one_up(trained, tmp_path):
    from huggingface_hub import ModelCard

    found = export_adapter(*trained("sprout"), tmp_path / "out")
    assert (found["base_model"], found["license"]) == (None, "apache-2.0")
    read = ModelCard((tmp_path / "out" / "README.md").read_text())
    assert "base_model" not in read.data.to_dict() and "has no name on the hub" in read.text
    assert config(tmp_path / "out")["base_model_name_or_path"] == "sprout"
    export_adapter(*trained("sprout"), tmp_path / "named", base="ada/sprout")
    assert config(tmp_path / "named")["base_model_name_or_path"] == "ada/sprout"


def test_a_base_out_of_a_package_names_the_model_that_it_was_made_from_and_says_what_differs(
    trained, tmp_path
):
    export_adapter(*trained("smollm2"), tmp_path / "out")
    assert config(tmp_path / "out")["base_model_name_or_path"] == "HuggingFaceTB/SmolLM2-135M-Instruct"
    assert "rounded to fewer bits" in (tmp_path / "out" / "README.md").read_text()


@pytest.mark.parametrize("name", ["sprout", "/models/sprout", "a b/c"])
def test_a_name_that_no_hub_has_is_refused(trained, tmp_path, name):
    with pytest.raises(UsageError, match="is no name on the hub. Write OWNER/NAME."):
        export_adapter(*trained(), tmp_path / "out", base=name)


def test_withdrawn_damaged_and_replaced_versions_are_refused(trained, tmp_path):
    runtime, cycle, row = trained()
    with pytest.raises(UsageError, match="is withdrawn"):
        export_adapter(runtime, cycle, row | {"state": "withdrawn"}, tmp_path / "out")
    with pytest.raises(AutodidactError, match="was trained again"):
        export_adapter(runtime, cycle, row | {"version": "2026-11-23T1200Z-0123456789ab"}, tmp_path / "out")
    runtime.store.write_text(f"{row['adapter']['path']}/adapter_model.safetensors", "others")
    with pytest.raises(AutodidactError, match="has a wrong hash"):
        export_adapter(runtime, cycle, row, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_the_command_takes_the_version_in_service_where_none_is_named(trained, tmp_path):
    runtime, cycle, row = trained()
    runtime.store.write_json(f"{cycle.folder}/cycle.json", cycle)
    url = f"sqlite:///{tmp_path / 'c.db'}"
    given = ["--store", str(tmp_path / "store"), "--set", f"chronicle.url={url}", "--system", "shop"]

    def export(folder: str) -> tuple[int, str]:
        done = CliRunner().invoke(app, ["export", "adapter", "--out", str(tmp_path / folder), *given])
        return done.exit_code, done.output

    with Chronicle(url) as chronicle:
        chronicle.record_cycle(cycle.model_dump(mode="json"))
        assert export("before") == (
            2,
            "autodidact: shop has no version in service yet. Run `autodidact cycle`.\n",
        )
        base = {"id": "Qwen/Qwen3-8B", "revision": None, "sha256": "c" * 64}
        chronicle.register_version("shop", row["version"], cycle.cycle_id, base, row["adapter"], "nf4")
        for state in ("benchmarked", "promoting"):
            chronicle.set_state("shop", row["version"], state, "test", "better")
        chronicle.swap_champion("shop", None, row["version"], "test", "better")
    status, text = export("out")
    assert (status, "Qwen/Qwen3-8B" in text) == (0, True)
    assert (tmp_path / "out" / "adapter_model.safetensors").read_text() == "weights"
