import json

import pytest

from autodidact.errors import AutodidactError
from autodidact.scanning.scan_artifacts import require_clean_cycle, scan, scan_artifacts
from autodidact.settings import load_settings
from autodidact.store import Store

SECRET = "gl" + "pat-x7Kq2Lm9Zt4Rw8Yb1Nc5"
FOLDER = "shop/cycles/2026-11-23T1200Z"


@pytest.fixture
def store(tmp_path):
    store = Store(tmp_path)
    store.write_json(
        f"{FOLDER}/gate/report.json",
        {"raw": 3, "sha256": "5dc781f0bd5f36186bfcc74e0a4f9f65440ee6d25dc781f0bd5f36186bfcc74e"},
    )
    return store


def test_a_clean_cycle_passes(store):
    require_clean_cycle(
        store, FOLDER, load_settings(environ={}).gate, {"history": [{"cycle_id": "2026-11-23T1200Z"}]}
    )


@pytest.mark.parametrize(
    "name", ["gate/dropped.jsonl", "generated/ast_parser.manifest.json", "training/log.txt", "card.md"]
)
def test_a_secret_in_any_text_fails_and_is_not_said(store, name):
    store.write_text(f"{FOLDER}/{name}", f"one\nthe job uses {SECRET} today\n")
    with pytest.raises(AutodidactError) as error:
        require_clean_cycle(store, FOLDER, None, {})
    assert str(error.value).startswith(f"{FOLDER}/{name} holds what looks like a secret: line 2 (glpat-...)")
    assert SECRET[8:] not in f"{error.value} {error.value.remedy}" and "gate.deny" in error.value.remedy


def test_a_secret_in_a_row_of_the_chronicle_fails(store):
    with pytest.raises(AutodidactError, match=r"the Chronicle \(history\)"):
        require_clean_cycle(store, FOLDER, None, {"history": [{"reasons": [f"the job said {SECRET}"]}]})


def test_what_is_denied_fails_by_the_number_of_its_entry(store):
    store.write_text(f"{FOLDER}/card.md", "trained for Acme Rockets\n")
    settings = load_settings(overrides={"gate.deny": ["Acme Rockets"]}, environ={}).gate
    with pytest.raises(AutodidactError) as error:
        require_clean_cycle(store, FOLDER, settings, {})
    assert "entry 1 of gate.deny" in str(error.value) and "Acme" not in str(error.value)


def test_raw_examples_and_weights_are_not_looked_at(store):
    for name in (
        "generated/ast_parser.jsonl",
        "training/adapter/tokenizer.json",
        "training/checkpoints/1/state.json",
    ):
        store.write_text(f"{FOLDER}/{name}", json.dumps({"x": SECRET}))
    require_clean_cycle(store, FOLDER, None, {})


def test_the_strings_of_a_line_are_read_through_the_escapes_of_json():
    line = json.dumps({"content": "\u00e9\n" + SECRET})
    assert list(scan(["{}", line])) == [(2, "glpat-...")]


def test_hits_are_named_by_artifact_and_line():
    assert scan_artifacts({"a": ["fine", SECRET], "b": ["fine"]}) == {"a": [(2, "glpat-...")]}
