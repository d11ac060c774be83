"""Which exchanges of conversations are taught, and as what."""

import heapq
import re
from collections.abc import Iterator
from dataclasses import replace

from autodidact.generators.session_miner.answers_that_are_none import is_none, of_a_program, unfinished
from autodidact.generators.session_miner.asked_to_go_on import broke_off, only_the_rest
from autodidact.generators.session_miner.claims_of_deeds import claims_a_deed
from autodidact.generators.session_miner.empty_results import borne_out
from autodidact.generators.session_miner.is_answer_corrected import corrects, plainly_corrects
from autodidact.records import canonical, sha256
from autodidact.sources.placeholders import is_only_open_places
from autodidact.sources.transcripts import Exchange, Outcome, Who, handler, hands_over, has_markers, size

# Characters of a request.
LONGEST = 600
# Characters of a turn that says no more than that something is wrong. The requests of the samples that only
# sound like that ("I was billed for a bicycle that I do not own.") have 45 and more.
MOST_OBJECTION = 40
# Characters of a call's arguments as JSON.
MOST_ARGUMENTS = 500
# Characters of an answer.
MOST_ANSWER = 1_200
# Characters of a call's result.
MOST_RESULT = 1_500

_CONTINUES = re.compile(
    r"\s*(and|then|also|but|so|now|again|the same|same|it|that|those|these|this one|yes|ok|okay|sure|please"
    r" do|go on|continue|do it|try again)\b",
    re.IGNORECASE,
)


_WHY = {
    Outcome.UNKNOWN: "whose outcome is not known",
    Outcome.RUNNING: "whose call still ran",
    Outcome.REFUSED: "that was refused",
    Outcome.CUT: "that was interrupted or cut off",
    Outcome.FAILED: "that failed",
}


def spoiled(exchange: Exchange) -> str | None:
    """Why an exchange is not taught; None of what a person asked and what went well."""
    if exchange.who is not Who.PERSON or is_only_open_places(exchange.text):
        return "that nobody typed"
    if exchange.lost:
        return exchange.lost
    if exchange.outcome is not Outcome.SUCCEEDED:
        return _WHY[exchange.outcome]
    if exchange.followed and corrects(exchange.followed, exchange):
        return "that was corrected"
    if exchange.heard and corrects(exchange.heard, _asking(exchange)):
        return "that was corrected"
    if not exchange.calls and (not exchange.reply or of_a_program(exchange.reply)):
        return "without an answer"
    if broke_off(exchange) or (not exchange.calls and unfinished(exchange.reply)):
        return _WHY[Outcome.CUT]
    if _marked(exchange):
        return "with a chat template's markers as text"
    return None


def _asking(exchange: Exchange) -> Exchange:
    """The exchange as it was when a call asked the person: their words answer that question."""
    return replace(exchange, reply=exchange.asked, reaction="")


def _marked(exchange: Exchange) -> bool:
    """Whether its words, calls or results hold markers that a tokenizer would take for its own."""
    given = [call.result for call in exchange.calls] + [str(call.arguments) for call in exchange.calls]
    return any(map(has_markers, [exchange.text, *given])) or has_markers(exchange.reply, of_model=True)


def telling(exchange: Exchange) -> tuple[str, str]:
    """What equal exchanges of several files share: (with the answer, up to the calls of the first step).

    A session that is continued in another file stands there twice, and only the longer text knows how it went
    on.
    """
    calls = canonical([[call.name, call.arguments] for call in exchange.calls])
    return sha256(canonical([exchange.text, exchange.reply]))[:16], sha256(f"{exchange.text}/{calls}")[:16]


class Sample:
    """The exchanges with the smallest hashes, one a request, the newest of equal ones: a fair choice in
    bounded memory.
    """

    def __init__(self, salt: str, most: int):
        self._salt, self._most = salt, most
        self._kept: dict[int, Exchange] = {}
        self._largest: list[int] = []

    def add(self, exchange: Exchange) -> None:
        number = int(sha256(f"{self._salt}/{exchange.text}")[:15], 16)
        if number in self._kept:
            self._kept[number] = exchange
        elif len(self._kept) < self._most or number < -self._largest[0]:
            self._kept[number] = exchange
            heapq.heappush(self._largest, -number)
            if len(self._kept) > self._most:
                del self._kept[-heapq.heappop(self._largest)]

    def chosen(self, disproved: set[str]) -> Iterator[Exchange]:
        """Without those of which another file tells that they went wrong."""
        for number in sorted(self._kept):
            exchange = self._kept[number]
            whole, begun = telling(exchange)
            if whole not in disproved and (exchange.final or begun not in disproved):
                yield exchange


def alone(exchange: Exchange) -> bool:
    """Whether the request is understood without what was written before: not where the answer before it is
    dropped as corrected by it.
    """
    text = exchange.text
    return (
        not plainly_corrects(text)
        and not exchange.steers
        and 2 < len(text) <= LONGEST
        and not (exchange.before and (_goes_on(text) or _objects(exchange)))
    )


def _goes_on(text: str) -> bool:
    """Whether a turn goes on from what was said before it."""
    return _CONTINUES.match(text) is not None or only_the_rest(text)


def _objects(exchange: Exchange) -> bool:
    """Whether a turn may object to the answer before it, which is dropped then: of whatever length, but where
    it was handed over as a request, only where it says too little to be one.
    """
    may = len(exchange.text) <= MOST_OBJECTION or handed_to(exchange) is None
    return may and corrects(exchange.text, exchange.before)


def _corrects(exchange: Exchange) -> bool:
    before = exchange.before
    return (
        before is not None
        and 2 < len(exchange.text) <= LONGEST
        and len(before.text) <= LONGEST
        and plainly_corrects(exchange.text)
        and before.who is Who.PERSON
        and before.outcome is Outcome.SUCCEEDED
        and not before.lost
        and not _marked(before)
        and bool(before.reply or before.calls)
    )


def in_context(exchange: Exchange) -> bool:
    """Whether the request makes an example, with the exchange before it where it needs that."""
    if len(exchange.text) > LONGEST or plainly_corrects(exchange.text):
        return False
    before = exchange.before
    return alone(exchange) or (
        before is not None
        and spoiled(before) is None
        and 2 < len(before.text) <= LONGEST
        and bool(before.reply)
        and not _goes_on(before.text)
        and not plainly_corrects(before.text)
        and not before.steers
    )


def calls_well(exchange: Exchange) -> bool:
    """Whether its first step is a lesson in calling tools: all succeeded, none hands over, none too long."""
    return bool(exchange.calls) and all(
        c.ok is True
        and not hands_over(c.name)
        and c.arguments is not None
        and size(c.arguments, MOST_ARGUMENTS) <= MOST_ARGUMENTS
        for c in exchange.calls
    )


def called_in_context(exchange: Exchange) -> bool:
    return calls_well(exchange) and in_context(exchange)


def _has_answer(exchange: Exchange) -> bool:
    reply = exchange.reply
    fits = exchange.final and 1 < len(reply) <= MOST_ANSWER and not is_none(reply)
    return fits and not claims_a_deed(exchange)


def labelled(exchange: Exchange) -> bool:
    return alone(exchange) and len({handler(c.name, c.arguments) or c.name for c in exchange.calls}) == 1


def uses_result(exchange: Exchange) -> bool:
    results_fit = all(0 < len(c.result) <= MOST_RESULT for c in exchange.calls)
    return (
        exchange.later == 0
        and calls_well(exchange)
        and results_fit
        and _has_answer(exchange)
        and borne_out(exchange.calls, exchange.reply)
        and alone(exchange)
    )


def replies(exchange: Exchange) -> bool:
    return not exchange.calls and _has_answer(exchange) and in_context(exchange)


def corrects_usefully(exchange: Exchange) -> bool:
    return _corrects(exchange) and (
        calls_well(exchange)
        or (not exchange.calls and _has_answer(exchange))
        or handed_to(exchange) is not None
    )


def handed_to(exchange: Exchange) -> str | None:
    """The one handler that took it."""
    names = {handler(c.name, c.arguments) for c in exchange.calls}
    return names.pop() if len(names) == 1 else None
