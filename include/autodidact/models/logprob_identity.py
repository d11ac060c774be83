"""What a version says to fixed prompts: the log-probabilities by which a server's answers are known to be its
own.

A server has a name for a model, which anyone can give to anything. That a name stands for these weights shows
in what they compute: how likely each token of a fixed answer is. The numbers are stored when the version is
benchmarked, and compared when it is served (promotion/compare_served_logprobs.py). A server may compute in
another precision than the training: so they are stored in each precision that this machine can compute.
"""

from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autodidact.errors import AutodidactError
from autodidact.models.logprob_identity_prompts import PROMPTS
from autodidact.records import Champion, canonical, sha256
from autodidact.settings import Settings
from autodidact.store import Store

if TYPE_CHECKING:
    from autodidact.models.find_base_model import BaseModelRef

# Of each answer.
MOST_TOKENS = 64
# Of what is stored. 1: one precision, that of the training, and fewer prompts; still read.
FORMAT = 2
# The precisions that a model without 4-bit weights is measured in, by the names of torch's types.
UNQUANTISED = ("float32", "bfloat16")


@dataclass(frozen=True)
class Identity:
    """The stored log-probabilities of a model. `prompts`: (token ids, from where on they count). `logprobs`:
    by precision ("nf4", "float32", "bfloat16"), for each prompt those of the tokens from the start on, in
    nats.
    """

    prompts: list[tuple[list[int], int]]
    logprobs: dict[str, list[list[float]]]
    # Of the file it was read from.
    format: int = FORMAT

    def of(self, prompts: list[tuple[list[int], int]]) -> "Identity":
        """The same for these prompts alone, in their order. Raises KeyError when it has not all of them."""
        place = {(tuple(tokens), start): number for number, (tokens, start) in enumerate(self.prompts)}
        wanted = [place[tuple(tokens), start] for tokens, start in prompts]
        chosen = {name: [values[each] for each in wanted] for name, values in self.logprobs.items()}
        return Identity(prompts, chosen, self.format)


def key_of(system: str, champion: Champion) -> str:
    """Where the identity is stored: by base, precision and adapter, so that equal weights have one."""
    adapter = champion.adapter.sha256 if champion.adapter else None
    digest = sha256(
        canonical(
            {"base": champion.base["sha256"], "quantization": champion.quantization, "adapter": adapter}
        )
    )
    return f"{system}/identities/{digest}.json"


def write(store: Store, key: str, found: Identity) -> None:
    """Stores an identity."""
    prompts = [{"tokens": tokens, "start": start} for tokens, start in found.prompts]
    store.write_json(key, {"format": FORMAT, "prompts": prompts, "logprobs": found.logprobs})


def stored(store: Store, system: str, champion: Champion) -> Identity | None:
    """The identity of a version, in any format. None: never measured, or damaged."""
    key = key_of(system, champion)
    try:
        if not store.exists(key):
            return None
        data = store.read_json(key)
        prompts = [(each["tokens"], each["start"]) for each in data["prompts"]]
        if data["format"] == 1:
            trained = {"none": "float32"}.get(champion.quantization, champion.quantization)
            found = {trained: [each["logprobs"] for each in data["prompts"]]}
        else:
            found = data["logprobs"]
        right = [len(tokens) - start for tokens, start in prompts]
        if not found or any([len(values) for values in each] != right for each in found.values()):
            return None
        return Identity(prompts, found, data["format"])
    except (AutodidactError, KeyError, TypeError, AttributeError):
        return None


def ensure(store: Store, system: str, settings: Settings, champions: list[Champion]) -> None:
    """Measures and stores the identities that are missing, in a process of its own. Raises AutodidactError
    when a model cannot be loaded.

    One of an older format is measured again where that can be done, and else left as it is.
    """
    known = {key_of(system, each): stored(store, system, each) for each in champions}
    fresh = {key for key, found in known.items() if found and found.format == FORMAT}
    missing = {key: each for each in champions if (key := key_of(system, each)) not in fresh}
    if not missing:
        return
    try:
        found = _measured(store, settings, list(missing.values()))
    except AutodidactError:
        if all(known[key] for key in missing):
            return
        raise
    for key, each in zip(missing, found, strict=True):
        write(store, key, each)


def _measured(store: Store, settings: Settings, champions: list[Champion]) -> list[Identity]:
    from autodidact.models import child_process
    from autodidact.models.find_base_model import resolve_base

    base = resolve_base(settings)
    models = []
    for each in champions:
        if each.base["sha256"] != base.sha256:
            raise AutodidactError(
                f"{each.version} was trained on {each.base['id']}, and base_model is now {base.id}: its"
                " identity cannot be measured",
                "Set base_model back.",
            )
        adapter = (
            {"path": str(store.local(each.adapter.path)), "sha256": each.adapter.sha256}
            if each.adapter
            else None
        )
        models.append({"adapter": adapter, "quantization": each.quantization})
    spec = {"base": base.data(), "models": models, "threads": settings.training.threads}
    found = child_process.run("autodidact.models.logprob_identity", spec, say=lambda line: None)
    return [
        Identity([(tokens, start) for tokens, start in each["prompts"]], each["logprobs"]) for each in found
    ]


def work(spec: dict, voice: Any) -> list[dict]:
    """The child's work: each model's identity, as JSON."""
    import torch

    from autodidact.models.find_base_model import BaseModelRef
    from autodidact.models.loading import cpu_threads

    base = BaseModelRef.from_data(spec["base"])
    torch.set_num_threads(cpu_threads(base, spec["threads"]))
    found = []
    for each in spec["models"]:
        adapter = each["adapter"] or {"path": None, "sha256": None}
        path = Path(adapter["path"]) if adapter["path"] else None
        measured = of_model(base, path, each["quantization"], adapter["sha256"])
        found.append({"prompts": measured.prompts, "logprobs": measured.logprobs})
    return found


def of_model(
    base: "BaseModelRef", adapter: Path | None, quantization: str, adapter_sha256: str | None = None
) -> Identity:
    """The identity of an adapter on a base, or of the base: in the precision of its training, and in each
    other one that this machine can load and has the memory for. Raises AutodidactError as `load_model`.
    """
    from autodidact.models.loading import precision

    trained = precision(quantization, base)
    found: dict[str, list[list[float]]] = {}
    prompts: list[tuple[list[int], int]] = []
    for way in (trained, "none" if trained == "nf4" else "nf4"):
        if way != trained and not _fits(base):
            continue
        try:
            prompts, values = _in_precision(base, adapter, way, adapter_sha256)
        except (AutodidactError, ImportError, RuntimeError, MemoryError):
            if way == trained:
                raise
            continue
        found |= values
    return Identity(prompts, found)


def _in_precision(
    base: "BaseModelRef", adapter: Path | None, way: str, adapter_sha256: str | None
) -> tuple[list[tuple[list[int], int]], dict[str, list[list[float]]]]:
    """The prompts, and their log-probabilities by precision: `nf4`, or for `none` the device's own type and,
    where memory allows it, the other one.
    """
    import torch

    from autodidact.models.loading import load_model

    # Unmerged, as servers have it: merged weights would be rounded in another way.
    model, tokenizer = load_model(base, adapter, way, adapter_sha256=adapter_sha256, merge=way == "nf4")
    prompts = fixed_prompts(tokenizer)
    own = "nf4" if way == "nf4" else str(model.dtype).removeprefix("torch.")
    found = {own: measure(model, prompts)}
    if way == "none" and _fits(base):
        for name in set(UNQUANTISED) - {own}:
            found[name] = measure(model.to(getattr(torch, name)), prompts)
    return prompts, found


def _fits(base: "BaseModelRef") -> bool:
    """Whether the base in float32 leaves half of the free memory free."""
    from autodidact.available_memory import free_memory
    from autodidact.models.loading import device_of, weights

    return 2 * weights(base.path) <= free_memory(device_of()) / 2


def fixed_prompts(tokenizer: Any) -> list[tuple[list[int], int]]:
    """(token ids of prompt and answer, from where on they count) of each of PROMPTS: from the first that is
    not the same in all, so that the questions count too, and the head of the template does not.
    """
    from autodidact.models.chat_template import render

    found = []
    for user, assistant in PROMPTS:
        prompt, answer = render(
            tokenizer, [{"role": "user", "content": user}, {"role": "assistant", "content": assistant}]
        )
        before = tokenizer(prompt, add_special_tokens=False)["input_ids"]
        found.append(before + tokenizer(answer, add_special_tokens=False)["input_ids"][:MOST_TOKENS])
    same = takewhile(lambda tokens: len({*tokens}) == 1, zip(*found, strict=False))
    # The first token of all has no log-probability.
    start = max(1, sum(1 for _ in same))
    return [(tokens, start) for tokens in found]


def measure(model: Any, prompts: list[tuple[list[int], int]]) -> list[list[float]]:
    """The model's log-probabilities of what counts, each prompt alone, so that nothing is padded."""
    return [
        [round(value, 5) for value in token_logprobs(model, tokens)[start:] if value is not None]
        for tokens, start in prompts
    ]


def token_logprobs(model: Any, tokens: list[int]) -> list[float | None]:
    """The log-probability of each token after those before it, in nats; None for the first."""
    import torch

    with torch.inference_mode():
        logits = model(input_ids=torch.tensor([tokens], device=model.device)).logits[0, :-1].float()
        chosen = torch.log_softmax(logits, -1).gather(
            1, torch.tensor(tokens[1:], device=logits.device)[:, None]
        )[:, 0]
    return [None, *chosen.tolist()]


def distance(one: list[list[float]], other: list[list[float]]) -> float:
    """Mean absolute difference in nats a token. Raises ValueError when they are not of the same tokens."""
    pairs = [pair for a, b in zip(one, other, strict=True) for pair in zip(a, b, strict=True)]
    return sum(abs(a - b) for a, b in pairs) / len(pairs)


if __name__ == "__main__":
    from autodidact.models import child_process

    child_process.main(work)
