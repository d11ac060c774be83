"""What is stored of a model, so that a server can be known by it."""

import pytest

from autodidact.models import logprob_identity
from autodidact.models.find_base_model import resolve_base
from autodidact.models.loading import load_model
from autodidact.models.logprob_identity import Identity
from autodidact.records import Champion
from autodidact.settings import Settings
from autodidact.store import Store
from tests import tiny

CHAMPION = Champion(
    version="base-1",
    base={"id": "base", "revision": None, "sha256": "b" * 64},
    quantization="nf4",
    cycle_id="",
    promoted_at="2026-11-01T00:00:00Z",
)


def test_an_identity_of_the_first_format_is_read_as_the_precision_of_its_training(tmp_path):
    store = Store(tmp_path)
    old = {"format": 1, "prompts": [{"tokens": [1, 2, 3], "start": 1, "logprobs": [-1.5, -0.25]}]}
    store.write_json(logprob_identity.key_of("shop", CHAMPION), old)
    found = logprob_identity.stored(store, "shop", CHAMPION)
    assert found == Identity([([1, 2, 3], 1)], {"nf4": [[-1.5, -0.25]]}, format=1)
    # It cannot be measured anew (there is no such base model), and is enough.
    logprob_identity.ensure(store, "shop", Settings(), [CHAMPION])
    assert logprob_identity.stored(store, "shop", CHAMPION) == found


def test_what_was_written_is_read_and_what_is_damaged_is_not_there(tmp_path):
    store, key = Store(tmp_path), logprob_identity.key_of("shop", CHAMPION)
    whole = Identity([([1, 2, 3], 1)], {"nf4": [[-1.5, -0.25]], "float32": [[-1.25, -0.5]]})
    logprob_identity.write(store, key, whole)
    assert logprob_identity.stored(store, "shop", CHAMPION) == whole
    for damaged in (Identity(whole.prompts, {"nf4": [[-1.5]]}), Identity(whole.prompts, {})):
        logprob_identity.write(store, key, damaged)
        assert logprob_identity.stored(store, "shop", CHAMPION) is None


@pytest.mark.slow
def test_a_model_is_measured_in_every_precision(tmp_path):
    base = resolve_base(Settings(base_model=str(tiny.build(tmp_path / "base", context=512))))
    found = logprob_identity.of_model(base, None, "none")
    assert sorted(found.logprobs) == ["bfloat16", "float32", "nf4"]
    model, _ = load_model(base, None, "none")
    assert found.logprobs["float32"] == logprob_identity.measure(model, found.prompts)
    assert 0 < logprob_identity.distance(found.logprobs["float32"], found.logprobs["bfloat16"]) < 0.1
