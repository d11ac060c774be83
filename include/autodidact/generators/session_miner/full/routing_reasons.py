"""Who takes a request; why, where its words are those of the handler's description."""

import json
import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any

from autodidact.generators.session_miner.exchange_selection import handed_to
from autodidact.generators.session_miner.full.earlier_turns import grounded, message
from autodidact.generators.session_miner.full.several_things import asks_for_several
from autodidact.generators.session_miner.full.unshown_arguments import short_numbers_shown
from autodidact.generators.session_miner.full.words_passed_on import (
    STEM,
    handed_on,
    passes_on,
    shared_out,
    stems,
)
from autodidact.generators.writing.conversations import assistant, user
from autodidact.generators.writing.facts_into_words import listing
from autodidact.records import Example, call, example
from autodidact.shipped_tables import read_table
from autodidact.sources.transcripts import Exchange, handler, hands_over

if TYPE_CHECKING:
    from autodidact.generators.session_miner.full import _Teller

NAME = "session_miner"
CATEGORY = "intent_classification"

# Offered with one request.
MOST_HANDLERS = 8
# Words of a request of an inbox; words that are named as what decides.
INBOX, MOST_WORDS = 40, 3
# Share of the requests with a word that went to one handler, from which on the word tells of it.
TELLING = 0.75
# Characters of a call that is shown as code.
MOST_CALL = 160
# Somebody in need.
_IN_NEED = re.compile(
    r"\b(?:stuck|locked in|trapped|hurt|injur\w+|bleed\w*|unconscious|fainted|collapsed|fire|smoke)\b",
    re.IGNORECASE,
)
# Beginnings of words that tell nothing of whose work a request is.
_COMMON = frozenset(
    "about after again also back been befor could does done down every find from give given going have "
    "help here into just know like look made make many more most much need only other over shoul show "
    "some someb somet still such take than that their them then there these they this those want were "
    "what when where which will with witho work would your ".split()
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
            (exchange, label)
            for exchange in exchanges
            if (label := self._label(exchange)) in known
            and not self.doubtful(exchange)
            and not shared_out(exchange)
        ]
        self.by_label: dict[str, list[Exchange]] = defaultdict(list)
        self._stems: dict[str, Counter[str]] = defaultdict(Counter)
        for exchange, label in self.taken:
            self.by_label[label].append(exchange)
            for stem in stems(exchange.text):
                self._stems[stem][label] += 1

    def rows(self) -> Iterator[Example]:
        """A dispatcher's conversation about each request, and a question about each."""
        if len(self.teller.handlers) < 2:
            return
        for exchange, label in self.taken:
            rng = self.teller.rng("route", exchange)
            if self.by_tool:
                yield from self._by_tool(exchange, label, rng)
                continue
            described = self.teller.described.get(label)
            if not described:
                continue  # nothing to say of it besides its name
            why = self._words(exchange, label)
            kinds = ["dispatched", rng.choice(("plain", "json") if why else ("plain", "suggested", "whose"))]
            for kind in kinds:
                if row := self._row(kind, exchange, label, self.teller.rng(f"route {kind}", exchange)):
                    yield row

    def corrections(self, lessons: list[Exchange]) -> Iterator[Example]:
        """Requests that went to the wrong handler, as the person then said; why is told by what the two are
        there for, as the person's words are in the question.
        """
        described = self.teller.described
        for exchange in lessons:
            right, wrong = handed_to(exchange), handed_to(exchange.before) if exchange.before else None
            named = right and re.search(rf"\b{re.escape(right)}\b", exchange.text, re.IGNORECASE)
            if not (right and wrong and described.get(right) and described.get(wrong)):
                continue
            if exchange.before and named and right != wrong and not self.by_tool:
                rng = self.teller.rng("corrected", exchange)
                slots = self._slots(exchange, right, rng)
                slots |= {
                    "request": exchange.before.text.strip(),
                    "went": exchange.text.strip(),
                    "other": wrong,
                    "other_desc": described[wrong].rstrip("."),
                }
                asked, answer = self._ask("corrected", slots, rng), self._say("corrected", slots, rng)
                source = self.teller.source(exchange, exchange.before)
                yield example(NAME, CATEGORY, asked, answer, source, time=exchange.time)

    def calls(self) -> Iterator[Example]:
        """A request, and the call that hands it over with all that it says; why, where words tell."""
        for exchange, label in self.taken:
            made = exchange.calls[0]
            if not hands_over(made.name) or made.arguments is None or made.ok is not True:
                continue
            if exchange.before or not passes_on(exchange.text, made.arguments):
                continue
            tools = self.teller.hand_overs(exchange)
            if made.name not in {tool["function"]["name"] for tool in tools}:
                continue
            if self.teller.lacks_tools(exchange, tools):
                continue
            rng = self.teller.rng("hand over", exchange)
            slots = self._slots(exchange, label, rng)
            why = slots["words"] and slots["desc"] and not exchange.system
            reason = self._say("plain with reason", slots, rng) if why else ""
            answer = call((made.name, made.arguments), content=reason)
            prompt = "system with reason" if why else "system calls"
            yield example(
                NAME,
                CATEGORY,
                exchange.text,
                answer,
                self.teller.source(exchange),
                system=exchange.system or self._system(prompt, label, rng),
                tools=tools,
                time=exchange.time,
            )

    def inboxes(self) -> Iterator[Example]:
        """Three requests at once."""
        if self.by_tool:
            return
        described = self.teller.described
        fit = [
            pair
            for pair in self.taken
            if described.get(pair[1])
            and len(pair[0].text.split()) <= INBOX
            and not _IN_NEED.search(pair[0].text)
        ]
        short = iter(fit)
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

    def _row(self, kind: str, exchange: Exchange, label: str, rng: random.Random) -> Example | None:
        slots, system, before = self._slots(exchange, label, rng), None, []
        why = " with reason" if slots["words"] else ""
        if kind in ("suggested", "whose") and not slots["other_desc"]:
            return None
        if kind == "dispatched":
            asked, system = exchange.text, self._system(f"system{why}", label, rng)
            before = self._earlier(exchange, system, bool(why), rng)
        else:
            asked = self._ask(f"plain{why}" if kind == "plain" else kind, slots, rng)
        if kind == "json":
            reason = self._say("reason", slots, rng)
            answer = json.dumps({"handler": label, "reason": reason}, ensure_ascii=False)
        else:
            answer = self._say(kind if kind in ("suggested", "whose") else f"plain{why}", slots, rng)
        source = self.teller.source(exchange)
        return example(
            NAME, CATEGORY, asked, answer, source, system=system, history=before, time=exchange.time
        )

    def _earlier(
        self, exchange: Exchange, system: str, why: bool, rng: random.Random
    ) -> list[dict[str, Any]]:
        """In two of three cases, the request before it and who took that, if the prompt names them; with a
        reason where `why`.
        """
        before = exchange.before
        known = next((label for one, label in self.taken if before and one.text == before.text), None)
        if before is None or known is None or known not in system or rng.random() < 1 / 3:
            return []
        slots = self._slots(before, known, rng)
        if not slots["desc"] or (why and not slots["words"]):
            return []
        return [user(before.text), assistant(self._say("plain with reason" if why else "plain", slots, rng))]

    def _by_tool(self, exchange: Exchange, label: str, rng: random.Random) -> Iterator[Example]:
        shown = (
            ""
            if exchange.before or asks_for_several(exchange) or not handed_on(exchange)
            else as_code(exchange)
        )
        known = short_numbers_shown(exchange.calls[0].arguments or {}, exchange.text)
        if shown and known and grounded([user(exchange.text)], message(exchange.calls[:1])):
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
        words = self._words(exchange, label)
        return {
            "request": exchange.text.strip(),
            "label": label,
            "other": other,
            "names": ", ".join(names),
            "handlers": self._described(names),
            "desc": described.get(label, "").rstrip("."),
            "other_desc": described.get(other, "").rstrip("."),
            "words": listing(f'"{word}"' for word in words),
        }

    def _words(self, exchange: Exchange, label: str) -> list[str]:
        """The words of a request that tell whose work it is: its handler's description has them, no other
        handler's has, and few requests with them went elsewhere.
        """
        described = self.teller.described
        if _IN_NEED.search(exchange.text):
            return []  # that somebody is locked in decides, and not the word "doors"
        elsewhere = stems(
            " ".join(f"{name} {described.get(name, '')}" for name in described if name != label)
        )
        shared = shared_words(exchange.text, label, described.get(label, ""))
        return [word for word in shared if not {word[:STEM].lower()} & elsewhere and self._tells(word, label)]

    def doubtful(self, exchange: Exchange) -> bool:
        """Whether the words of a request are those of another handler's description and none is of the one
        that took it: by the list, it could be argued that it went to the wrong one.
        """
        described, label = self.teller.described, self._label(exchange) or ""
        if self.by_tool or not described.get(label) or shared_words(exchange.text, label, described[label]):
            return False
        others = (text for name, text in described.items() if name != label and text)
        return any(shared_words(exchange.text, "", text, short=True) for text in others)

    def _tells(self, word: str, label: str) -> bool:
        taken = self._stems.get(word[:STEM].lower(), Counter())
        return taken[label] >= TELLING * taken.total()

    def _offered(self, labels: set[str], rng: random.Random) -> list[str]:
        others = self._apart(labels)
        names = [*sorted(labels), *rng.sample(others, min(len(others), MOST_HANDLERS - len(labels)))]
        rng.shuffle(names)
        return names

    def _apart(self, labels: set[str]) -> list[str]:
        """The handlers besides some; of those that are written in two ways, `circ_desk` and `circ-desk`, one:
        the one that has a description. Beside `circ_desk` a `circ-team` without one may be the same.
        """
        described = self.teller.described
        known = {_plain(label) for label in labels}
        families = {_family(name) for name in [*labels, *filter(described.get, self.teller.handlers)]}
        apart: dict[str, str] = {}
        for name in sorted(self.teller.handlers, key=lambda one: not described.get(one)):
            twin = not described.get(name) and _family(name) in families
            if _plain(name) not in known and not twin:
                apart.setdefault(_plain(name), name)
        return sorted(apart.values())

    def _described(self, names: list[str]) -> str:
        described = self.teller.described
        return "\n".join(
            f"- {name}: {described[name]}" if described.get(name) else f"- {name}" for name in names
        )

    def _system(self, kind: str, label: str, rng: random.Random) -> str:
        wording: str = rng.choice(_TABLE[kind])
        names = self._offered({label}, rng)
        return wording.replace("{handlers}", self._described(names))

    def _ask(self, kind: str, slots: dict[str, str], rng: random.Random) -> str:
        wording: str = rng.choice(_TABLE["ask"][kind])
        return _SLOT.sub(lambda slot: slots.get(slot[1], ""), wording).replace("{{", "{").replace("}}", "}")

    def _say(self, kind: str, slots: dict[str, str], rng: random.Random) -> str:
        """An answer whose slots all have something to say."""
        fit = [one for one in _TABLE["say"][kind] if all(slots.get(slot) for slot in _SLOT.findall(one))]
        wording: str = rng.choice(fit)
        return _SLOT.sub(lambda slot: slots[slot[1]], wording)


def as_code(exchange: Exchange) -> str:
    """The first call as code: `Grep(pattern="x")`; "" where it is too long."""
    made = exchange.calls[0]
    given = ", ".join(
        f"{key}={json.dumps(value, ensure_ascii=False)}" for key, value in (made.arguments or {}).items()
    )
    shown = f"{made.name}({given})"
    return shown if made.arguments and len(shown) <= MOST_CALL and "`" not in shown else ""


def _plain(name: str) -> str:
    """A handler's name however its words are joined."""
    return re.sub(r"[\W_]", "", name).lower()


def _family(name: str) -> str:
    """The first word of a handler's name that has two, else the name."""
    return re.split(r"[-_ ]", name)[0].lower()


def shared_words(request: str, label: str, description: str, *, short: bool = False) -> list[str]:
    """The words of a request, as they stand there, that its handler's name or description has too; with
    `short` also those that begin a word there (`post`, of `posting`).
    """
    known = stems(f"{label} {description}") - _COMMON
    if short:
        known |= {stem[: STEM - 1] for stem in known}
    found = [word for word in re.findall(r"\w{4,}", request) if word[:STEM].lower() in known]
    return list(dict.fromkeys(found))[:MOST_WORDS]
