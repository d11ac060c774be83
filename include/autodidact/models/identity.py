"""What a version says to fixed prompts: the log-probabilities by which a server's answers are known to be its
own.

A server has a name for a model, which anyone can give to anything. That a name stands for these weights shows
in what they compute: how likely each token of a fixed answer is. The numbers are stored when the version is
benchmarked, and compared when it is served.
"""

from pathlib import Path
from typing import Any

from autodidact.errors import AutodidactError
from autodidact.records import Champion, canonical, sha256
from autodidact.settings import Settings
from autodidact.store import Store

# Fixed for ever: a stored identity is of these. Everyday text, so that the base is fairly sure of itself and
# an adapter moves it.
PROMPTS = (
    (
        "Which file defines the function `main`?",
        "The function `main` is defined in the module src/app/main.py, which imports it.",
    ),
    (
        "Review this change: - return a + b\n+ return a - b",
        "The change turns a sum into a difference: callers now get the wrong sign.",
    ),
    ("Route this request: the invoice was charged twice.", "billing"),
    ("A queue holds 12 jobs and 5 are done. How many are left?", "12 - 5 = 7, so 7 jobs are left."),
    (
        "What does the service do when its database is away?",
        "It retries with growing pauses and answers 503 until the database is back.",
    ),
    (
        "Say in one sentence what you are.",
        "I am a language model that was trained on this system, and I may be wrong about it.",
    ),
    ("Order these steps: deploy, test, build.", "1. build 2. test 3. deploy"),
    (
        "The user is upset about a lost order. Answer.",
        "I am sorry that your order was lost. I will look for it now and tell you what I find.",
    ),
)
# Of each answer.
MOST_TOKENS = 32


def key_of(system: str, champion: Champion) -> str:
    """Where the identity is stored: by base, precision and adapter, so that equal weights have one."""
    adapter = champion.adapter.sha256 if champion.adapter else None
    digest = sha256(
        canonical(
            {"base": champion.base["sha256"], "quantization": champion.quantization, "adapter": adapter}
        )
    )
    return f"{system}/identities/{digest}.json"


def stored(store: Store, system: str, champion: Champion) -> list[dict] | None:
    """[{"tokens", "start", "logprobs"}] of a version, one a prompt: log-probabilities of the tokens from
    `start` on. None: never measured.
    """
    key = key_of(system, champion)
    try:
        return store.read_json(key)["prompts"] if store.exists(key) else None
    except (AutodidactError, KeyError, TypeError):
        return None  # damaged: measured again


def ensure(store: Store, system: str, settings: Settings, champions: list[Champion]) -> None:
    """Measures and stores the identities that are missing, in a process of its own. Raises AutodidactError
    when a model cannot be loaded.
    """
    missing = {key_of(system, each): each for each in champions if stored(store, system, each) is None}
    if not missing:
        return
    from autodidact.models import child_process
    from autodidact.models.bases import resolve_base

    base = resolve_base(settings)
    models = []
    for each in missing.values():
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
    for key, prompts in zip(
        missing, child_process.run("autodidact.models.identity", spec, say=lambda line: None), strict=True
    ):
        store.write_json(key, {"format": 1, "prompts": prompts})


def work(spec: dict, voice: Any) -> list[list[dict]]:
    """The child's work: each model's log-probabilities."""
    import torch

    from autodidact.models.bases import BaseModelRef
    from autodidact.models.loading import cpu_threads, load_model

    base = BaseModelRef.from_data(spec["base"])
    torch.set_num_threads(cpu_threads(base, spec["threads"]))
    found = []
    for each in spec["models"]:
        adapter = each["adapter"] or {"path": None, "sha256": None}
        path = Path(adapter["path"]) if adapter["path"] else None
        found.append(measure(*load_model(base, path, each["quantization"], adapter_sha256=adapter["sha256"])))
    return found


def measure(model: Any, tokenizer: Any) -> list[dict]:
    """The model's log-probabilities of the fixed answers, each prompt alone, so that nothing is padded."""
    from autodidact.models.chat_template import render

    found = []
    for user, assistant in PROMPTS:
        prompt, answer = render(
            tokenizer, [{"role": "user", "content": user}, {"role": "assistant", "content": assistant}]
        )
        before = tokenizer(prompt, add_special_tokens=False)["input_ids"]
        tokens = before + tokenizer(answer, add_special_tokens=False)["input_ids"][:MOST_TOKENS]
        logprobs = token_logprobs(model, tokens)[len(before) :]
        found.append(
            {
                "tokens": tokens,
                "start": len(before),
                "logprobs": [round(value, 5) for value in logprobs if value is not None],
            }
        )
    return found


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
