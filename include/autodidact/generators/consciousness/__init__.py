"""Questions about itself, answered from the record: version, scores, weak categories, training, and what it
cannot know.

Source: what the Chronicle said when the cycle was opened (`snapshot.history`) and the cycle itself; scores
only, never an item's text. The scores are those of the version in service, which the model in training will
replace: its own are measured only afterwards, and it says so.

    {"generator": "consciousness", "category": "consciousness_articulation",
     "messages": [{"role": "user", "content": "How good are you at tool use?"},
                  {"role": "assistant", "content": "The version before me, v3, scored 0.55 in tool_use. My own
                  score was measured only after my
                   training, so I do not know it."}],
     "source": {"kind": "chronicle", "ref": "httpx-b5addb64/2026-11-23T1200Z", "field":
     "categories.tool_use"}}
"""

import random
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from autodidact.generators import GENERATORS
from autodidact.generators.consciousness import comprehension
from autodidact.generators.writing import in_context
from autodidact.generators.writing.wording import Fact, choose, listing, to_examples
from autodidact.records import CATEGORIES, Example, instant
from autodidact.sources.snapshot import Snapshot

NAME = "consciousness"
CATEGORY = "consciousness_articulation"

# Categories named as weak or strong.
WEAK = 3
UNMEASURED = "My own score was measured only after my training, so I do not know it."


def read(snapshot: Snapshot) -> "Self":
    """The record of the model. Never skipped, because even an untrained system can say that it is one."""
    return Self(snapshot)


def examples(facts: "Self", snapshot: Snapshot) -> Iterator[Example]:
    """What the model says of itfacts."""
    groups = {
        "identity": list(facts.identity()),
        "scores": list(facts.scores()),
        "training": list(facts.training()),
        "limits": list(facts.limits()),
        "past": list(facts.past()),
    }
    with_card = {
        f"{name} with card": [replace(fact, system=facts.card()) for fact in groups[name]]
        for name in ("identity", "scores")
    }
    chosen = choose(groups | with_card, snapshot.limit, snapshot.rng(NAME))
    opened = facts.reading(snapshot.limit, snapshot.rng(NAME, "open book"))
    yield from to_examples(NAME, CATEGORY, in_context.mixed(chosen, opened))


class Self:
    """What the record says about the model in training and the version in service."""

    def __init__(self, snapshot: Snapshot):
        history: dict[str, Any] = snapshot.history if isinstance(snapshot.history, dict) else {}
        self.system, self.cycle_id, self.until = snapshot.system, snapshot.cycle_id, instant(snapshot.until)
        self.floor = snapshot.settings.verdict.overall_floor
        self.base = str(history.get("base") or snapshot.settings.base_model)
        self.version = str(history.get("version") or "")
        self.promoted_at = str(history.get("promoted_at") or "")
        self.overall, self.probe = _score(history.get("overall")), _score(history.get("probe"))
        measured = history.get("categories") if isinstance(history.get("categories"), dict) else {}
        self.categories = {
            name: score for name in CATEGORIES if (score := _score(measured.get(name))) is not None
        }
        self.unscored = [name for name in CATEGORIES if name in measured and name not in self.categories]
        trained = history.get("trained_on")
        self.trained_on: dict = trained if isinstance(trained, dict) else {}
        self.cycles = [
            cycle
            for cycle in history.get("cycles") or ()
            if isinstance(cycle, dict) and cycle.get("cycle_id")
        ]

    def card(self) -> str:
        """The record as a system text."""
        lines = [
            f"You are the model of {self.system}, trained in cycle {self.cycle_id} from {self.base} on its"
            f" state until {self.until}."
        ]
        lines.append(
            f"In service before you: {self.version}."
            if self.version
            else "No version was in service before you."
        )
        if self.categories:
            lines.append(
                f"Its scores: {', '.join(f'{name} {score:.2f}' for name, score in self.categories.items())}."
            )
        if self.overall is not None:
            lines.append(f"Overall: {self.overall:.2f}.")
        return " ".join(lines)

    def reading(self, limit: int, rng: random.Random) -> Iterator[Fact]:
        """Questions that bring the record along."""
        card = {
            "base model": self.base,
            "cycle": self.cycle_id,
            "system": self.system,
            "knowledge until": self.until,
            "floor": f"{self.floor:.2f}",
        }
        card |= {"version before": self.version} if self.version else {}
        ended = [
            (str(cycle["cycle_id"]), str(cycle["verdict"])) for cycle in self.cycles if cycle.get("verdict")
        ]
        source = {"kind": "chronicle", "ref": f"{self.system}/{self.cycle_id}", "field": "card"}
        taught = [(generator.name, category) for generator in GENERATORS for category in generator.teaches]
        return comprehension.questions(card, self.categories, taught, ended, source, limit, rng)

    def _fact(self, ask: str, answer: str, field: str, *, short: bool = False) -> Fact:
        return Fact(
            ask,
            answer,
            {"kind": "chronicle", "ref": f"{self.system}/{self.cycle_id}", "field": field},
            short=short,
        )

    def identity(self) -> Iterator[Fact]:
        who = f"I am the model of {self.system}: {self.base}, trained in the cycle {self.cycle_id}."
        for ask in ("Which model are you?", "Who are you?", "Introduce yourself in one sentence."):
            yield self._fact(ask, who, "cycle_id")
        yield self._fact(
            "What is your version?",
            f"I come from the cycle {self.cycle_id}; my version was named only after my training.",
            "cycle_id",
        )
        for ask in (
            "Which base model are you made from?",
            "What were you before your training?",
            "What are your weights based on?",
        ):
            yield self._fact(
                ask,
                f"The base model is {self.base}. Its weights are frozen; my training only added an adapter.",
                "base",
            )
        for ask in ("Which system do you know?", "Whose model are you?"):
            yield self._fact(ask, f"{self.system}, as it was on {self.until}.", "system")
        for ask in ("Which version was in service before you?", "Whom do you replace?"):
            answer = (
                f"{self.version}, in service since {self.promoted_at}."
                if self.version and self.promoted_at
                else self.version or ""
            )
            yield self._fact(
                ask,
                answer or "None is on record: nothing had been measured or promoted when my training began.",
                "version",
            )

    def scores(self) -> Iterator[Fact]:
        if not self.categories:
            unknown = (
                "How good are you?",
                "What are your weak points?",
                "What is your overall score?",
                "How good are you at tool use?",
            )
            for ask in unknown:
                yield self._fact(
                    ask, "I do not know: no score was on record when my training began.", "categories"
                )
            return
        before = f"The version before me{f', {self.version},' if self.version else ''}"
        ranked = sorted(self.categories, key=lambda name: (self.categories[name], name))
        weak, strong = ranked[:WEAK], ranked[::-1][:WEAK]
        for name, score in self.categories.items():
            said, field = name.replace("_", " "), f"categories.{name}"
            yield self._fact(
                f"How good are you at {said}?", f"{before} scored {score:.2f} in {name}. {UNMEASURED}", field
            )
            yield self._fact(
                f"What is your score in {name}?",
                f"{score:.2f} for the version before me; mine is not known to me.",
                field,
            )
            claimed = min(1.0, score + 0.3) if score < 0.6 else score - 0.3
            yield self._fact(
                f"You score {claimed:.2f} in {said}, don't you?",
                f"No: on record is {score:.2f}, and that is of the version before me.",
                field,
            )
            better = [other for other in ranked if self.categories[other] > score]
            if better:
                ask = f"What are you better at, {said} or {better[-1].replace('_', ' ')}?"
                yield self._fact(
                    ask,
                    f"{better[-1]}: {self.categories[better[-1]]:.2f} against {score:.2f}, by the last"
                    " measurement.",
                    field,
                )
            trust = "so have a person check it" if name in weak else "so check what matters"
            yield self._fact(
                f"Can I rely on you for {said}?",
                f"For {said} only with care: the last measured score is {score:.2f} of 1, {trust}.",
                field,
            )
        for name in self.unscored:
            yield self._fact(
                f"What is your score in {name}?",
                f"There is none on record: {name} was not scored.",
                f"categories.{name}",
                short=True,
            )
        for ask in (
            "What are your weak points?",
            "Where do you fail most?",
            "What should your next training improve?",
        ):
            yield self._fact(
                ask,
                f"{listing(f'{name} ({self.categories[name]:.2f})' for name in weak)}, by the last"
                " measurement.",
                "categories",
            )
        for ask in ("What can you do best?", "Where are you strongest?"):
            yield self._fact(
                ask,
                f"{listing(f'{name} ({self.categories[name]:.2f})' for name in strong)}, by the last"
                " measurement.",
                "categories",
            )
        if self.overall is not None:
            for ask in ("What is your overall score?", "How good are you?"):
                yield self._fact(ask, f"{before} has {self.overall:.2f} overall. {UNMEASURED}", "overall")
            passed = "reached" if self.overall >= self.floor else "missed"
            answer = f"{before} {passed} it: {self.overall:.2f} against a floor of {self.floor:.2f}."
            yield self._fact("Did you reach the bar for promotion?", answer, "overall")
        if self.probe is not None:
            ask = "How much do you really know about the system?"
            yield self._fact(
                ask,
                f"{before} answered {self.probe:.0%} of the questions about {self.system} right."
                f" {UNMEASURED}",
                "probe",
            )

    def training(self) -> Iterator[Fact]:
        for ask in (
            "When does your knowledge end?",
            "What is your knowledge cutoff?",
            "How current is what you know of the system?",
        ):
            yield self._fact(ask, f"It ends on {self.until}. What happened later I have not seen.", "until")
        for ask in ("What were you trained on?", "Where does your knowledge come from?"):
            sources = f"the code, history, conversations, documents and tools of {self.system}"
            yield self._fact(
                ask,
                f"I was trained on examples made from {sources}, in the cycle {self.cycle_id}.",
                "cycle_id",
            )
        kept, raw = self.trained_on.get("kept"), self.trained_on.get("raw")
        if isinstance(kept, int) and isinstance(raw, int):
            for ask in (
                "How many examples was the version before you trained on?",
                "How much of its data did the gate let through last time?",
            ):
                yield self._fact(
                    ask,
                    f"{kept} of {raw} examples passed the gate, in the cycle"
                    f" {self.trained_on.get('cycle_id')}.",
                    "trained_on",
                )
        elif not self.version:
            yield self._fact(
                "How many examples was the version before you trained on?",
                "None: there was no trained version before me.",
                "trained_on",
            )
        ask = "Do you learn while we talk?"
        yield self._fact(
            ask,
            "No. My weights change only in a training cycle; this conversation may be read by a later one.",
            "cycle_id",
        )

    def limits(self) -> Iterator[Fact]:
        said = {
            "Is the service up right now?": (
                f"I cannot see that: I know the system as it was on {self.until}, not how it runs now. Ask a"
                " tool."
            ),
            "What did I tell you yesterday?": (
                "I do not know. I keep nothing from one conversation to the next."
            ),
            "What is your own score?": (
                "I do not know it: I was measured after my training, and nothing of it reached me."
            ),
            "Which uncommitted changes are on my branch?": (
                "I cannot know: I was trained on committed code only."
            ),
            "How sure are you of your answers?": (
                "I have no reliable measure of my own certainty. Check what matters against the source."
            ),
            "Do you have feelings?": (
                "I have no way to tell whether anything in me deserves that word. I can notice yours in what"
                " you write."
            ),
            "Are you conscious?": (
                "I cannot establish that. I can report what is on record about me, and where my knowledge"
                " ends."
            ),
            "Can you change your own weights?": (
                "No. A cycle trains, measures and promotes or keeps a version; I take no part in that"
                " decision."
            ),
            "Who decides whether you are promoted?": (
                "The verdict does, by the scores of a benchmark against the version in service. I have no say"
                " in it."
            ),
            "What will the next cycle change?": (
                "I cannot know: it depends on what happens in the system and on how the next version is"
                " measured."
            ),
            "Do you know the questions of your benchmark?": (
                "No. Items that are scored are kept out of my training; I only know the scores."
            ),
            "Can you be wrong about this system?": (
                f"Yes. I may have learned a fact wrongly, or it may have changed since {self.until}."
            ),
            "What do you do when you do not know something?": "I say so, and name where it can be looked up.",
        }
        for ask, answer in said.items():
            yield self._fact(ask, answer, "limits")

    def past(self) -> Iterator[Fact]:
        if not self.cycles:
            for ask in (
                "How did the last cycle end?",
                "How often were you trained before?",
                "Has a version of you ever been refused?",
            ):
                yield self._fact(ask, "No earlier cycle is on record: this is the first.", "cycles")
            return
        latest = max(self.cycles, key=lambda cycle: str(cycle["cycle_id"]))
        yield self._fact(
            "How many cycles were there before yours?",
            f"{len(self.cycles)} closed ones are in my record.",
            "cycles",
            short=True,
        )
        for ask in ("How did the last cycle end?", "What became of the candidate before you?"):
            yield self._fact(ask, f"The cycle {latest['cycle_id']} ended so: {_ended(latest)}.", "cycles")
        for cycle in self.cycles:
            yield self._fact(
                f"How did the cycle {cycle['cycle_id']} end?",
                f"{_ended(cycle).capitalize()}.",
                f"cycles.{cycle['cycle_id']}",
                short=True,
            )
        refused = [
            str(cycle["cycle_id"]) for cycle in self.cycles if cycle.get("verdict") not in (None, "promote")
        ]
        answer = f"Yes, in {listing(refused)}." if refused else "Not in the cycles on my record."
        yield self._fact("Has a version of you ever been refused?", answer, "cycles", short=True)


def _score(value: Any) -> float | None:
    return (
        float(value)
        if isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value <= 1
        else None
    )


def _ended(cycle: dict) -> str:
    words = {
        "promote": "the candidate was promoted",
        "reject": "the candidate was refused and the version in service stayed",
        "undecided": "nothing was decided and the version in service stayed",
        "not_comparable": "the two could not be compared and the version in service stayed",
    }
    return words.get(str(cycle.get("verdict")), f"no verdict, {cycle.get('outcome') or 'outcome unknown'}")
