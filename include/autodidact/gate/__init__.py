"""The gate: which examples are worth training on. One file a rule, cheap rules first, balance last.

The article kept 1,183 of 4,263 examples (27.7%) by five rules: noise, length, repetition, coherence, balance. Form, secrets, duplicates and
leakage came from what others learned the hard way. `run_gate` takes lines of JSON and hands out lines of JSON.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any

from autodidact.chat import count_tokens
from autodidact.embedding import Embedder
from autodidact.gate import balance, coherence, duplicates, form, leakage, length, noise, repetition, second_scan, secrets
from autodidact.gate.leakage import prompt_key
from autodidact.gate.rule import Context, Drop, extra
from autodidact.gate.second_scan import require_clean
from autodidact.gate.tally import Tally
from autodidact.records import Example

__all__ = ["RULES", "SEED_KEPT_SHARE", "VERSION", "Context", "Drop", "pass_through", "prompt_key", "require_clean", "run_gate"]

VERSION = "1"
"""Raised when a rule's results change."""

RULES = (form, noise, secrets, length, repetition, leakage, duplicates, coherence, balance)

SEED_KEPT_SHARE = 0.277
"""1,183 of 4,263: what the article's gate kept."""

Row = tuple[str, int, str]
"""Generator, line number, line of JSON."""


def run_gate(
    rows: Iterable[Row],
    *,
    settings: Any,
    tokenizer: Any,
    cache: Any,
    kept: Callable[[str], Any],
    dropped: Callable[[dict], Any],
    scored_prompts: Mapping[str, str] | None = None,
    say: Callable[[str], Any] | None = None,
) -> dict:
    """Passes `rows` through the rules and returns the report (docs/formats.md).

    `kept` gets each kept line, in the order of the rows; `dropped` each dropped record with its `dropped: {rule, reason, value}`.
    `tokenizer` is the base model's, `cache` remembers embeddings, `scored_prompts` maps the `prompt_key` of scored items to their ids.
    Raises AutodidactError when the embedding model is missing, when a targeted example asks a scored question, or when a line to be kept
    still looks like a secret; nothing is kept then.
    """
    tell = (lambda text: say(f"gate: {text}")) if say else (lambda text: None)
    context = Context(settings.gate, partial(count_tokens, tokenizer), Embedder(cache), scored_prompts or {}, tell)
    return pass_through(rows, context, kept, dropped)


def pass_through(rows: Iterable[Row], context: Context, keep: Callable[[str], Any], drop: Callable[[dict], Any]) -> dict:
    """The same with all that the rules ask given in `context`."""
    tally = Tally(tuple(rule.NAME for rule in RULES))
    passed: list[Example] = []
    for generator, number, line in rows:
        example = form.read(line)
        if isinstance(example, Drop):
            tally.raw[generator] += 1
            tally.dropped(form.NAME, generator, example)
            drop({"generator": generator, "line": number, "dropped": _why(form.NAME, example)})
            continue
        tally.raw[example.generator] += 1
        tally.replayed += bool(extra(example, "replay_of"))
        example = _each(example, context, tally, drop)
        if example is not None:
            passed.append(example)
    for rule in (rule for rule in RULES if hasattr(rule, "sift")):
        results = rule.sift(passed, context)
        for example, result in zip(passed, results, strict=True):
            if isinstance(result, Drop):
                _dropped(rule.NAME, example, result, tally, drop)
        passed = [result for result in results if isinstance(result, Example)]
    require_clean((example.line() for example in passed), "What the gate kept")
    for example in passed:
        keep(example.line())
    return tally.report(passed) | {"seed_kept_share": SEED_KEPT_SHARE}


def _each(example: Example, context: Context, tally: Tally, drop: Callable[[dict], Any]) -> Example | None:
    """The example after the rules that look at one at a time; None when one of them dropped it."""
    for rule in (rule for rule in RULES if hasattr(rule, "check")):
        result = rule.check(example, context)
        if isinstance(result, Drop):
            _dropped(rule.NAME, example, result, tally, drop)
            return None
        if result is not example:
            tally.rewrites[rule.NAME, example.generator] += 1
            example = result.model_copy(update={"rewritten": [*(extra(example, "rewritten") or ()), rule.NAME]})
    return example


def _dropped(rule: str, example: Example, why: Drop, tally: Tally, drop: Callable[[dict], Any]) -> None:
    """Writes a dropped record: whole, with addresses masked, or without its text when there is a secret in it."""
    tally.dropped(rule, example.generator, why)
    clean = secrets.check(example, None)
    if isinstance(clean, Drop) or second_scan.suspicious(example.line()):
        source = {"kind": example.source.kind}
        drop({"id": example.id, "generator": example.generator, "category": example.category, "source": source, "dropped": _why(rule, why)})
    else:
        drop(json.loads(clean.line()) | {"dropped": _why(rule, why)})


def _why(rule: str, why: Drop) -> dict:
    return {"rule": rule, "reason": why.reason, "value": why.value}
