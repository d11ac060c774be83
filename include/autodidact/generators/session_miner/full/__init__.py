"""session_miner in the register `full`: whole conversations up to their accepted answer, and who takes a
request with the reason.
"""

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from autodidact.generators.session_miner.exchange_examples import MOST_TOOLS, NAME, ExamplesOf, source_of
from autodidact.generators.session_miner.exchange_selection import called_in_context, corrects_usefully
from autodidact.generators.session_miner.full.conversation_keeps_its_word import (
    counts_tools,
    in_one_language,
    named_in,
)
from autodidact.generators.session_miner.full.earlier_turns import (
    answers,
    grounded,
    handed,
    history,
    message,
    names_shown,
    points_back,
    replied,
    rests_on_before,
    result,
    routed,
    shown_by_tools,
    turns,
    worked,
)
from autodidact.generators.session_miner.full.known_tools import is_stub, told_apart
from autodidact.generators.session_miner.full.results_that_sound_refused import sent_elsewhere, sounds_refused
from autodidact.generators.session_miner.full.routing_reasons import (
    MOST_HANDLERS,
    ORCHESTRATORS,
    WITHOUT_TOOLS,
    Routes,
)
from autodidact.generators.session_miner.full.several_things import asks_for_several
from autodidact.generators.session_miner.full.unshown_arguments import arguments_shown
from autodidact.generators.session_miner.full.unshown_days import day_line
from autodidact.generators.session_miner.full.untaught import Untaught
from autodidact.generators.session_miner.full.words_backed_by_conversation import (
    says_no_more,
    told_in_shown_words,
)
from autodidact.generators.session_miner.full.words_passed_on import POINTS_AT, gives_on, handed_on, passes_on
from autodidact.records import Example, canonical, example, sha256
from autodidact.sources.documents.sentences import sentences
from autodidact.sources.snapshot import Snapshot
from autodidact.sources.transcripts import Call, Exchange, Toolbox, hands_over

if TYPE_CHECKING:
    from autodidact.generators.session_miner import Conversations

# Share of conversations without a system prompt of their own that are given one.
WITH_SYSTEM = 0.6

# What a system prompt says that asks for short answers, and the sentences that one has then at most.
_SHORT, MOST_SENTENCES = re.compile(r"sentence or two|\bshort\b|no more"), 2

# Kinds of examples: which exchanges fit.
FULL_KINDS: dict[str, Callable[[Exchange], bool]] = {
    "call": called_in_context,
    "worked": worked,
    "reply": replied,
    "handed": handed,
    "lesson": corrects_usefully,
    "routed": routed,
}


def full_examples(facts: "Conversations", snapshot: Snapshot) -> Iterator[Example]:
    """Examples of all kinds in turn; of who takes a request as many as of all others. Of rows of which one is
    the beginning of the other, one: in every second conversation the shortest that ends in a call, else the
    longest, as of each the end alone is trained.
    """
    rows = [(row, _beginnings(row)) for row in _in_turn(facts, snapshot)]
    calls = {keys[-1] for row, keys in rows if row.messages[-1].get("tool_calls") and _by_its_call(keys)}
    left = [(row, keys) for row, keys in rows if not calls & {*keys[:-1]}]
    begun = {key for _, keys in left for key in keys[:-1]}
    yield from (row for row, keys in left if keys[-1] not in begun)


def _beginnings(row: Example) -> list[str]:
    """What stands for each beginning of a conversation, all of it last; a system prompt does not count."""
    said = [one for one in row.messages if one["role"] != "system"]
    return [sha256(canonical(said[:end])) for end in range(1, len(said) + 1)]


def _by_its_call(keys: list[str]) -> bool:
    """Whether of this conversation the call is taught, and not the answer; by its first message."""
    return int(keys[0][-1], 16) % 2 == 1


def _in_turn(facts: "Conversations", snapshot: Snapshot) -> Iterator[Example]:
    teller = _Teller(snapshot, facts.toolbox, facts.of_file)
    chosen = {kind: list(facts.samples[kind].chosen(facts.disproved)) for kind in FULL_KINDS}
    untaught = Untaught(one for found in chosen.values() for one in found)
    routes = Routes(teller, chosen["routed"])
    for kind in ("handed", "call"):
        chosen[kind] = [one for one in chosen[kind] if not routes.doubtful(one)]
    made = {
        "call": teller.call,
        "worked": teller.result,
        "reply": teller.reply,
        "handed": teller.handed,
        "lesson": teller.lesson,
    }
    queues = [_made(chosen[kind], make) for kind, make in made.items()]
    queues += [routes.rows(), routes.calls(), routes.inboxes(), routes.corrections(chosen["lesson"])]
    prompts: set[str] = set()
    while queues:
        for queue in list(queues):
            row = next((r for r in queue if untaught.of(r, _told(r)) and r.prompt() not in prompts), None)
            if row is None:
                queues = [other for other in queues if other is not queue]
            else:
                prompts.add(row.prompt())
                yield row
    untaught.count(snapshot.troubles, teller.undescribed)


def keeps_to(prompt: str, answer: str) -> bool:
    """Whether an answer is as short as a system prompt asks for."""
    return not _SHORT.search(prompt) or len(sentences(answer)) <= MOST_SENTENCES


def _told(row: Example) -> bool:
    """Whether an answer speaks of nothing that the conversation does not name."""
    before, answer = row.messages[:-1], row.messages[-1]
    said = answer["content"] if not answer.get("tool_calls") else answer
    earlier = [(row.messages[:at], one) for at, one in enumerate(before) if one.get("tool_calls")]
    spoken = [(row.messages[:at], one["content"]) for at, one in enumerate(before) if _is_answer(one)]
    tools = row.tools or []
    return (
        in_one_language(row.messages)
        and all(names_shown(shown, made) for shown, made in earlier)
        and arguments_shown(row.messages, tools)
        and all(_borne_out(shown, text, tools) for shown, text in [*spoken, (before, said)])
        and grounded(before, said)
    )


def _borne_out(
    before: list[dict[str, Any]], answer: str | dict[str, Any], tools: list[dict[str, Any]]
) -> bool:
    """Whether the words and numbers of an answer are those of what stands before it, where tools are."""
    return told_in_shown_words(before, answer, tools) and shown_by_tools(before, answer)


def _is_answer(one: dict[str, Any]) -> bool:
    return one["role"] == "assistant" and not one.get("tool_calls")


def _made(exchanges: list[Exchange], make: Callable[[Exchange], Iterator[Example]]) -> Iterator[Example]:
    for exchange in exchanges:
        yield from make(exchange)


class _Teller(ExamplesOf):
    """Makes examples of whole conversations. `undescribed`: where those stand that call a tool of which only
    the calls are known.
    """

    def __init__(self, snapshot: Snapshot, toolbox: Toolbox, of_file: dict[str, set[str]] | None = None):
        super().__init__(snapshot, toolbox, of_file)
        self.undescribed: set[str] = set()

    def call(self, exchange: Exchange) -> Iterator[Example]:
        """The conversation so far, the request, and the calls that answered it."""
        made = exchange.calls[0]
        if any(map(sounds_refused, exchange.calls)) or any(map(sent_elsewhere, exchange.calls)):
            return
        if exchange.reply.rstrip().endswith("?"):
            return  # what was asked back is not known from the call: "84 must be Oechsle. What is it in KMW?"
        # "temps in both houses" and a call for one of them: the others follow, and are not shown.
        if asks_for_several(exchange):
            return
        if gives_on(made) and not passes_on(exchange.text, made.arguments or {}):
            return
        if any(map(gives_on, exchange.then)):
            return  # the first one was not the right one, or not the only one
        if before := self._before(exchange):
            yield from self._row(exchange, *before, [], message(exchange.calls), exchange.calls)

    def result(self, exchange: Exchange) -> Iterator[Example]:
        """The conversation so far, all calls and what they gave, and the answer that was made of it."""
        if any(map(sent_elsewhere, [*exchange.calls, *exchange.then])) or not handed_on(exchange):
            return
        if before := self._before(exchange):
            calls = [*exchange.calls, *exchange.then]
            rest = turns(exchange, answer=False)[1:]
            yield from self._row(exchange, *before, rest, exchange.reply, calls)

    def handed(self, exchange: Exchange) -> Iterator[Example]:
        """As `result`, of a request that was handed over; of answers that are what came back, word for word,
        every second one.
        """
        if POINTS_AT.search(exchange.text) and not history(exchange):
            return
        copied = exchange.reply.strip() == exchange.calls[0].result.strip()
        if not copied or self.rng("handed", exchange).random() < 0.5:
            yield from self.result(exchange)

    def reply(self, exchange: Exchange) -> Iterator[Example]:
        """The answer that needed no tool."""
        if before := self._before(exchange):
            yield from self._row(exchange, *before, [], exchange.reply, [])

    def lesson(self, exchange: Exchange) -> Iterator[Example]:
        """An answer, the person's correction, and what was right."""
        before = exchange.before
        over = any(hands_over(made.name) for made in [*exchange.calls, *(before.calls if before else ())])
        if before is None or over or not (exchange.calls or answers(exchange)):
            return  # who should have taken it is asked by Routes
        shown: list[dict[str, Any]] = [{"role": "user", "content": before.text}]
        given = [made for made in before.calls if made.arguments is not None and made.result]
        if before.before or before.later or len(given) < len(before.calls):
            return  # the answer may rest on what is not shown
        if given:
            shown += [message(given), *map(result, given)]
        if before.reply:
            shown.append({"role": "assistant", "content": before.reply})
        if len(shown) > 1:
            answer = message(exchange.calls) if exchange.calls else exchange.reply
            known = f"{before.text} {before.reply} {exchange.text} {exchange.system}"
            if isinstance(answer, str) and not says_no_more(answer, known):
                return  # all that is sure is what the person said
            calls = [*given, *exchange.calls]
            if any(map(sounds_refused, exchange.calls)) or points_back(before):
                return
            yield from self._row(exchange, shown, calls, [], answer, [])

    def source(self, exchange: Exchange, first: Exchange | None = None) -> dict[str, Any]:
        """Where an exchange stands; from `first` on, if given."""
        return source_of(exchange, first)

    def system(self, exchange: Exchange) -> str | None:
        """The system prompt of the conversation; where the record has none, in some cases one of a system's
        orchestrator.
        """
        if exchange.system:
            return exchange.system
        rng = self.rng("system", exchange)
        wordings = ORCHESTRATORS if exchange.calls else WITHOUT_TOOLS
        fit = [one for one in wordings if keeps_to(one, exchange.reply)]
        if not fit:
            return None  # all of them ask for an answer shorter than this one
        wording = rng.choice(fit)
        return wording if rng.random() < WITH_SYSTEM else None

    def offered(self, exchange: Exchange, calls: list[Call]) -> list[dict]:
        """As for any register, without tools of which nothing but the name is known."""
        return [known for tool in super().offered(exchange, calls) if (known := told_apart(tool))]

    def hand_overs(self, exchange: Exchange) -> list[dict[str, Any]]:
        """The tools that hand requests over, as far as the conversation knows them."""
        declared = [self.toolbox.declared[d] for d in exchange.tools if d in self.toolbox.declared]
        over = [tool for tool in declared if hands_over(tool["function"]["name"]) and not is_stub(tool)]
        over = over[:MOST_HANDLERS]
        name = exchange.calls[0].name
        own = self.toolbox.schema(name)
        known = own is None or any(tool["function"]["name"] == name for tool in over)
        return over if known or own is None or is_stub(own) else [*over, own]

    def lacks_tools(self, exchange: Exchange, tools: list[dict[str, Any]]) -> bool:
        """Whether the recorded prompt counts or names tools that are not among those shown with a request."""
        shown = {tool["function"]["name"] for tool in tools}
        declared = {
            self.toolbox.declared[d]["function"]["name"] for d in exchange.tools if d in self.toolbox.declared
        }
        left = sorted(declared - shown)
        if not exchange.system or not tools:
            return False
        return bool(named_in(exchange.system, left)) or (
            counts_tools(exchange.system) and bool(left or not declared)
        )

    def _before(self, exchange: Exchange) -> tuple[list[dict[str, Any]], list[Call]] | None:
        """(messages, calls) of the conversation before a request, from its beginning: what a call or an
        answer rests on may stand in any turn before it. None where not all of it can be shown.
        """
        earlier = history(exchange)
        if not earlier and (exchange.before or rests_on_before(exchange)):
            return None
        if not self._explained(exchange, earlier):
            return None
        calls = [made for one in earlier for made in (*one.calls, *one.then)]
        return [turn for one in earlier for turn in turns(one)], calls

    def _explained(self, exchange: Exchange, earlier: list[Exchange]) -> bool:
        """Whether what is shown of the exchanges before a request explains all of their calls and answers."""
        tools = self.offered(exchange, [made for one in earlier for made in (*one.calls, *one.then)])
        shown = [turn for one in earlier for turn in turns(one)]
        return arguments_shown(shown, tools) and all(
            _borne_out(shown[:at], one["content"], tools) for at, one in enumerate(shown) if _is_answer(one)
        )

    def _row(
        self,
        exchange: Exchange,
        before: list[dict[str, Any]],
        called: list[Call],
        rest: list[dict[str, Any]],
        answer: str | dict[str, Any],
        calls: list[Call],
    ) -> Iterator[Example]:
        """The example; none where a day is named that nothing shows and the time of the request does not
        explain. `called` and `calls`: those before the request and those after it; `rest`: what stands
        between the request and the answer.
        """
        tools = self.offered(exchange, [*called, *calls])
        if {made.name for made in (*called, *calls)} - {tool["function"]["name"] for tool in tools}:
            self.undescribed.add(f"{exchange.file}:{exchange.line}")
            return  # nothing but its calls says what a tool is for
        if calls and hands_over(calls[0].name):
            own = {tool["function"]["name"] for tool in tools}
            tools += [tool for tool in self.hand_overs(exchange) if tool["function"]["name"] not in own]
        if not called and not calls:
            declared = self.toolbox.declared
            tools = [declared[digest] for digest in exchange.tools if digest in declared][:MOST_TOOLS]
        if self.lacks_tools(exchange, tools):
            return
        shown = [*before, {"role": "user", "content": exchange.text}, *rest]
        said = answer if isinstance(answer, dict) else {"role": "assistant", "content": answer}
        day = day_line([*shown, said], exchange.time)
        if day is None:
            return
        system = "\n".join(filter(None, (self.system(exchange), day))) or None
        yield example(
            NAME,
            "tool_use",
            "",
            answer,
            source_of(exchange),
            system=system,
            history=shown,
            tools=tools,
            time=exchange.time,
        )
