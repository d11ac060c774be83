import json
import os
import shutil
import subprocess
import sys
from dataclasses import replace

import pytest

from autodidact.digests import folder_digest
from autodidact.errors import AutodidactError, UsageError
from autodidact.models import chat_template, find_base_model, loading
from autodidact.settings import load_settings
from tests import loopback, tiny


@pytest.fixture(scope="module")
def base_folder(tmp_path_factory):
    return tiny.build(tmp_path_factory.mktemp("base"))


@pytest.fixture(scope="module")
def adapter(base_folder, tmp_path_factory):
    return tiny.adapter(base_folder, tmp_path_factory.mktemp("adapter"))


def resolve(name):
    return find_base_model.resolve_base(load_settings(overrides={"base_model": str(name)}, environ={}))


def answers(model, tokenizer, text="the queue handles a request"):
    import torch

    ids = tokenizer(text, return_tensors="pt").input_ids
    with torch.inference_mode():
        return model(input_ids=ids).logits[0, -1]


def test_a_folder_is_named_by_its_content_not_by_its_place(base_folder, tmp_path):
    moved = tmp_path / "moved"
    shutil.copytree(base_folder, moved)
    (moved / "README.md").write_text("about the model")
    assert resolve(moved).sha256 == resolve(base_folder).sha256
    (moved / "chat_template.jinja").write_text("{{ messages }}")
    assert resolve(moved).sha256 != resolve(base_folder).sha256
    assert resolve(base_folder).id == str(base_folder.resolve())


def test_sprout_is_in_the_package():
    base = resolve("sprout")
    assert (base.id, base.path, base.revision) == ("sprout", find_base_model.SPROUT, None)


@pytest.mark.parametrize("name", ["./nowhere", "/nowhere/model", "nowhere", "nowhere/x@../../../dev/zero"])
def test_a_base_model_that_does_not_exist_is_one_clear_line(name):
    with pytest.raises(
        UsageError,
        match="base_model .*nowhere.* does not exist. Use `sprout`, `smollm2`, a folder, or a hub id",
    ):
        resolve(name)


@pytest.mark.parametrize(
    "gone, complaint",
    [
        ("config.json", "it has no config.json"),
        ("model.safetensors", "it has no safetensors"),
        ("tokenizer*", "it has no tokenizer"),
    ],
)
def test_an_incomplete_folder_says_what_is_missing(base_folder, tmp_path, gone, complaint):
    broken = tmp_path / "broken"
    shutil.copytree(base_folder, broken)
    for file in broken.glob(gone):
        file.unlink()
    with pytest.raises(UsageError, match=complaint):
        resolve(broken)


def test_a_missing_shard_is_seen(base_folder, tmp_path):
    broken = tmp_path / "broken"
    shutil.copytree(base_folder, broken)
    shards = {"weight_map": {"a": "model-00001-of-00002.safetensors", "b": "model.safetensors"}}
    (broken / "model.safetensors.index.json").write_text(json.dumps(shards))
    with pytest.raises(UsageError, match="model-00001-of-00002.safetensors is missing"):
        resolve(broken)


@pytest.mark.parametrize(
    ("index", "complaint"),
    [
        ('{"weight_map": {"a": ["x"]}}', "cannot be read"),
        ("[" * 100_000, "cannot be read"),
        ('{"weight_map": {"a": 7}}', "names what is no file of the folder"),
        ('{"weight_map": {"a": "../other/model.safetensors"}}', "names what is no file of the folder"),
    ],
)
def test_an_index_that_is_none_or_leads_out_of_the_folder_is_refused(base_folder, tmp_path, index, complaint):
    broken = tmp_path / "broken"
    shutil.copytree(base_folder, broken)
    (broken / "model.safetensors.index.json").write_text(index)
    with pytest.raises(UsageError, match=complaint):
        resolve(broken)


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("model.safetensors", (2**60).to_bytes(8, "little") + b"{}"),
        ("config.json", b'{"model_type": ["qwen3"]}'),
        ("config.json", b"[" * 100_000),
        ("tokenizer.json", b"[]"),
    ],
)
def test_a_base_of_broken_files_is_one_line(base_folder, tmp_path, file, content):
    broken = tmp_path / "broken"
    shutil.copytree(base_folder, broken)
    (broken / file).write_bytes(content)
    base = resolve(broken)
    with pytest.raises(AutodidactError, match="cannot be loaded: "):
        loading.load_base(base, "none", "cpu")
        base.tokenizer()


def offline(code, home, **more):
    """Runs code in a process whose hub cache is `home` and that may not use the network, unless `more` says
    otherwise.
    """
    environment = (
        os.environ
        | {"HF_HUB_OFFLINE": "1", "HF_HOME": str(home), "PYTHONPATH": os.pathsep.join(sys.path)}
        | more
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment)
    return done.stdout.strip() or done.stderr


HUB = """
from autodidact.models import chat_template, find_base_model, loading
from autodidact.errors import AutodidactError, Unavailable
from autodidact.settings import load_settings
try:
    base = find_base_model.resolve_base(load_settings(overrides={"base_model": "someone/tiny"}, environ={}))
    print(base.id, base.revision, base.sha256)
except AutodidactError as error:
    print(*(["try again:"] if isinstance(error, Unavailable) else []), error)
"""


class Hub(loopback.Handler):
    """Answers everything with the server's status."""

    def do_GET(self):
        self.send_response(self.server.status)
        if self.server.status == 404:
            self.send_header("X-Error-Code", "RepoNotFound")
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_HEAD = do_GET


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (
            503,
            (
                "try again: base_model 'someone/tiny' is not on this machine, and the hub does not answer."
                " Download it where"
            ),
        ),
        (404, "base_model 'someone/tiny' cannot be had from the hub: "),
    ],
)
def test_a_hub_that_is_away_is_tried_again_and_one_that_says_no_is_not(tmp_path, status, words):
    with loopback.Server(Hub) as hub:
        hub.status = status
        told = offline(HUB, tmp_path, HF_HUB_OFFLINE="0", HF_ENDPOINT=hub.root)
    assert told.startswith(words) and "\n" not in told


def test_a_hub_model_comes_from_the_cache_and_offline_means_offline(base_folder, tmp_path):
    assert (
        offline(HUB, tmp_path)
        == "base_model 'someone/tiny' is not on this machine, and HF_HUB_OFFLINE is set. Download it where"
        " there is a network (hf download someone/tiny), or set base_model to `sprout` or a folder."
    )
    repository = tmp_path / "hub" / "models--someone--tiny"
    commit = "0123456789abcdef0123456789abcdef01234567"
    (repository / "refs").mkdir(parents=True)
    (repository / "refs" / "main").write_text(commit)
    (repository / "snapshots").mkdir()
    shutil.copytree(base_folder, repository / "snapshots" / commit)
    assert offline(HUB, tmp_path) == f"someone/tiny {commit} {resolve(base_folder).sha256}"


def test_the_digest_of_a_model_is_of_base_precision_and_adapter(base_folder, adapter, tmp_path):
    base = resolve(base_folder)
    digests = {
        find_base_model.model_digest(base),
        find_base_model.model_digest(base, quantization="none"),
        find_base_model.model_digest(base, adapter),
    }
    assert len(digests) == 3
    assert find_base_model.model_digest(base, adapter) == find_base_model.model_digest(
        base, adapter, adapter_sha256=folder_digest(adapter)
    )
    moved = tmp_path / "adapter"
    shutil.copytree(adapter, moved)
    assert find_base_model.model_digest(base, moved) == find_base_model.model_digest(base, adapter)


def test_the_adapter_changes_the_answers(base_folder, adapter):
    import torch

    base = resolve(base_folder)
    plain, tokenizer = loading.load_model(base, None, "none", "cpu")
    tuned, _ = loading.load_model(base, adapter, "none", "cpu", adapter_sha256=folder_digest(adapter))
    assert not torch.allclose(answers(plain, tokenizer), answers(tuned, tokenizer), atol=0.1)
    assert tokenizer.padding_side == "left"


@pytest.fixture(params=[True, False], ids=["with AVX512-BF16", "without"])
def cpu(request, monkeypatch):
    """A machine whose CPU has, as bitsandbytes sees it, a product of its own for 4-bit weights, and one whose
    CPU has not.
    """
    monkeypatch.setattr("bitsandbytes.nn.modules.has_avx512bf16", lambda: request.param)


def test_unpacked_on_a_cpu_four_bits_answer_as_they_were_trained(base_folder, adapter, cpu):
    import torch
    from peft import PeftModel

    base = resolve(base_folder)
    trained = PeftModel.from_pretrained(loading.load_base(base, "nf4", "cpu"), str(adapter)).eval()
    served, tokenizer = loading.load_model(base, adapter, "nf4", "cpu")
    exact, _ = loading.load_model(base, adapter, "none", "cpu")
    assert torch.allclose(answers(trained, tokenizer), answers(served, tokenizer), atol=1e-4)
    assert not torch.allclose(answers(exact, tokenizer), answers(served, tokenizer), atol=1e-2)


def test_four_bits_give_the_same_bytes_whether_or_not_a_cpu_has_a_product_for_them(tmp_path, monkeypatch):
    import torch

    base, given = resolve(tiny.build(tmp_path, hidden=64)), []
    for found in (True, False):
        monkeypatch.setattr("bitsandbytes.nn.modules.has_avx512bf16", lambda found=found: found)
        given.append(answers(loading.load_base(base, "nf4", "cpu"), base.tokenizer()))
    assert torch.equal(*given)


def test_a_four_bit_model_that_has_answered_can_still_be_trained_down_to_its_first_layer(tmp_path, cpu):
    from peft import LoraConfig, get_peft_model

    base = resolve(tiny.build(tmp_path, hidden=64))
    model, tokenizer = loading.load_base(base, "nf4", "cpu"), base.tokenizer()
    answers(model, tokenizer)
    model = get_peft_model(model, LoraConfig(r=2, target_modules="all-linear", task_type="CAUSAL_LM")).train()
    ids = tokenizer("the queue handles a request", return_tensors="pt").input_ids
    model(input_ids=ids, labels=ids).loss.backward()
    assert all(weight.grad.abs().sum() > 0 for name, weight in model.named_parameters() if "lora_B" in name)


@pytest.mark.slow
def test_no_code_is_fetched_from_the_hub_for_a_cpu(tmp_path):
    (tmp_path / "kernels.py").write_text("print('fetched')\ndef get_kernel(name, **_): raise OSError(name)\n")
    code = (
        f"import sys; sys.path.insert(0, {str(tmp_path)!r}); from autodidact.models.quantization import"
        " import_bitsandbytes"
    )
    code += "; import_bitsandbytes(); import kernels"
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment)
    assert (done.stdout, done.stderr) == ("fetched\n", "")  # once, by the import at the end


def test_an_adapter_with_another_hash_is_refused(base_folder, adapter, tmp_path):
    changed = tmp_path / "adapter"
    shutil.copytree(adapter, changed)
    (changed / "adapter_config.json").write_text((changed / "adapter_config.json").read_text() + " ")
    with pytest.raises(
        AutodidactError,
        match="is not the one that was trained: sha256 .* instead of .*Restore them, or train again",
    ):
        loading.load_model(
            resolve(base_folder), changed, "none", "cpu", adapter_sha256=folder_digest(adapter)
        )


def test_an_adapter_of_another_base_is_refused(adapter, tmp_path):
    other = resolve(tiny.build(tmp_path / "other", hidden=64))
    with pytest.raises(
        AutodidactError, match="does not fit the base model .* It was trained on another base"
    ):
        loading.load_model(other, adapter, "none", "cpu")


def test_a_pickled_adapter_is_no_adapter(base_folder, adapter, tmp_path):
    pickled = tmp_path / "adapter"
    shutil.copytree(adapter, pickled)
    (pickled / "adapter_model.safetensors").rename(pickled / "adapter_model.bin")
    with pytest.raises(AutodidactError, match="is no adapter: it has no adapter_model.safetensors"):
        loading.load_model(resolve(base_folder), pickled, "none", "cpu")


def test_the_device_is_checked(monkeypatch):
    import torch

    monkeypatch.setenv("AUTODIDACT_DEVICE", "toaster")
    with pytest.raises(UsageError, match="AUTODIDACT_DEVICE is 'toaster'"):
        loading.device_of()
    if not torch.cuda.is_available():
        with pytest.raises(UsageError, match="torch sees no GPU"):
            loading.device_of("cuda")


def test_a_model_without_a_chat_template_is_refused(base_folder, tmp_path):
    silent = tmp_path / "silent"
    shutil.copytree(base_folder, silent)
    (silent / "chat_template.jinja").unlink()
    assert (
        chat_template.template_of(base_folder).startswith("{%- if tools %}")
        and chat_template.template_of(silent) == ""
    )
    with pytest.raises(AutodidactError, match="has no chat template. Use a chat model"):
        resolve(silent).tokenizer()


def test_a_small_model_runs_on_one_thread_whatever_the_cores(base_folder, tmp_path):
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    large = tmp_path / "large"
    shutil.copytree(base_folder, large)
    with (large / "more.safetensors").open("wb") as weights:
        weights.truncate(loading.TINY)  # sparse: nothing is written
    assert loading.cpu_threads(resolve(base_folder)) == 1
    assert loading.cpu_threads(replace(resolve(base_folder), path=large)) == cores
    assert loading.cpu_threads(resolve(base_folder), 3) == 3
