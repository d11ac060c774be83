"""How far apart log-probabilities are: what `deploy.tolerance` must let through, and what it must not.

    python -m benchmarks.identity [--base sprout] [--adapter FOLDER --quantization nf4]

Mean absolute difference in nats a token on the fixed prompts of models/identity.py, from the model as it
is trained and stored: the same weights computed in another precision or batched with others (a server may),
another quantisation (a server must not), and the adapter against its base (the least that has to be seen).

Measured with sprout in nf4 and the adapter of a cycle on celery, on a CPU: batched 0.000, bfloat16 0.021,
quantization none 0.238, the base without the adapter 1.946. Hence a tolerance of 0.2: another precision of
the same weights passes, other weights do not.
"""

import argparse
from pathlib import Path

from autodidact.models import identity
from autodidact.models.bases import resolve_base
from autodidact.models.loading import load_model
from autodidact.settings import load_settings


def values(prompts: list[dict]) -> list[list[float]]:
    return [prompt["logprobs"] for prompt in prompts]


def batched(model, tokenizer, prompts: list[dict]) -> list[list[float]]:
    """The same, all prompts in one batch, padded on the left."""
    import torch

    width = max(len(prompt["tokens"]) for prompt in prompts)
    ids = torch.full((len(prompts), width), tokenizer.pad_token_id)
    mask = torch.zeros_like(ids)
    for row, prompt in enumerate(prompts):
        ids[row, width - len(prompt["tokens"]) :] = torch.tensor(prompt["tokens"])
        mask[row, width - len(prompt["tokens"]) :] = 1
    with torch.inference_mode():
        positions = (mask.cumsum(-1) - 1).clamp(min=0)
        logits = model(
            input_ids=ids.to(model.device),
            attention_mask=mask.to(model.device),
            position_ids=positions.to(model.device),
        ).logits
        logprobs = torch.log_softmax(logits.float(), -1)
    found = []
    for row, prompt in enumerate(prompts):
        first = width - len(prompt["tokens"]) + prompt["start"]
        chosen = ids[row, first:].to(logprobs.device)
        found.append(logprobs[row, first - 1 : -1].gather(1, chosen[:, None])[:, 0].tolist())
    return found


def main() -> None:
    import torch

    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--base", default="sprout")
    arguments.add_argument("--adapter", type=Path)
    arguments.add_argument("--quantization", default="nf4", choices=("nf4", "none"))
    options = arguments.parse_args()
    base = resolve_base(load_settings(overrides={"base_model": options.base}))
    model, tokenizer = load_model(base, options.adapter, options.quantization)
    stored = identity.measure(model, tokenizer)
    own = values(stored)
    rows = [("the same, batched with the others", identity.distance(own, batched(model, tokenizer, stored)))]
    other_precision = torch.bfloat16 if model.dtype != torch.bfloat16 else torch.float32
    rows.append(
        (
            f"the same, computed in {other_precision}",
            identity.distance(own, values(identity.measure(model.to(other_precision), tokenizer))),
        )
    )
    other = "none" if options.quantization == "nf4" else "nf4"
    rows.append(
        (
            f"quantization {other}",
            identity.distance(own, values(identity.measure(*load_model(base, options.adapter, other)))),
        )
    )
    if options.adapter:
        without = values(identity.measure(*load_model(base, None, options.quantization)))
        rows.append(("the base without the adapter", identity.distance(own, without)))
    for name, nats in rows:
        print(f"{name:<44}{nats:.4f} nats a token")


if __name__ == "__main__":
    main()
