"""Are the weights that a server computes with those of a version? Decided from log-probabilities, in whatever
precision the server computes.

The stored numbers are in several precisions (models/logprob_identity.py). Which of them is the server's shows
in its base model, where it serves that too. What is left is rounding, and how much of it this server has
shows in the base as well: a version may be off by little more than its base is. So the less noise a server
has, the smaller the change of weights that is noticed. A precision that was not stored shifts base and
version alike: then the version's difference to its base is compared. benchmarks/identity.py has the figures.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import hypot

from autodidact.errors import AutodidactError
from autodidact.models.logprob_identity import Identity, distance

Values = list[list[float]]

# How often the noise of its base a version may have, each in units of its own rounding. Served by vLLM in
# bfloat16, 12 right adapters were at 0.94 to 1.10, 8 with a hundredth of their weights changed at 1.19 or
# more.
MARGIN = 1.18
# In the same units, what other kernels may differ by where there is no noise (float32, or the same program).
# A hundredth of the weights changed makes 0.42 or more.
FLOOR = 0.25
# The same two where the units are not known, the floor in nats a token.
MARGIN_IN_NATS, FLOOR_IN_NATS = 1.3, 0.006
# Nats a token: no precision of a base is so far from another one (4 bits of a model of 5M parameters: 0.38).
ANOTHER_BASE = 1.0


@dataclass(frozen=True)
class Answers:
    """What a server said to the prompts of a version's identity. `base`: its base model's, None where it
    does not serve that under a name.
    """

    server: str
    name: str
    version: Values
    base: Values | None = None


def compare(
    answers: Answers,
    version: str,
    own: Identity,
    rivals: Mapping[str, Identity],
    tolerance: float,
    *,
    base: Identity | None = None,
    hashed: bool = False,
) -> dict[str, float]:
    """How far the served log-probabilities are from those of the version and of each rival, in nats a token.

    `rivals`: what it must not be taken for, by version. `base`: of the version's base, None where the version
    is the base or where the server does not serve it besides. `hashed`: the server named the weights' hash,
    and it is right. All identities are of the same prompts. Raises AutodidactError when something else is
    served, with what it is, or when it cannot be known.
    """
    precision, noise = _precision(answers, version, own, rivals, base)
    zero: Values = [[0.0] * len(values) for values in answers.version]
    shift, stored_shift = zero, zero
    if base and answers.base and noise > tolerance:
        shift, stored_shift = answers.base, base.logprobs[precision]
    served = _minus(answers.version, shift)

    def off(identity: Identity) -> float:
        return round(distance(served, _minus(identity.logprobs[precision], stored_shift)), 4)

    found = {version: off(own)}
    for name, rival in rivals.items():
        if distance(own.logprobs[precision], rival.logprobs[precision]) > 0:
            found[name] = off(rival)
        elif not hashed:  # equal numbers: only the hash can tell the two
            raise AutodidactError(
                f"the log-probabilities of {version} and {name} are equal: a server cannot be seen to serve"
                " one of them",
                "The adapter changes nothing; do not promote it.",
            )
    nearest = min((name for name in found if name != version), key=lambda name: found[name], default=version)
    if nearest != version and found[nearest] <= found[version]:
        raise AutodidactError(
            f"{answers.server} answers as {answers.name} with the weights of {nearest}: its log-probabilities"
            f" are {found[nearest]:g} nats a token from those, {found[version]:g} from those of {version}",
            "See the server's log.",
        )
    if not _within(answers, own, base, precision, found[version], tolerance, noise):
        raise AutodidactError(
            f"{answers.server} answers as {answers.name} with other weights: its log-probabilities are"
            f" {found[version]:g} nats a token from those of {version}, more than rounding explains",
            "See whether it reads the same store, and whether its base model is that of the training.",
        )
    return found


def _precision(
    answers: Answers, version: str, own: Identity, rivals: Mapping[str, Identity], base: Identity | None
) -> tuple[str, float]:
    """The stored precision that the server is nearest to, and how far its base, or without that the version,
    is from it in nats a token. Raises AutodidactError for another base model.
    """
    known = [own, *rivals.values(), *([base] if base else [])]
    common = set.intersection(*({*each.logprobs} for each in known))
    if not common:
        raise AutodidactError(
            f"the log-probabilities of {version} and of what it must not be taken for were stored in"
            " different precisions",
            "Delete the folder `identities` of the system in the store: they are measured anew.",
        )
    said, identity = (answers.base, base) if base and answers.base else (answers.version, own)
    noise, precision = min((distance(said, identity.logprobs[name]), name) for name in sorted(common))
    if base:
        _require_near(answers.server, f"the base of {version}", noise)
    return precision, noise


def require_base(server: str, base: str, said: Values, identity: Identity) -> None:
    """Raises AutodidactError where what a server says as its base model is another model's, in every
    precision: `identity` is of the model `base`.
    """
    _require_near(server, base, min(distance(said, values) for values in identity.logprobs.values()))


def _require_near(server: str, base: str, nats: float) -> None:
    if nats > ANOTHER_BASE:
        raise AutodidactError(
            f"{server} serves another base model: its log-probabilities are {nats:.4g} nats a token from"
            f" those of {base}",
            "Start it with the base model that base_model names.",
        )


def _within(
    answers: Answers,
    own: Identity,
    base: Identity | None,
    precision: str,
    off: float,
    tolerance: float,
    noise: float,
) -> bool:
    """Whether the version is off by no more than rounding explains. `noise`: of the base, in nats a token."""
    if not (base and answers.base):
        return off <= tolerance
    if noise > tolerance:
        return off <= noise
    here, there = in_roundings(answers.version, own, precision), in_roundings(answers.base, base, precision)
    if here is None or there is None:
        return off <= max(FLOOR_IN_NATS, MARGIN_IN_NATS * noise)
    return here <= max(FLOOR, MARGIN * there)


def in_roundings(served: Values, identity: Identity, precision: str) -> float | None:
    """How far the served log-probabilities are from the stored ones, each in units of how much rounding moves
    it: what bfloat16 and float32 differ by there. None where that was not measured.
    """
    if not {"float32", "bfloat16"} <= {*identity.logprobs}:
        return None
    pair = _flat(identity.logprobs["float32"]), _flat(identity.logprobs["bfloat16"])
    moves = [abs(a - b) for a, b in zip(*pair, strict=True)]
    usual = sum(moves) / len(moves)
    if usual == 0:
        return None
    off = [abs(a - b) for a, b in zip(_flat(served), _flat(identity.logprobs[precision]), strict=True)]
    return sum(each / hypot(move, usual) for each, move in zip(off, moves, strict=True)) / len(off)


def _flat(values: Values) -> list[float]:
    return [value for each in values for value in each]


def _minus(one: Values, other: Values) -> Values:
    return [[a - b for a, b in zip(x, y, strict=True)] for x, y in zip(one, other, strict=True)]
