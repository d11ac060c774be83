"""Who takes a request, and why, in the request's own words."""

import json
import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any

from autodidact.generators.session_miner.selection import handed_to
from autodidact.generators.writing.conversations import assistant, user
from autodidact.generators.writing.tables import read_table
from autodidact.generators.writing.wording import sentences
from autodidact.records import Example, call, example
from autodidact.sources.transcripts import Exchange, handler, hands_over

if TYPE_CHECKING:
    from autodidact.generators.session_miner.full import _Teller

NAME = "session_miner"
CATEGORY = "intent_classification"

# Offered with one request.
MOST_HANDLERS = 8
# Words of a sentence that is quoted whole as what decides; of a request of an inbox.
SHOWN, INBOX = 12, 40
# Letters by which two words are taken for one.
STEM = 5
# Characters of a call that is shown as code.
MOST_CALL = 160
# What a hand-over says of the request, by the names of its arguments.
_TASKS = ("description", "request", "task", "summary", "reason")

_WEAK = frozenset(
    "a an the of to in on at for and or is are with by from that it its my our be was as".split()
)

_TABLE = read_table(__file__)
ORCHESTRATORS: list[str] = _TABLE["orchestrators"]
WITHOUT_TOOLS: list[str] = _TABLE["without_tools"]
_SLOT = re.compile(r"\{(\w+)\}")


class Routes:
    """Questions about the requests of which it is known who took them."""

    def __init__(self, teller: "_Teller", exchanges: list[Exchange]):
        self.teller, self.by_tool = teller, teller.by_tool
        known = set(teller.handlers)
        self.taken = [
            (exchange, label) for exchange in exchanges if (label := self._label(exchange)) in known
        ]
        self.by_label: dict[str, list[Exchange]] = defaultdict(list)
        for exchange, label in self.taken:
            self.by_label[label].append(exchange)
        self.typical = _typical(self.by_label)

    def rows(self) -> Iterator[Example]:
        """A dispatcher's conversation about each request, and a question about each."""
        if len(self.teller.handlers) < 2:
            return
        for exchange, label in self.taken:
            rng = self.teller.rng("route", exchange)
            if self.by_tool:
                yield from self._by_tool(exchange, label, rng)
                continue
            kinds = ["dispatched", rng.choice(("plain", "plain", "suggested", "json"))]
            for kind in kinds:
                yield self._row(kind, exchange, label, self.teller.rng(f"route {kind}", exchange))

    def corrections(self, lessons: list[Exchange]) -> Iterator[Example]:
        """Requests that went to the wrong handler, as the person then said."""
        for exchange in lessons:
            right, wrong = handed_to(exchange), handed_to(exchange.before) if exchange.before else None
            if exchange.before and right and wrong and right != wrong and not self.by_tool:
                rng = self.teller.rng("corrected", exchange)
                slots = self._slots(exchange, right, rng)
                slots |= {
                    "request": exchange.before.text.strip(),
                    "went": exchange.text.strip(),
                    "other": wrong,
                }
                asked, answer = self._ask("corrected", slots, rng), self._say("corrected", slots, rng)
                source = self.teller.source(exchange, exchange.before)
                yield example(NAME, CATEGORY, asked, answer, source, time=exchange.time)

    def calls(self) -> Iterator[Example]:
        """A request, and the call that hands it over, with a sentence that says why."""
        for exchange, label in self.taken:
            made = exchange.calls[0]
            if not hands_over(made.name) or made.arguments is None or made.ok is not True:
                continue
            rng = self.teller.rng("hand over", exchange)
            reason = self._say("call", self._slots(exchange, label, rng), rng)
            bare = exchange.system and rng.random() < 0.5
            answer = call((made.name, made.arguments), content="" if bare else reason)
            yield example(
                NAME,
                CATEGORY,
                exchange.text,
                answer,
                self.teller.source(exchange),
                system=exchange.system or self._system(label, rng),
                tools=self.teller.hand_overs(exchange),
                time=exchange.time,
            )

    def inboxes(self) -> Iterator[Example]:
        """Three requests at once."""
        if self.by_tool:
            return
        short = iter([pair for pair in self.taken if len(pair[0].text.split()) <= INBOX])
        while len(three := list(islice(short, 3))) == 3:
            if len({label for _, label in three}) < 2:
                continue
            rng = self.teller.rng("inbox", three[0][0])
            listed = "\n".join(f"{n}. {exchange.text.strip()}" for n, (exchange, _) in enumerate(three, 1))
            names = self._offered({label for _, label in three}, rng)
            given = {"list": listed, "names": ", ".join(names), "handlers": self._described(names)}
            answer = "\n".join(
                f"{n}. {self._say('line', self._slots(exchange, label, rng), rng)}"
                for n, (exchange, label) in enumerate(three, 1)
            )
            source = self.teller.source(three[0][0])
            source["requests"] = [f"{exchange.file}:{exchange.line}" for exchange, _ in three]
            yield example(
                NAME, CATEGORY, self._ask("inbox", given, rng), answer, source, time=three[0][0].time
            )

    def _row(self, kind: str, exchange: Exchange, label: str, rng: random.Random) -> Example:
        slots, system, before = self._slots(exchange, label, rng), None, []
        if kind == "dispatched":
            asked, system = exchange.text, self._system(label, rng)
            before = self._earlier(exchange, rng)
        else:
            asked = self._ask(kind, slots, rng)
        if kind == "json":
            answer = json.dumps(
                {"handler": label, "reason": self._say("reason", slots, rng)}, ensure_ascii=False
            )
        else:
            answer = self._say("plain" if kind == "dispatched" else kind, slots, rng)
        source = self.teller.source(exchange)
        return example(
            NAME, CATEGORY, asked, answer, source, system=system, history=before, time=exchange.time
        )

    def _earlier(self, exchange: Exchange, rng: random.Random) -> list[dict[str, Any]]:
        """In two of three cases, the request before it and who took that."""
        before = exchange.before
        known = next((label for one, label in self.taken if before and one.text == before.text), None)
        if before is None or known is None or rng.random() < 1 / 3:
            return []
        return [user(before.text), assistant(self._say("plain", self._slots(before, known, rng), rng))]

    def _by_tool(self, exchange: Exchange, label: str, rng: random.Random) -> Iterator[Example]:
        shown = as_code(exchange)
        if shown:
            slots = self._slots(exchange, label, rng) | {"call": shown}
            asked, answer = self._ask("tool", slots, rng), self._say("tool", slots, rng)
            yield example(NAME, CATEGORY, asked, answer, self.teller.source(exchange), time=exchange.time)

    def _label(self, exchange: Exchange) -> str | None:
        made = exchange.calls[0]
        return made.name if self.by_tool else handler(made.name, made.arguments)

    def _slots(self, exchange: Exchange, label: str, rng: random.Random) -> dict[str, str]:
        """What there is to say about a request."""
        described, names = self.teller.described, self._offered({label}, rng)
        other = rng.choice([name for name in names if name != label] or names)
        arguments = exchange.calls[0].arguments or {}
        task = next((arguments[key] for key in _TASKS if isinstance(arguments.get(key), str)), "")
        task = task.strip().rstrip(".") if 2 <= len(task.split()) <= 10 and task != exchange.text else ""
        return {
            "request": exchange.text.strip(),
            "label": label,
            "other": other,
            "names": ", ".join(names),
            "handlers": self._described(names),
            "clause": self._clause(exchange.text, label, task),
            "desc": described.get(label, ""),
            "other_desc": described.get(other, ""),
            "task": task,
        }

    def _clause(self, request: str, label: str, task: str) -> str:
        """The words of a request that tell most: those around one that its handler is known by; where there
        is none, its first sentence.
        """
        wanted = stems(f"{task} {self.teller.described.get(label, '')} {label}") | self.typical[label]
        parts = [part for one in sentences(" ".join(request.split())) for part in re.split(r"[,;:] ", one)]
        best = max(parts, key=lambda part: (len(stems(part) & wanted), len(part.split()) > 2))
        words = best.split()
        found = [at for at, word in enumerate(words) if stems(word) & wanted]
        if found and len(words) > SHOWN:
            words = words[max(0, found[0] - 3) : found[-1] + 4]
            while len(words) > 2 and words[-1].lower() in _WEAK:
                words.pop()
            while len(words) > 2 and words[0].lower() in _WEAK:
                words.pop(0)
        return " ".join(words).rstrip(".,;:!?").replace('"', "'")

    def _offered(self, labels: set[str], rng: random.Random) -> list[str]:
        others = [name for name in self.teller.handlers if name not in labels]
        names = [*sorted(labels), *rng.sample(others, min(len(others), MOST_HANDLERS - len(labels)))]
        rng.shuffle(names)
        return names

    def _described(self, names: list[str]) -> str:
        described = self.teller.described
        return "\n".join(
            f"- {name}: {described[name]}" if described.get(name) else f"- {name}" for name in names
        )

    def _system(self, label: str, rng: random.Random) -> str:
        wording: str = rng.choice(_TABLE["system"])
        names = self._offered({label}, rng)
        given = {"system": self.teller.snapshot.system, "handlers": self._described(names)}
        return _SLOT.sub(lambda slot: given[slot[1]], wording)

    def _ask(self, kind: str, slots: dict[str, str], rng: random.Random) -> str:
        wording: str = rng.choice(_TABLE["ask"][kind])
        return _SLOT.sub(lambda slot: slots.get(slot[1], ""), wording).replace("{{", "{").replace("}}", "}")

    def _say(self, kind: str, slots: dict[str, str], rng: random.Random) -> str:
        """An answer whose slots all have something to say."""
        fit = [one for one in _TABLE["say"][kind] if all(slots.get(slot) for slot in _SLOT.findall(one))]
        with_reason = [one for one in fit if re.search(r"\{(desc|task|went|call)\}", one)]
        wording: str = rng.choice(with_reason or fit)
        return _SLOT.sub(lambda slot: slots[slot[1]], wording)


def as_code(exchange: Exchange) -> str:
    """The first call as code: `Grep(pattern="x")`; "" where it is too long."""
    made = exchange.calls[0]
    given = ", ".join(
        f"{key}={json.dumps(value, ensure_ascii=False)}" for key, value in (made.arguments or {}).items()
    )
    shown = f"{made.name}({given})"
    return shown if made.arguments and len(shown) <= MOST_CALL and "`" not in shown else ""


def stems(text: str) -> set[str]:
    """The beginnings of the longer words of a text."""
    return {word[:STEM].lower() for word in re.findall(r"\w{4,}", text)}


def _typical(by_label: dict[str, list[Exchange]]) -> dict[str, set[str]]:
    """Handler -> words that occur in several of its requests and in none of the others'."""
    counts = {
        label: Counter(s for one in found for s in stems(one.text)) for label, found in by_label.items()
    }
    where: Counter[str] = Counter(stem for counted in counts.values() for stem in counted)
    found = {
        label: {stem for stem, count in counted.items() if count > 1 and where[stem] == 1}
        for label, counted in counts.items()
    }
    return defaultdict(set, found)
