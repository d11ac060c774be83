"""Questions about the model itself, and the answers that its record gives (wordings.yaml)."""

from collections.abc import Iterator
from typing import Any

from autodidact.generators.consciousness.model_record import ModelRecord
from autodidact.generators.writing.facts_into_words import Fact, listing
from autodidact.shipped_tables import read_table

# Kinds of sources that are not of the system itself.
OUTSIDE = ("articles", "states")
# Categories named as weak or strong.
WEAK = 3

_TABLE = read_table(__file__)
UNMEASURED = "My own score was measured only after my training, so I do not know it."


class Answers:
    """The facts by group: a method a group."""

    def __init__(self, record: ModelRecord):
        self.record = record
        version = f", {record.version}," if record.version else ""
        self._slots = {
            "system": record.system,
            "cycle_id": record.cycle_id,
            "until": record.until,
            "base": record.base,
            "version": record.version,
            "promoted_at": record.promoted_at,
            "before": f"The version before me{version}",
            "unmeasured": UNMEASURED,
        }

    def _all(
        self, entry: str, field: str, answer: str = "answer", /, *, short: bool = False, **more: Any
    ) -> Iterator[Fact]:
        """Every question of an entry of the table, with this of its answers. `more`: further slots."""
        texts, slots = _TABLE[entry], self._slots | more
        for ask in texts["ask"]:
            answered = texts[answer].format(**slots)
            yield Fact(ask.format(**slots), answered, self.record.source(field), short=short)

    def identity(self) -> Iterator[Fact]:
        record = self.record
        yield from self._all("who", "cycle_id")
        yield from self._all("version", "cycle_id")
        yield from self._all("base", "base")
        yield from self._all("system", "system")
        known = "undated" if record.version else "unknown"
        answer = "answer" if record.version and record.promoted_at else known
        yield from self._all("predecessor", "version", answer)

    def scores(self) -> Iterator[Fact]:
        record = self.record
        if not record.categories:
            yield from self._all("no_score", "categories")
            return
        ranked = sorted(record.categories, key=lambda name: (record.categories[name], name))
        weak, strong = ranked[:WEAK], ranked[::-1][:WEAK]
        for name in record.categories:
            yield from self._of_category(name, ranked)
        for name in record.unscored:
            yield from self._all("unscored", f"categories.{name}", short=True, name=name)
        for entry, names in (("weak", weak), ("strong", strong)):
            listed = listing(f"{name} ({record.categories[name]:.2f})" for name in names)
            yield from self._all(entry, "categories", listed=listed)
        if record.overall is not None:
            yield from self._all("overall", "overall", overall=f"{record.overall:.2f}")
            passed = "reached" if record.overall >= record.floor else "missed"
            slots: dict[str, Any] = {
                "overall": f"{record.overall:.2f}",
                "floor": f"{record.floor:.2f}",
                "passed": passed,
            }
            yield from self._all("bar", "overall", **slots)
        if record.probe is not None:
            yield from self._all("knows", "probe", probe=f"{record.probe:.0%}")

    def _of_category(self, name: str, ranked: list[str]) -> Iterator[Fact]:
        """About one category. `ranked`: all of them, the weakest first."""
        scores, field = self.record.categories, f"categories.{name}"
        score = scores[name]
        slots: dict[str, Any] = {"name": name, "words": name.replace("_", " "), "score": f"{score:.2f}"}
        yield from self._all("good_at", field, **slots)
        yield from self._all("score_in", field, **slots)
        claimed = min(1.0, score + 0.3) if score < 0.6 else score - 0.3
        yield from self._all("mistaken_score", field, claimed=f"{claimed:.2f}", **slots)
        better = ranked[-1]
        if scores[better] > score:
            others: dict[str, Any] = {"better": better, "better_words": better.replace("_", " ")}
            others["better_score"] = f"{scores[better]:.2f}"
            yield from self._all("better_at", field, **others, **slots)
        yield from self._all("rely", field, "weak" if name in ranked[:WEAK] else "answer", **slots)

    def training(self) -> Iterator[Fact]:
        yield from self._all("until", "until")
        known = [kind for kind in self.record.sources if kind not in OUTSIDE]
        if known:
            yield from self._all("sources", "cycle_id", listed=listing(known))
        trained = self.record.trained_on
        kept, raw = trained.get("kept"), trained.get("raw")
        if isinstance(kept, int) and isinstance(raw, int):
            slots: dict[str, Any] = {
                "kept": str(kept),
                "raw": str(raw),
                "trained_in": str(trained.get("cycle_id")),
            }
            yield from self._all("kept", "trained_on", **slots)
        elif not self.record.version:
            yield from self._all("never_trained", "trained_on")
        yield from self._all("talking", "cycle_id")

    def limits(self) -> Iterator[Fact]:
        for ask, answer in _TABLE["limits"].items():
            yield Fact(ask, answer.format(**self._slots), self.record.source("limits"))

    def past(self) -> Iterator[Fact]:
        cycles = self.record.cycles
        if not cycles:
            yield from self._all("first_cycle", "cycles")
            return
        yield from self._all("how_many", "cycles", short=True, count=str(len(cycles)))
        latest = max(cycles, key=lambda cycle: str(cycle["cycle_id"]))
        slots: dict[str, Any] = {"ended_in": str(latest["cycle_id"]), "outcome": _outcome(latest)}
        yield from self._all("last", "cycles", **slots)
        for cycle in cycles:
            slots = {"ended_in": str(cycle["cycle_id"]), "outcome": _outcome(cycle).capitalize()}
            yield from self._all("cycle", f"cycles.{cycle['cycle_id']}", short=True, **slots)
        refused = [
            str(cycle["cycle_id"]) for cycle in cycles if cycle.get("verdict") not in (None, "promote")
        ]
        answer = "answer" if refused else "never"
        yield from self._all("refused", "cycles", answer, short=True, listed=listing(refused))


def _outcome(cycle: dict) -> str:
    unknown = f"no verdict, {cycle.get('outcome') or 'outcome unknown'}"
    return _TABLE["verdicts"].get(str(cycle.get("verdict")), unknown)
