"""Which exchanges of conversations are taught, and as what."""

import heapq
import re
from collections.abc import Iterator

from autodidact.records import sha256
from autodidact.sources.transcripts import Exchange, handler, hands_over, size

# Characters of a request.
LONGEST = 600
# Characters of a call's arguments as JSON.
MOST_ARGUMENTS = 500
# Characters of an answer.
MOST_ANSWER = 1_200
# Characters of a call's result.
MOST_RESULT = 1_500

_CORRECTION = re.compile(
    r"\s*(no[,.!]|no (that|this|not|i|you|they|it)\b|nope\b|not (that|what|like)\b|wrong\b|that(['’]s| is)"
    r" (not|wrong)\b"
    r"|(stop|undo|revert)( that| it)?([,.!]|$)|i (meant|said|asked)\b|you (should"
    r" not|shouldn['’]t)\b|actually,|why did you\b)",
    re.IGNORECASE,
)
_UNSOLVED = re.compile(
    r"(it|that|this) (still )?(does|did)(n['’]t| not) (work|help|compile|fix)|\bstill"
    r" (fails|failing|broken|wrong|the same|not|getting)\b"
    r"|\bsame (error|problem)\b|\bnot (fixed|solved)\b|^\s*(try|do it|do that) again\b",
    re.IGNORECASE,
)
_CONTINUES = re.compile(
    r"\s*(and|then|also|but|so|now|again|the same|same|it|that|those|these|this one|yes|ok|okay|sure|please"
    r" do|go on|continue|do it|try again)\b",
    re.IGNORECASE,
)
_GAVE_UP = re.compile(
    r"\s*(i['’]?m sorry|sorry|unfortunately|i (can(no|['’])t|could(n['’]t| not)|was(n['’]t| not) able|am"
    r" unable)|(api )?error\b)",
    re.IGNORECASE,
)


def spoiled(exchange: Exchange) -> str | None:
    """Why an exchange is not taught; None when it went well."""
    if exchange.interrupted:
        return "that was interrupted"
    if exchange.failed:
        return "that failed"
    if exchange.followed and _CORRECTION.match(exchange.followed):
        return "that was corrected"
    if exchange.followed and _UNSOLVED.search(exchange.followed[:200]):
        return "that solved nothing"
    if not exchange.reply and not exchange.calls:
        return "without an answer"
    return None


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

    def chosen(self) -> Iterator[Exchange]:
        for number in sorted(self._kept):
            yield self._kept[number]


def alone(exchange: Exchange) -> bool:
    """Whether the request is understood without what was written before."""
    text = exchange.text
    return (
        not _CORRECTION.match(text)
        and not (exchange.before and _CONTINUES.match(text))
        and 2 < len(text) <= LONGEST
    )


def _corrects(exchange: Exchange) -> bool:
    before = exchange.before
    return (
        before is not None
        and 2 < len(exchange.text) <= LONGEST
        and len(before.text) <= LONGEST
        and _CORRECTION.match(exchange.text) is not None
        and bool(before.reply or before.calls)
    )


def in_context(exchange: Exchange) -> bool:
    """Whether the request makes an example, with the exchange before it where it needs that."""
    if len(exchange.text) > LONGEST or _CORRECTION.match(exchange.text):
        return False
    before = exchange.before
    return alone(exchange) or (
        before is not None
        and spoiled(before) is None
        and 2 < len(before.text) <= LONGEST
        and bool(before.reply)
        and not _CONTINUES.match(before.text)
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
    return exchange.final and 1 < len(exchange.reply) <= MOST_ANSWER and not _GAVE_UP.match(exchange.reply)


def labelled(exchange: Exchange) -> bool:
    return alone(exchange) and len({handler(c.name, c.arguments) or c.name for c in exchange.calls}) == 1


def uses_result(exchange: Exchange) -> bool:
    results_fit = all(0 < len(c.result) <= MOST_RESULT for c in exchange.calls)
    return (
        exchange.later == 0
        and calls_well(exchange)
        and results_fit
        and _has_answer(exchange)
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
