"""What came in, what each rule took, what was left: the figures of report.json."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

from autodidact.gate.rule import Drop


class Tally:
    """`rules` are the names of the rules in their order. Everything is counted by rule and generator."""

    def __init__(self, rules: tuple[str, ...]) -> None:
        self.rules = rules
        self.raw: Counter = Counter()
        self.drops: Counter = Counter()  # (rule, generator)
        self.rewrites: Counter = Counter()  # (rule, generator)
        self.reasons: dict[str, Counter] = defaultdict(Counter)
        self.replayed = 0

    def dropped(self, rule: str, generator: str, why: Drop) -> None:
        self.drops[rule, generator] += 1
        self.reasons[rule][why.reason] += 1

    def add(self, other: "Tally") -> None:
        """Counts what another has counted, of other rows by the same rules."""
        self.raw += other.raw
        self.drops += other.drops
        self.rewrites += other.rewrites
        for rule, reasons in other.reasons.items():
            self.reasons[rule] += reasons
        self.replayed += other.replayed

    def as_dict(self) -> dict[str, Any]:
        """All of it, for a file of JSON."""
        return {
            "rules": self.rules,
            "raw": self.raw,
            "drops": [[*key, count] for key, count in self.drops.items()],
            "rewrites": [[*key, count] for key, count in self.rewrites.items()],
            "reasons": self.reasons,
            "replayed": self.replayed,
        }

    @classmethod
    def of_dict(cls, there: dict[str, Any]) -> "Tally":
        """The one that `as_dict` was of."""
        tally = cls(tuple(there["rules"]))
        tally.raw = Counter(there["raw"])
        tally.drops = Counter({(rule, generator): count for rule, generator, count in there["drops"]})
        tally.rewrites = Counter({(rule, generator): count for rule, generator, count in there["rewrites"]})
        for rule, reasons in there["reasons"].items():
            tally.reasons[rule] = Counter(reasons)
        tally.replayed = there["replayed"]
        return tally

    def report(self, kept: Sequence[Any]) -> dict:
        """report.json, but for what the gate knows better: `funnel` tells for each rule in turn what it cost
        and what was left.
        """
        names = self.rules
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
