"""What is served is known by its log-probabilities, in whatever precision a server computes."""

import pytest

from autodidact.errors import AutodidactError
from autodidact.models.logprob_identity import Identity
from autodidact.promotion.compare_served_logprobs import Answers, compare

PROMPTS = [([1, 2, 3, 4, 5], 1)]
# Rounding to bfloat16, in nats: as much for every model.
ROUNDING = [0.02, -0.02, 0.02, -0.02]
BASE = [-3.0, -3.0, -3.0, -3.0]
VERSION = [-1.0, -2.0, -1.0, -2.0]
BEFORE = [-2.0, -1.0, -2.0, -1.0]
# What 4 bits instead of none do to base and adapters alike.
SHIFT = [0.4, -0.4, 0.4, -0.4]


def plus(one: list[float], *others: list[float]) -> list[float]:
    return [sum(values) for values in zip(one, *others, strict=True)]


def stored(values: list[float], *names: str) -> Identity:
    """As measured at home: float32 is exact, bfloat16 rounds, nf4 shifts."""
    all_of_them = {"float32": values, "bfloat16": plus(values, ROUNDING), "nf4": plus(values, SHIFT)}
    return Identity(PROMPTS, {name: [all_of_them[name]] for name in names or all_of_them})


def served(version: list[float], base: list[float] | None, *names: str) -> dict[str, float]:
    answers = Answers("vLLM", "autodidact-1", [version], None if base is None else [base])
    rivals = {"before": stored(BEFORE, *names), "base": stored(BASE, *names)}
    known = stored(BASE, *names) if base else None
    return compare(answers, "v2", stored(VERSION, *names), rivals, 0.2, base=known)


# Another rounding than that at home.
NOISE = [-0.02, 0.02, 0.02, 0.02]


@pytest.mark.parametrize("way", [[0.0] * 4, NOISE, SHIFT])
def test_the_right_weights_are_known_in_float32_in_bfloat16_and_in_4_bits(way):
    assert served(plus(VERSION, way), plus(BASE, way))["v2"] <= 0.02


@pytest.mark.parametrize("way", [[0.0] * 4, NOISE, SHIFT])
@pytest.mark.parametrize(("other", "name"), [(BEFORE, "before"), (BASE, "base")])
def test_the_champion_before_and_the_base_are_named(way, other, name):
    with pytest.raises(AutodidactError, match=f"vLLM answers as autodidact-1 with the weights of {name}: "):
        served(plus(other, way), plus(BASE, way))


@pytest.mark.parametrize("way", [[0.0] * 4, NOISE, SHIFT])
def test_a_small_change_of_the_weights_is_more_than_rounding_explains(way):
    with pytest.raises(AutodidactError, match="with other weights: .* more than rounding explains"):
        served(plus(VERSION, way, [0.03, 0.03, 0.03, 0.03]), plus(BASE, way))


def test_in_a_precision_that_was_not_stored_the_differences_to_the_base_are_compared():
    way = plus(SHIFT, [0.05, 0.0, 0.0, 0.0])
    found = served(plus(VERSION, way), plus(BASE, SHIFT), "float32")
    assert found == {"v2": 0.0125, "before": 1.0125, "base": 1.5125}
    with pytest.raises(AutodidactError, match="with the weights of before"):
        served(plus(BEFORE, SHIFT), plus(BASE, SHIFT), "float32")


def test_without_the_base_the_tolerance_decides():
    assert served(plus(VERSION, [0.1] * 4), None, "float32")["v2"] == 0.1
    with pytest.raises(AutodidactError, match="with other weights"):
        served(plus(VERSION, [0.3] * 4), None, "float32")


def test_another_base_model_is_called_that():
    with pytest.raises(
        AutodidactError, match="serves another base model: its log-probabilities are 1.5 nats"
    ):
        served(VERSION, plus(BASE, [1.5] * 4))
