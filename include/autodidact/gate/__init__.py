"""The gate: which examples are worth training on. One file a rule, cheap rules first, balance last.

The article kept 1,183 of 4,263 examples (27.7%) by five rules: noise, length, repetition, coherence, balance. Form, secrets, duplicates and
leakage came from what others learned the hard way. `run_gate` takes lines of JSON and hands out lines of JSON.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from autodidact.gate import balance, coherence, duplicates, form, leakage, length, noise, repetition, second_scan, secrets
from autodidact.gate.leakage import prompt_key
from autodidact.gate.rule import Context, Drop
from autodidact.gate.second_scan import require_clean
from autodidact.records import Example

__all__ = ["RULES", "SEED_KEPT_SHARE", "VERSION", "Context", "Drop", "prompt_key", "require_clean", "run_gate"]

VERSION = "1"
"""Raised when a rule's results change."""

RULES = (form, noise, secrets, length, repetition, leakage, duplicates, coherence, balance)

SEED_KEPT_SHARE = 0.277
"""1,183 of 4,263: what the article's gate kept."""

Row = tuple[str, int, str]


def run_gate(
    rows: Iterable[Row],
    *,
    settings: Any,
    count: Callable[[str], int],
    embed: Callable[[list[str]], Any],
    keep: Callable[[str], Any],
    drop: Callable[[dict], Any],
    scored: Mapping[str, str] | None = None,
) -> dict:
    """Passes `rows` (generator, line number, line of JSON) through the rules and returns the report (docs/formats.md).

    `keep` gets each kept line, in the order of the rows; `drop` each dropped record with its `dropped: {rule, reason, value}`. `settings`
    is `settings.gate`; `count` counts tokens of a text; `embed` makes unit vectors; `scored` maps the `prompt_key` of scored items to ids.
    Raises AutodidactError when a targeted example asks a scored question or a kept line still looks like a secret; nothing is kept then.
    """
    context = Context(settings, count, embed, scored or {})
    tally = _Tally()
    passed: list[Example] = []
    for generator, number, line in rows:
        example = form.read(line)
        if isinstance(example, Drop):
            tally.raw[generator] += 1
            tally.dropped(form.NAME, generator, example)
            drop({"generator": generator, "line": number, "dropped": _why(form.NAME, example)})
            continue
        tally.raw[example.generator] += 1
        tally.replayed += bool((example.model_extra or {}).get("replay_of"))
        kept = _each(example, context, tally, drop)
        if kept is not None:
            passed.append(kept)
    for rule in (rule for rule in RULES if hasattr(rule, "sift")):
        results = rule.sift(passed, context)
        for example, result in zip(passed, results, strict=True):
            if isinstance(result, Drop):
                _dropped(rule.NAME, example, result, tally, drop)
        passed = [result for result in results if isinstance(result, Example)]
    require_clean((example.line() for example in passed), "What the gate kept")
    for example in passed:
        keep(example.line())
    return tally.report(passed)


def _each(example: Example, context: Context, tally: "_Tally", drop: Callable[[dict], Any]) -> Example | None:
    """The example after the rules that look at one at a time; None when one of them dropped it."""
    for rule in (rule for rule in RULES if hasattr(rule, "check")):
        result = rule.check(example, context)
        if isinstance(result, Drop):
            _dropped(rule.NAME, example, result, tally, drop)
            return None
        if result is not example:
            tally.rewrites[rule.NAME, example.generator] += 1
            example = result
    return example


def _dropped(rule: str, example: Example, why: Drop, tally: "_Tally", drop: Callable[[dict], Any]) -> None:
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


class _Tally:
    """Counts by rule and generator."""

    def __init__(self) -> None:
        self.raw: Counter = Counter()
        self.drops: Counter = Counter()  # (rule, generator)
        self.rewrites: Counter = Counter()  # (rule, generator)
        self.reasons: dict[str, Counter] = defaultdict(Counter)
        self.replayed = 0

    def dropped(self, rule: str, generator: str, why: Drop) -> None:
        self.drops[rule, generator] += 1
        self.reasons[rule][why.reason] += 1

    def report(self, kept: list[Example]) -> dict:
        names = [rule.NAME for rule in RULES]
        raw, by_generator = sum(self.raw.values()), Counter(example.generator for example in kept)
        left, funnel = dict(sorted(self.raw.items())), []
        for name in names:
            lost = {g: self.drops[name, g] for g in left if self.drops[name, g]}
            left = {g: n - lost.get(g, 0) for g, n in left.items()}
            funnel.append({"rule": name, "dropped": lost, "left": left, "total": sum(left.values())})
        return {
            "format": 1,
            "raw": raw,
            "kept": len(kept),
            "replayed": self.replayed,
            "kept_share": round(len(kept) / raw, 4) if raw else 0.0,
            "seed_kept_share": SEED_KEPT_SHARE,
            "by_generator": {g: {"raw": n, "kept": by_generator[g]} for g, n in sorted(self.raw.items())},
            "by_rule": {
                name: {
                    "dropped": sum(n for (rule, _), n in self.drops.items() if rule == name),
                    "rewritten": sum(n for (rule, _), n in self.rewrites.items() if rule == name),
                    "reasons": dict(sorted(self.reasons[name].items())),
                }
                for name in names
            },
            "by_category": dict(sorted(Counter(example.category for example in kept).items())),
            "funnel": funnel,
        }
