"""Making the base model: a training loop that ends on time, survives a kill, and writes a model any tool can
load.

`make_sprout(out, seconds=4500)` writes `out/` (model, tokenizer, card); `out/checkpoint/` holds what a second
call resumes from.
The budget is tokens or seconds of training, whichever is given; learning rate and lesson difficulty follow
the share of it that is spent.
"""

import json
import os
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random
from typing import Any

from autodidact_sprout.batches import batch, plain_words, vocabulary_words
from autodidact_sprout.exam import measure
from autodidact_sprout.forward import hidden_states
from autodidact_sprout.lessons import ALL_SKILLS
from autodidact_sprout.lessons.maker import Maker
from autodidact_sprout.model_card import write_card
from autodidact_sprout.model_files import Shape, export, load_state, load_tokenizer, new_model, save_state
from autodidact_sprout.texts_on_this_machine import Corpus, gather
from autodidact_sprout.tokenizer import train_tokenizer

__all__ = ["Shape", "make_sprout", "measure"]

DEFAULT_SECONDS = 4500


def make_sprout(
    out,
    *,
    tokens: int | None = None,
    seconds: float | None = None,
    seed: int = 0,
    threads: int | None = None,
    say=print,
    shape: Shape | None = None,
    corpus: Corpus | None = None,
    checkpoint_every: float = 300,
    stop_after: int | None = None,
    exam: int = 100,
) -> dict:
    """Trains a base model into the folder `out` and returns {"tokens", "seconds", "steps", "loss",
    "parameters", "seed"}.

    A run that was killed resumes from `out/checkpoint` with the corpus, tokenizer and shape it began with.
    `stop_after`: end after that many steps of this call, as a kill would, but with a checkpoint (for tests
    and for working in portions). At the end the model sits an exam of `exam` questions a skill, whose figures
    go into the model card and, as "scores", into the result; 0 leaves both out.
    """
    out, began = Path(out), time.monotonic()
    _prepare_torch(seed, threads)
    if tokens is None and seconds is None:
        seconds = DEFAULT_SECONDS
    making = _begin(out / "checkpoint", seed, shape or Shape(), corpus, say)
    progress = _train(
        making,
        tokens=tokens,
        seconds=seconds,
        began=began,
        stop_after=stop_after,
        checkpoint_every=checkpoint_every,
        say=say,
    )
    result = making.result()
    if progress >= 1:
        export(making.saved, out)
        if exam:
            say(f"exam: {exam} questions a skill")
            result["scores"] = measure(out, exam, corpus=making.corpus)
            write_card(out, result, result["scores"], exam)
    return result


def _prepare_torch(seed: int, threads: int | None) -> None:
    # Threads that wait should sleep: spinning ones cost two thirds of the speed where others use the machine
    # too. Read when torch is loaded.
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    os.environ.setdefault("GOMP_SPINCOUNT", "0")
    import torch
    from transformers.utils import logging

    logging.set_verbosity_error()
    if threads:
        torch.set_num_threads(threads)
    torch.manual_seed(seed)


@dataclass
class _Making:
    """A model under way: what it learns from, what it is, and how far it is."""

    saved: Path
    state: dict
    corpus: Corpus
    shape: Shape
    tokenizer: Any
    words: list[str]
    plain: list[str]
    params: dict[str, Any]
    model: Any
    optimizer: Any

    def save(self) -> None:
        save_state(self.saved, self.params, self.optimizer.state, self.state)

    def result(self) -> dict:
        """What `make_sprout` returns, without scores."""
        return {
            "tokens": self.state["tokens"],
            "seconds": round(self.state["seconds"]),
            "steps": self.state["step"],
            "loss": self.state["loss"],
            "parameters": sum(p.numel() for p in self.params.values()),
            "seed": self.state["seed"],
            "documents": len(self.corpus.docs),
            "words": len(self.words),
        }


def _begin(saved: Path, seed: int, shape: Shape, corpus: Corpus | None, say) -> _Making:
    """A new model, or the one that an earlier call left in `saved`."""
    import torch

    from autodidact_sprout.muon import Muon

    if (saved / "state.json").exists():
        state = json.loads((saved / "state.json").read_text(encoding="utf-8"))
        corpus = _corpus(json.loads((saved / "corpus.json").read_text(encoding="utf-8")))
        shape, seed = Shape(**state["shape"]), state["seed"]
        tokenizer = load_tokenizer(saved)
        say(f"resuming at step {state['step']}, {state['tokens'] / 1e6:.2f}M tokens")
    else:
        state = {"step": 0, "tokens": 0, "seconds": 0.0, "loss": None, "seed": seed, "shape": asdict(shape)}
        corpus = corpus or gather()
        say(
            f"corpus: {len(corpus.docs)} docstrings, {len(corpus.texts)} pieces of text, {len(corpus.words)}"
            " words"
        )
        tokenizer = train_tokenizer(_tokenizer_texts(corpus, seed), shape.vocabulary)
        saved.mkdir(parents=True, exist_ok=True)
        tokenizer.save_pretrained(saved)
        (saved / "corpus.json").write_text(json.dumps(asdict(corpus)), encoding="utf-8")
    words = corpus.split(held_out=False)
    words += vocabulary_words(tokenizer, seed)
    plain = plain_words(tokenizer, words)
    torch.manual_seed(seed)
    model = new_model(shape, tokenizer)
    params = dict(model.named_parameters())
    optimizer = Muon(params)
    if state["step"]:
        load_state(saved / f"state-{state['step']}.safetensors", params, optimizer.state)
    return _Making(saved, state, corpus, shape, tokenizer, words, plain, params, model, optimizer)


def _train(
    making: _Making,
    *,
    tokens: int | None,
    seconds: float | None,
    began: float,
    stop_after: int | None,
    checkpoint_every: float,
    say,
) -> float:
    """Steps until the budget is spent, or `stop_after` of them; saves now and then, and at the end. Returns
    the share of the budget that is spent.
    """
    state = making.state
    saved_at = said_at = time.monotonic()
    first, before = state["step"], state["seconds"]
    losses: list[float] = []
    while (progress := _progress(state, tokens, seconds)) < 1 and (
        stop_after is None or state["step"] - first < stop_after
    ):
        state["step"] += 1
        loss, count = _step(making, progress)
        losses = [*losses[-49:], loss]
        state["tokens"] += count
        state["seconds"] = before + time.monotonic() - began
        state["loss"] = sum(losses) / len(losses)
        if state["step"] % 20 == 0 and time.monotonic() - said_at > 20:
            said_at = time.monotonic()
            say(
                f"step {state['step']}  {state['tokens'] / 1e6:.2f}M tokens  {state['seconds']:.0f} s  loss"
                f" {state['loss']:.3f}  {progress:.0%}"
            )
        if time.monotonic() - saved_at > checkpoint_every:
            saved_at = time.monotonic()
            making.save()
    making.save()
    return progress


def _step(making: _Making, progress: float) -> tuple[float, int]:
    """One update: (loss, tokens)."""
    import torch

    shape, state = making.shape, making.state
    x, y = batch(
        making.tokenizer,
        making.corpus,
        making.words,
        making.plain,
        seed=state["seed"],
        step=state["step"],
        progress=progress,
        tokens=shape.batch_tokens,
        length=shape.length,
    )
    loss = _loss(making.model, x, y)
    loss.backward()
    torch.nn.utils.clip_grad_norm_(list(making.params.values()), 1.0)
    making.optimizer.step(shape.learning_rate * _rate(state["step"], progress, shape), state["step"])
    return loss.item(), x.numel()


def _loss(model, x, y):
    """Cross entropy at the labelled positions; logits are computed there and nowhere else."""
    import torch.nn.functional as F

    hidden = hidden_states(model, x)
    wanted = y != -100
    return F.cross_entropy(F.linear(hidden[wanted], model.lm_head.weight), y[wanted])


def _progress(state: dict, tokens: int | None, seconds: float | None) -> float:
    return max(state["tokens"] / tokens if tokens else 0.0, state["seconds"] / seconds if seconds else 0.0)


def _rate(step: int, progress: float, shape: Shape) -> float:
    """Share of the full learning rate: a short warm-up, a plateau, then linearly down to 1%."""
    return min(1.0, step / shape.warmup) * max(0.01, min(1.0, (1 - progress) / (1 - shape.constant)))


def _tokenizer_texts(corpus: Corpus, seed: int):
    """What the tokenizer learns from: lessons, mostly as they are rendered, and some documentation and
    code."""
    random = Random(f"{seed}/tokenizer")
    words = corpus.words  # also the exam's: a tokenizer does not answer
    for skill in ALL_SKILLS:
        for _ in range(250):
            lesson = skill(Maker(random, words, corpus.docs or [("name", "path.py", "A text. Another.")]))
            yield (
                "\n".join(text for turn in lesson.turns for text in turn)
                + "\n"
                + (lesson.system or "")
                + json.dumps(lesson.tools)
            )
    yield from (doc for _, _, doc in corpus.docs[:: max(1, len(corpus.docs) // 6000)])
    yield from corpus.texts[:: max(1, len(corpus.texts) // 600)]
    yield from (" " + " ".join(words) for _ in range(3))
    yield from ("\n".join(words) for _ in range(3))


def _corpus(stored: dict) -> Corpus:
    return Corpus([tuple(d) for d in stored["docs"]], stored["texts"], stored["words"])
