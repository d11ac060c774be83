"""The gate: which examples are worth training on. One file a rule, cheap rules first, balance last.

The article kept 1,183 of 4,263 examples (27.7%) by five rules: noise, length, repetition, coherence, balance.
The other rules came from what others learned the hard way. `run_gate` takes lines of JSON and hands out lines
of JSON; how they flow through the rules, also in shards, is in driver.py.
"""

from collections.abc import Callable, Iterable
from itertools import chain
from typing import Any

from autodidact.benchmark.leakage_index import SuiteIndex
from autodidact.gate import (
    balance,
    coherence,
    contradictions,
    duplicates,
    form,
    injection,
    leakage,
    length,
    noise,
    repetition,
    schema,
    secrets,
)
from autodidact.gate.counts import Tally
from autodidact.gate.driver import Row, Screened, screen, settle
from autodidact.gate.rule import Context, Drop
from autodidact.models.chat_template import control_tokens
from autodidact.models.embedding import Embedder

__all__ = ["RULES", "SEED_KEPT_SHARE", "Context", "Drop", "pass_through", "run_gate"]

RULES = (
    form,
    noise,
    injection,
    secrets,
    length,
    repetition,
    schema,
    leakage,
    contradictions,
    duplicates,
    coherence,
    balance,
)

# What the article's gate kept: 1,183 of 4,263.
SEED_KEPT_SHARE = 0.277


def run_gate(
    rows: Iterable[Row],
    *,
    settings: Any,
    tokenizer: Any,
    cache: Any,
    kept: Callable[[str], Any],
    dropped: Callable[[dict], Any],
    scored: Iterable[Any] = (),
    say: Callable[[str], Any] | None = None,
    screened: Iterable[Screened] = (),
) -> dict:
    """Passes `rows` through the rules and returns the report (docs/formats.md).

    `kept` gets each kept line, in the order of the rows; `dropped` each dropped record with its `dropped:
    {rule, reason, value}`. `tokenizer` is the base model's, `cache` remembers embeddings, `scored` are the
    scored items of the benchmark (`benchmark.items.Item`). `screened`: shards that stand before the rows.
    Raises AutodidactError when the embedding model is missing, when a targeted example may not be trained on,
    or when a line to be kept still looks like a secret or holds a scored question; nothing is kept then.
    """
    context = context_of(settings, tokenizer, cache, scored, say)
    return pass_shards(chain(screened, [rows]), context, kept, dropped)


def context_of(
    settings: Any, tokenizer: Any, cache: Any, scored: Iterable[Any], say: Callable[[str], Any] | None = None
) -> Context:
    """What the rules may ask, of the arguments of `run_gate`."""
    tell = (lambda text: say(f"gate: {text}")) if say else (lambda text: None)
    return Context(
        settings.gate,
        counter(tokenizer),
        Embedder(cache),
        SuiteIndex(scored),
        tell,
        control_tokens(tokenizer),
        settings.generators.register,
    )


def pass_through(
    rows: Iterable[Row], context: Context, keep: Callable[[str], Any], drop: Callable[[dict], Any]
) -> dict:
    """The same with all that the rules ask given in `context`."""
    return pass_shards([rows], context, keep, drop)


def pass_shards(
    shards: Iterable[Iterable[Row] | Screened],
    context: Context,
    keep: Callable[[str], Any],
    drop: Callable[[dict], Any],
) -> dict:
    """The same with the rows in shards, also such as were screened elsewhere. Kept are the same as of one."""
    tally, parts = Tally(tuple(rule.NAME for rule in RULES)), []
    try:
        for shard in shards:
            if isinstance(shard, Screened):
                parts.append(shard.part)
                tally.add(shard.tally)
                for record in shard.dropped:
                    drop(record)
            else:
                parts.append(screen(shard, RULES, context, tally, drop))
        passed = settle(parts, RULES, context, tally, keep, drop)
    finally:
        for part in parts:
            part.close()
    return tally.report(passed) | {"seed_kept_share": SEED_KEPT_SHARE}


def counter(tokenizer: Any) -> Callable[[str], int]:
    """Counts the tokens of a text, without special ones; past the wrapper of transformers, which takes longer
    than the counting.
    """
    tokenizer("", truncation=False, padding=False)  # as it counts: nothing cut, nothing added
    backend = tokenizer.backend_tokenizer
    return lambda text: len(backend.encode(text, add_special_tokens=False))
